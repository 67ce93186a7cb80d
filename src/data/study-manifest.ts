/** @file The images of a study and its folds, as its settings ask for them: the same in every process. */
import type { DataConfig } from "../config/data.ts";
import type { PretrainConfig } from "../config/pretrain.ts";
import { hashOf } from "../util/hash.ts";
import { checkFolds, checkForStudy } from "./check-study.ts";
import type { Signature } from "./duplicates/signature.ts";
import type { ImageFacts } from "./facts.ts";
import type { NamedFolds } from "./folds/named.ts";
import { splitOf } from "./folds/split.ts";
import { loadData, type LoadOptions } from "./load.ts";
import { resolvePath } from "./locate.ts";
import type { Manifest } from "./manifest.ts";
import { loadUnlabelled } from "./unlabelled.ts";

export interface StudyManifest {
  manifest: Manifest;
  /** parallel to the manifest's images */
  facts: ImageFacts[];
  /** parallel to the manifest's images: what copies of them are found by */
  signatures: Signature[];
  split: NamedFolds;
  /** more images, that only pretraining sees */
  unlabelled: Manifest[];
  /** what tasks are planned for: the manifest's, followed by `+` and that of what pretraining alone sees, where it sees more */
  digest: string;
}

/** The part of a {@link StudyManifest.digest} that tells of the study's own images. */
export const ownDigest = (digest: string): string => digest.split("+")[0];

interface Options extends Pick<LoadOptions, "note" | "progress"> {
  /** what pretraining sees beside the images of the study, and which of them it takes for partners; default nothing */
  pretrain?: Pick<PretrainConfig, "unlabelled" | "positives">;
}

/** @throws UserError where the data have errors, or cannot carry the study */
export async function openStudyManifest(
  { source, target, classes, duplicates, groups, folds, split }: DataConfig,
  seed: number,
  { pretrain: { unlabelled: sources, positives } = { unlabelled: [], positives: "augment" }, ...telling }: Options = {},
): Promise<StudyManifest> {
  const { manifest, facts, signatures } = await loadData(source, { classes, target, duplicates, groups, ...telling });
  if (split.name === "grouped") checkForStudy(manifest, { classes, folds });
  const found = split.name === "file" ? { ...split, path: await resolvePath(split.path) } : split;
  const named = await splitOf(manifest.images, found, { folds, seed });
  checkFolds(manifest.images, named, classes);
  // settings and data decide every other split; a table may change under its name
  const own = split.name === "file" ? hashOf([manifest.digest, [...named.folds]]) : manifest.digest;
  const unlabelled: Manifest[] = [];
  for (const pool of sources) unlabelled.push(await loadUnlabelled(pool, { facts, signatures }, { duplicates, ...telling }));
  const pools = unlabelled.map((pool) => pool.digest);
  const kin =
    positives === "augment" ? [] : [manifest, ...unlabelled].map(({ images }) => images.map(({ patient, clip }) => ({ patient, clip })));
  const digest = pools.length + kin.length > 0 ? `${own}+${hashOf({ pools, kin })}` : own;
  return { manifest: { ...manifest, digest: own }, facts, signatures, split: named, unlabelled, digest };
}
