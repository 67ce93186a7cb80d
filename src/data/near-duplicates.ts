/** @file Near-duplicates among the images of a data set, found once for equal images and remembered. */
import { join } from "node:path";
import { z } from "zod";
import { cacheFolder, readIfThere, writeAtomic } from "../util/files.ts";
import { hashOf } from "../util/hash.ts";
import { findDuplicates, type DuplicatePair } from "./duplicates/find.ts";
import type { Examined } from "./examine.ts";
import type { Problem } from "./manifest.ts";

/** Raise it when the search finds other pairs. */
const version = 2;

/** Two images that show one picture, by their paths. */
export interface Pair extends Pick<DuplicatePair, "score" | "confidence"> {
  a: string;
  b: string;
}

/** Below this a person should look at the pair. */
const CERTAIN = 0.9;
export const doubtful = ({ confidence }: Pick<DuplicatePair, "confidence">): boolean => confidence < CERTAIN;

const memorySchema = z.array(z.strictObject({ a: z.int(), b: z.int(), score: z.number(), confidence: z.number() }));

/** Pairs by index, `a` < `b`. A damaged memory is forgotten; one that cannot be written is no failure. */
export async function nearDuplicates(
  images: readonly Pick<Examined, "facts" | "signature">[],
  { progress, cache = cacheFolder() }: { progress?: (done: number, total: number) => void; cache?: string } = {},
): Promise<DuplicatePair[]> {
  const key = hashOf(images.map(({ facts }) => facts.content)).slice(0, 32);
  const file = join(cache, "duplicates", `${key}-v${version}.json`);
  try {
    return memorySchema.parse(JSON.parse((await readIfThere(file))!.toString("utf8")));
  } catch {
    // never looked for, or not readable
  }
  const pairs = findDuplicates(
    images.map(({ signature }) => signature),
    { progress },
  );
  await writeAtomic(file, JSON.stringify(pairs)).catch(() => undefined);
  return pairs;
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
