/** @file `sonomark data leakage`: images that two data sets share, so that one is no external test of the other. */
import { Command } from "@commander-js/extra-typings";
import { findShared } from "../../data/duplicates/leakage.ts";
import { percent } from "../../util/format-number.ts";
import { jsonOption, print } from "../options.ts";
import { progressBar } from "../progress-bar.ts";
import { pairsText } from "./pairs-text.ts";
import { openData, sourceText } from "./source-options.ts";

export const leakageCommand = () =>
  new Command("leakage")
    .description("Find images that two data sets share, cropped, scaled, rotated or annotated anew. Exits with 1 where there are some.")
    .requiredOption("--data <source>", `the one data set: ${sourceText}`)
    .requiredOption("--against <source>", "the other")
    .addOption(jsonOption())
    .action(async ({ data, against, json }) => {
      const one = await openData(data, {});
      const other = await openData(against, {});
      const bar = progressBar(Date.now);
      const found = findShared(one.signatures, other.signatures, {
        progress: (done, total) => bar.update(done, total, "comparing images"),
      });
      bar.close();
      const pairs = found
        .map(({ a, b, confidence }) => ({ image: one.manifest.images[a].path, against: other.manifest.images[b].path, confidence }))
        .sort((a, b) => b.confidence - a.confidence);
      const shared = new Set(pairs.map((pair) => pair.image)).size;
      const sharedThere = new Set(pairs.map((pair) => pair.against)).size;
      const [total, totalThere] = [one.manifest.images.length, other.manifest.images.length];
      print(json, { images: total, against: totalThere, shared, sharedThere, pairs }, () =>
        [
          `${shared} of ${total} images (${percent(shared / total)}) of ${one.manifest.root}`,
          `show the same picture as ${sharedThere} of ${totalThere} images (${percent(sharedThere / totalThere)}) of ${other.manifest.root}`,
          ...pairsText(
            "the most certain first:",
            pairs.map(({ image, against: there, confidence }) => ({ a: image, b: there, confidence })),
          ),
        ].join("\n"),
      );
      if (pairs.length > 0) process.exitCode = 1;
    });
