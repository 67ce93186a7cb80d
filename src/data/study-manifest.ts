/** @file The images of a study and its folds, as its settings ask for them: the same in every process. */
import type { DataConfig } from "../config/data.ts";
import { hashOf } from "../util/hash.ts";
import { checkFolds, checkForStudy } from "./check-study.ts";
import type { ImageFacts } from "./facts.ts";
import type { NamedFolds } from "./folds/named.ts";
import { splitOf } from "./folds/split.ts";
import { loadData, type LoadOptions } from "./load.ts";
import { resolvePath } from "./locate.ts";
import type { Manifest } from "./manifest.ts";

export interface StudyManifest {
  manifest: Manifest;
  /** parallel to the manifest's images */
  facts: ImageFacts[];
  split: NamedFolds;
}

/** @throws UserError where the data have errors, or cannot carry the study */
export async function openStudyManifest(
  { source, classes, duplicates, groups, folds, split }: DataConfig,
  seed: number,
  { note, progress }: Pick<LoadOptions, "note" | "progress"> = {},
): Promise<StudyManifest> {
  const { manifest, facts } = await loadData(source, { classes, duplicates, groups, note, progress });
  if (split.name === "grouped") checkForStudy(manifest, { classes, folds });
  const found = split.name === "file" ? { ...split, path: await resolvePath(split.path) } : split;
  const named = await splitOf(manifest.images, found, { folds, seed });
  checkFolds(manifest.images, named, classes);
  // settings and data decide every other split; a table may change under its name
  const digest = split.name === "file" ? hashOf([manifest.digest, [...named.folds]]) : manifest.digest;
  return { manifest: { ...manifest, digest }, facts, split: named };
}
