/** @file Near-duplicates among the images of a data set, found once for equal images and remembered. */
import { join } from "node:path";
import { z } from "zod";
import { cacheFolder } from "../util/files.ts";
import { hashOf } from "../util/hash.ts";
import { findDuplicates, type DuplicatePair } from "./duplicates/find.ts";
import type { Examined } from "./examine.ts";
import type { ImageRecord, Problem } from "./manifest.ts";
import { remembered } from "./remembered.ts";

/** Raise it when the search finds other pairs. */
const version = 4;

/** Two images that show one picture, by their paths. */
export interface Pair extends Pick<DuplicatePair, "score" | "confidence"> {
  a: string;
  b: string;
}

/** Below this a person should look at the pair. */
const CERTAIN = 0.9;
export const doubtful = ({ confidence }: Pick<DuplicatePair, "confidence">): boolean => confidence < CERTAIN;

const memorySchema = z.array(z.strictObject({ a: z.int(), b: z.int(), score: z.number(), confidence: z.number() }));

/** Pairs by index, `a` < `b`. */
export async function nearDuplicates(
  images: readonly Pick<Examined, "facts" | "signature" | "image">[],
  { progress, cache = cacheFolder() }: { progress?: (done: number, total: number) => void; cache?: string } = {},
): Promise<DuplicatePair[]> {
  const groups = images.map(({ image }) => image.group);
  const firstOf = new Map<string, number>();
  groups.forEach((group, i) => firstOf.has(group) || firstOf.set(group, i));
  // names of groups change nothing, only which images share one
  const key = hashOf(images.map(({ facts }, i) => [facts.content, firstOf.get(groups[i])])).slice(0, 32);
  const file = join(cache, "duplicates", `${key}-v${version}.json`);
  const signatures = images.map(({ signature }) => signature);
  return remembered(file, memorySchema, () => findDuplicates(signatures, { progress, groups }));
}

/** Patients that near-duplicates may join with others: this many, or this share of all. */
const joinedPatients = { number: 5, share: 0.1 };

/**
 * The pairs that are joined. Where pairs would join many of the patients that the data set tells apart, they are what the images of one machine
 * share (an outline, a scale, the same view) rather than copies: then the data set is believed, and people are told.
 */
export function joinable(
  images: readonly Pick<ImageRecord, "path" | "patient">[],
  pairs: readonly DuplicatePair[],
  problems: Problem[],
): readonly DuplicatePair[] {
  const across = pairs.filter(({ a, b }) => {
    const [one, other] = [images[a].patient, images[b].patient];
    return one !== undefined && other !== undefined && one !== other;
  });
  const linked = new Set(across.flatMap(({ a, b }) => [images[a].patient, images[b].patient]));
  const patients = new Set(images.map(({ patient }) => patient));
  if (linked.size <= Math.max(joinedPatients.number, joinedPatients.share * patients.size)) return pairs;
  const [{ a, b }] = across;
  problems.push({
    level: "warning",
    message: `${across.length} pairs of images of different patients look alike, such as ${images[a].path} and ${images[b].path}: with ${linked.size} of ${patients.size} patients among them this is taken for a likeness of views, and patients stay apart; look at some pairs to be sure`,
  });
  const left = new Set(across);
  return pairs.filter((pair) => !left.has(pair));
}

/** A table of groups decides, but it is told where it parts images that look like one picture. */
export function warnOfParted(
  images: readonly { path: string; group: string }[],
  pairs: readonly DuplicatePair[],
  table: string,
  problems: Problem[],
): void {
  for (const { a, b, confidence } of pairs)
    if (images[a].group !== images[b].group)
      problems.push({
        level: "warning",
        message: `${table}: ${images[a].path} and ${images[b].path} look like one picture (confidence ${confidence.toFixed(2)}) but are in two groups; check that they are two`,
      });
}
