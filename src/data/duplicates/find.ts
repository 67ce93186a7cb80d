/** @file Pairs of images of one set that show the same ultrasound frame, however cropped, scaled, annotated or amplified. */
import { indexOf, searcher } from "./candidates.ts";
import { confidenceOf, JOIN_CONFIDENCE } from "./confidence.ts";
import { fromPicture, lookedAt, upright, type Look } from "./looks.ts";
import type { Signature } from "./signature.ts";
import { verifier } from "./verify.ts";

/** Two images that show one frame. */
export interface DuplicatePair {
  /** position of the one image */
  a: number;
  /** position of the other; above `a` where both are of one set */
  b: number;
  /** correlation of their detail where they overlap, -1 … 1 */
  score: number;
  /** probability that they show the same frame, see confidence.ts */
  confidence: number;
}

export interface FindOptions {
  /** called as images are looked up */
  progress?: (done: number, total: number) => void;
  /** pairs less sure than this are left out; JOIN_CONFIDENCE unless a list for eyes is wanted */
  least?: number;
  /** looks of each image that are sought, from looks.ts: each costs as much as the first */
  looks?: readonly Look[];
}

/**
 * Finds the pairs that should be joined: those at least JOIN_CONFIDENCE sure. In order of `a`, then `b`.
 * Images are sought upright: mirrored and rotated copies within one set are found by {@link manyLooks}, at twenty times the cost.
 */
export function findDuplicates(signatures: readonly Signature[], options: FindOptions = {}): DuplicatePair[] {
  return matched(signatures, signatures, { looks: [upright], ...options, below: true })
    .map(({ a, b, ...verdict }) => ({ a: b, b: a, ...verdict }))
    .sort(inOrder);
}

export const inOrder = (p: DuplicatePair, q: DuplicatePair): number => p.a - q.a || p.b - q.b;

/** Each query against the index of the others; of one pair the surest look counts. With `below`, only others before the query. */
export function matched(
  queries: readonly Signature[],
  others: readonly Signature[],
  { progress, looks, least = JOIN_CONFIDENCE, below = false }: FindOptions & { looks: readonly Look[]; below?: boolean },
): DuplicatePair[] {
  const candidatesOf = searcher(indexOf(others.map(({ points }) => points)));
  const verify = verifier();
  const pairs: DuplicatePair[] = [];
  for (const [a, query] of queries.entries()) {
    const best = new Map<number, DuplicatePair>();
    for (const [i, points] of lookedAt(query, looks).entries())
      for (const { image: b, map } of candidatesOf(points, below ? a : others.length)) {
        if ((best.get(b)?.confidence ?? 0) > 0.99) continue;
        const agreement = verify(query, others[b], fromPicture(map, looks[i]));
        const confidence = agreement ? confidenceOf(agreement) : 0;
        if (agreement && confidence >= least && confidence > (best.get(b)?.confidence ?? 0))
          best.set(b, { a, b, score: agreement.score, confidence });
      }
    pairs.push(...best.values());
    progress?.(a + 1, queries.length);
  }
  return pairs;
}
