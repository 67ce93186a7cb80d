/** @file More images for pretraining, of another data set. None may show what a fold holds out, so copies of any image of the study stay away. */
import { join } from "node:path";
import { z } from "zod";
import { cacheFolder } from "../util/files.ts";
import { hashOf } from "../util/hash.ts";
import { UserError } from "../util/user-error.ts";
import { findShared } from "./duplicates/leakage.ts";
import { digestOf, inspectData, refuseErrors, type Inspection, type LoadOptions } from "./load.ts";
import type { Manifest } from "./manifest.ts";
import { remembered } from "./remembered.ts";

/** Raise it when the search finds other copies. */
const version = 1;

/** What images are compared by. */
export type Looked = Pick<Inspection, "facts" | "signatures">;
type Options = Pick<LoadOptions, "duplicates" | "note" | "progress" | "cache">;

/** Indices of the images of `pool` that show the same picture as some image of `study`: equal, re-cropped, mirrored, rotated … */
export async function copiesIn(pool: Looked, study: Looked, { progress, cache = cacheFolder() }: Options): Promise<number[]> {
  const [contents, others] = [study, pool].map(({ facts }) => facts.map(({ content }) => content));
  const file = join(cache, "duplicates", `${hashOf([contents, others]).slice(0, 32)}-shared-v${version}.json`);
  const known = new Set(contents);
  const equal = [...others.keys()].filter((i) => known.has(others[i]));
  const left = [...others.keys()].filter((i) => !known.has(others[i]));
  const found = await remembered(file, z.array(z.int()), () => {
    const own = left.map((i) => pool.signatures[i]);
    const options = { progress: progress && ((done: number, total: number) => progress(done, total, "comparing with the study")) };
    // each image of the first set is looked at in many ways, which takes the time: so that is the smaller set
    const positions =
      own.length < study.signatures.length
        ? findShared(own, study.signatures, options).map(({ a }) => a)
        : findShared(study.signatures, own, options).map(({ b }) => b);
    return [...new Set(positions)].map((position) => left[position]);
  });
  return [...equal, ...found];
}

/**
 * The images of a data set, of whatever class, that pretraining may see in every fold of a study. Left out are copies of the study's images, and
 * whatever is in one group with a copy, for it shows a patient of the study.
 * @param source as `data.source`
 * @param study the images of the study
 * @throws UserError where nothing is left, or the data set has errors
 */
export async function loadUnlabelled(source: string, study: Looked, options: Options): Promise<Manifest> {
  const { manifest, problems, ...looked } = await inspectData(source, options);
  refuseErrors(problems); // warnings are of labels and masks, which nobody reads here
  const { images } = manifest;
  const groups = new Set((await copiesIn(looked, study, options)).map((i) => images[i].group));
  const kept = images.filter(({ group }) => !groups.has(group));
  if (kept.length === 0)
    throw new UserError(
      `${source}: every image there copies one of the study's or is in a group with such a copy, so none is left to pretrain on; take it out of pretrain.unlabelled`,
      { status: 422 },
    );
  if (kept.length < images.length)
    options.note?.(
      `${source}: ${images.length - kept.length} of ${images.length} images are kept out of pretraining, as they copy an image of the study or are in a group with such a copy`,
    );
  return { ...manifest, images: kept, digest: digestOf(kept) };
}
