/** @file `sonomark data folds`: grouped and stratified folds, published ones, or one a site, as a table; never with a group in two. */
import { Command, Option } from "@commander-js/extra-typings";
import { toCsv } from "../../util/csv.ts";
import { writeAtomic } from "../../util/files.ts";
import { range } from "../../util/rng.ts";
import { formatTable } from "../../util/text-table.ts";
import { UserError } from "../../util/user-error.ts";
import type { SplitConfig } from "../../config/split.ts";
import { foldsCsv } from "../../data/folds/folds.ts";
import { splitOf } from "../../data/folds/split.ts";
import type { NamedFolds } from "../../data/folds/named.ts";
import { refuseErrors } from "../../data/load.ts";
import type { ImageRecord } from "../../data/manifest.ts";
import { count, integer, jsonOption, print } from "../options.ts";
import { classesOption, duplicatesOption, openData, SAMPLE, sourceText } from "./source-options.ts";

export const foldsCommand = () =>
  new Command("folds")
    .description("Split a data set into folds. Groups (patients joined with near-duplicates) are never split, whatever was asked for.")
    .argument("[source]", sourceText, SAMPLE)
    .option("--data <source>", "the same as the argument")
    .option("--k <n>", "number of folds", count, 5)
    .option("--seed <n>", "seed of the deal", integer, 0)
    .option("--repeats <n>", "deals of repeated cross-validation; the table then has a column repeat", count, 1)
    .addOption(new Option("--official <name>", "the split of that name that the data set ships with").conflicts(["bySite", "repeats", "k"]))
    .addOption(new Option("--by-site", "hold out one site (hospital or scanner) at a time").conflicts(["official", "repeats", "k"]))
    .option("--groups <file>", "table image,group that decides groups, as `sonomark data groups --out` writes it")
    .option("--out <file>", "write image,group,fold (image = path from the data root)")
    .addOption(classesOption())
    .addOption(duplicatesOption())
    .addOption(jsonOption())
    .action(async (source, options) => {
      const { data = source, k, seed, repeats, official, bySite, groups, out, classes, duplicates, json } = options;
      const { manifest, problems } = await openData(data, { duplicates, classes, groups });
      refuseErrors(problems);
      const { images } = manifest;
      const splits: SplitConfig[] =
        official !== undefined
          ? [{ name: "official", of: official }]
          : bySite
            ? [{ name: "site" }]
            : range(repeats).map((repeat) => ({ name: "grouped", repeat }));
      const deals = await Promise.all(splits.map((split) => splitOf(images, split, { folds: k, seed })));
      if (out !== undefined) await writeAtomic(out, tableOf(images, deals));
      print(json, { images: images.length, out: out ?? null, folds: deals.map((deal) => countsOf(images, deal)) }, () =>
        [
          ...deals.flatMap((deal, repeat) => [...(deals.length > 1 ? [`repeat ${repeat}`] : []), describe(images, deal), ""]),
          out === undefined ? "nothing was written; give --out folds.csv to keep the folds" : `wrote ${out}`,
        ].join("\n"),
      );
    });

function tableOf(images: readonly ImageRecord[], deals: readonly NamedFolds[]): string {
  if (deals.length === 1) return foldsCsv(images, deals[0].folds);
  return toCsv(
    deals.flatMap(({ folds }, repeat) => images.map(({ path, group }, i) => ({ image: path, group, fold: folds[i], repeat }))),
    ["image", "group", "fold", "repeat"],
  );
}

interface FoldCounts {
  fold: number;
  name: string;
  images: number;
  groups: number;
  /** images of each class */
  classes: Record<string, number>;
}

function countsOf(images: readonly ImageRecord[], { folds, names }: NamedFolds): FoldCounts[] {
  const labels = [...new Set(images.map((image) => image.label))].sort();
  return names.map((name, fold) => {
    const own = images.filter((_, i) => folds[i] === fold);
    if (own.length === 0) throw new UserError(`fold ${name} holds no image; ask for fewer folds`, { status: 422 });
    return {
      fold,
      name,
      images: own.length,
      groups: new Set(own.map((image) => image.group)).size,
      classes: Object.fromEntries(labels.map((label) => [label, own.filter((image) => image.label === label).length])),
    };
  });
}

function describe(images: readonly ImageRecord[], deal: NamedFolds): string {
  const counts = countsOf(images, deal);
  const labels = Object.keys(counts[0].classes);
  return formatTable(
    ["fold", "images", "groups", ...labels],
    counts.map((fold) => [fold.name, String(fold.images), String(fold.groups), ...labels.map((label) => String(fold.classes[label]))]),
  );
}
