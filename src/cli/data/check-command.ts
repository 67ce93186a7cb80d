/** @file `sonomark data check`: what a data set holds, and everything that is wrong with it. */
import { Command } from "@commander-js/extra-typings";
import { refuseErrors } from "../../data/load.ts";
import { formatSummary, summarise } from "../../data/summary.ts";
import { jsonOption, print } from "../options.ts";
import { duplicatesOption, openData, SAMPLE, sourceText } from "./source-options.ts";

export const checkCommand = () =>
  new Command("check")
    .description("Tell what a data set holds: images, classes, groups, sizes, licence, problems. Exits with 1 where the data have errors.")
    .argument("[source]", sourceText, SAMPLE)
    .option("--data <source>", "the same as the argument")
    .addOption(duplicatesOption())
    .addOption(jsonOption())
    .action(async (source, { data = source, duplicates, json }) => {
      const { manifest, problems } = await openData(data, { duplicates });
      const summary = summarise(manifest, problems);
      print(json, summary, () => formatSummary(summary));
      refuseErrors(problems);
    });
