/** @file `sonomark data groups`: which images belong together, how sure that is, and the table that a person can correct. */
import { Command } from "@commander-js/extra-typings";
import { groupsCsv } from "../../data/groups-file.ts";
import { refuseErrors } from "../../data/load.ts";
import { doubtful } from "../../data/near-duplicates.ts";
import { writeAtomic } from "../../util/files.ts";
import { groupBy } from "../../util/group-by.ts";
import { jsonOption, print } from "../options.ts";
import { pairsText } from "./pairs-text.ts";
import { classesOption, openData, SAMPLE, sourceText } from "./source-options.ts";

export const groupsCommand = () =>
  new Command("groups")
    .description(
      "Find near-duplicates (re-cropped, re-scaled, re-annotated copies), join them and patients to groups, and write the table that studies take as data.groups.",
    )
    .argument("[source]", sourceText, SAMPLE)
    .option("--data <source>", "the same as the argument")
    .option("--out <file>", "write image,group (image = path from the data root)")
    .addOption(classesOption())
    .addOption(jsonOption())
    .action(async (source, { data = source, out, classes, json }) => {
      const { manifest, problems, pairs } = await openData(data, { duplicates: "near", classes });
      refuseErrors(problems);
      const { images } = manifest;
      const groups = groupBy(images, (image) => image.group);
      const largest = [...groups.values()].reduce((most, members) => Math.max(most, members.length), 0);
      if (out !== undefined) await writeAtomic(out, groupsCsv(images));
      const byDoubt = [...pairs].sort((a, b) => a.confidence - b.confidence);
      const summary = { images: images.length, groups: groups.size, largestGroup: largest, out: out ?? null, pairs: byDoubt };
      print(json, summary, () =>
        [
          `${images.length} images of ${groups.size} groups (at most ${largest} images a group)`,
          `${pairs.length} pairs show one picture, ${byDoubt.filter(doubtful).length} of them doubtful`,
          ...pairsText("the least certain first:", byDoubt),
          "",
          ...problems.map(({ level, message }) => `${level}: ${message}`),
          out === undefined
            ? "nothing was written; give --out groups.csv to keep the groups, correct them, and use them with --set data.groups=groups.csv"
            : `wrote ${out}`,
        ].join("\n"),
      );
    });
