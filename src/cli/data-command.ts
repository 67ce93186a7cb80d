/** @file `sonomark data`: what a data set holds, before anything is trained on it. */
import { Command } from "@commander-js/extra-typings";
import { inspectData, refuseErrors } from "../data/load.ts";
import { formatSummary, summarise } from "../data/summary.ts";
import { jsonOption, print } from "./options.ts";

export const dataCommand = () =>
  new Command("data")
    .description("Tell what a data set holds: images, classes, groups, sizes, licence, problems. Exits with 1 where the data have errors.")
    .argument("[source]", "reader:path, or a path alone: then the layout is recognised", "bus-bra:experiments/sample/BUSBRA")
    .option("--data <source>", "the same as the argument")
    .addOption(jsonOption())
    .action(async (source, { data = source, json }) => {
      const { manifest, problems } = await inspectData(data, { note: (text) => void process.stderr.write(`${text}\n`) });
      const summary = summarise(manifest, problems);
      print(json, summary, () => formatSummary(summary));
      refuseErrors(problems);
    });
