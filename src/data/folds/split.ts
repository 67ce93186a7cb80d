/** @file The folds of a data set, however they were asked for: one entry for studies and the command line. */
import { readFile } from "node:fs/promises";
import type { SplitConfig } from "../../config/split.ts";
import { range } from "../../util/rng.ts";
import { UserError } from "../../util/user-error.ts";
import { foldsFromCsv } from "./file.ts";
import { foldsBySite, officialFolds, type NamedFolds } from "./named.ts";
import { foldsOf } from "./folds.ts";
import type { ImageRecord } from "../manifest.ts";

/** What a split may look at. */
export type SplittableImage = Pick<ImageRecord, "path" | "group" | "label"> & {
  site?: string;
  official?: Readonly<Record<string, string>>;
};

/**
 * @param folds of a grouped split; the others bring their own number
 * @param seed of a grouped split; the others hold no chance
 * @throws UserError where the data cannot be split that way, above all where a group would lie in two folds
 */
export async function splitOf(
  images: readonly SplittableImage[],
  split: SplitConfig,
  { folds, seed }: { folds: number; seed: number },
): Promise<NamedFolds> {
  switch (split.name) {
    case "grouped": {
      const groups = new Set(images.map((image) => image.group)).size;
      if (groups < folds)
        throw new UserError(
          `the data have ${groups} groups, fewer than the ${folds} folds asked for; ask for fewer folds, or add patients`,
          { status: 422 },
        );
      return numbered(foldsOf(images, folds, seed, split.repeat));
    }
    case "official":
      return officialFolds(images, split.of);
    case "site":
      return foldsBySite(images);
    case "file": {
      const text = await readFile(split.path, "utf8").catch((cause: NodeJS.ErrnoException) => {
        throw new UserError(`${split.path}: the table of folds cannot be read (${cause.code ?? cause.message}); check the path`, { cause });
      });
      return numbered(foldsFromCsv(text, split.path, images));
    }
  }
}

const numbered = (folds: Int32Array): NamedFolds => ({ folds, names: range(new Set(folds).size).map(String) });
