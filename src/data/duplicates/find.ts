/** @file Pairs of images of one set that show the same ultrasound frame, however cropped, scaled, annotated or amplified. */
import { indexOf, searcher } from "./candidates.ts";
import { confidenceOf, JOIN_CONFIDENCE } from "./confidence.ts";
import { noKeypoints } from "./keypoints.ts";
import { fromPicture, lookedAt, upright, type Look } from "./looks.ts";
import { edgesOf, miniaturesAgree, TINY } from "./miniature.ts";
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
  /** group of each image: those of one group are not compared, for they belong together already */
  groups?: readonly string[];
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

interface MatchOptions extends FindOptions {
  looks: readonly Look[];
  /** only others before the query */
  below?: boolean;
}

/** Each query against the others; of one pair the surest look counts. */
export function matched(queries: readonly Signature[], others: readonly Signature[], options: MatchOptions): DuplicatePair[] {
  const { progress, looks, least = JOIN_CONFIDENCE, below = false, groups } = options;
  // many looks are many chances for two points to agree by accident, so a third is asked for
  const candidatesOf = searcher(indexOf(others.map((other) => (isTiny(other) ? noKeypoints : other.points))), looks.length > 1 ? 3 : 2);
  const verify = verifier();
  const compareMiniatures = miniatureMatcher(queries, others);
  const pairs: DuplicatePair[] = [];
  for (const [a, query] of queries.entries()) {
    const end = below ? a : others.length;
    const best = new Map<number, DuplicatePair>();
    const keep = (b: number, { score, confidence }: { score: number; confidence: number }) => {
      if (confidence >= least && confidence > (best.get(b)?.confidence ?? 0)) best.set(b, { a, b, score, confidence });
    };
    for (const [i, points] of isTiny(query) ? [] : lookedAt(query, looks).entries())
      for (const { image: b, map } of candidatesOf(points, end)) {
        if ((best.get(b)?.confidence ?? 0) > 0.99 || (groups && groups[a] === groups[b])) continue;
        const agreement = verify(query, others[b], fromPicture(map, looks[i]));
        if (agreement) keep(b, { score: agreement.score, confidence: confidenceOf(agreement) });
      }
    for (const { b, ...verdict } of compareMiniatures(a, end)) keep(b, verdict);
    pairs.push(...best.values());
    progress?.(a + 1, queries.length);
  }
  return pairs;
}

const isTiny = ({ width, height }: Signature) => Math.max(width, height) <= TINY;

/** Compares miniatures where one of the two images is tiny; each with each, which the size of such sets allows. */
function miniatureMatcher(queries: readonly Signature[], others: readonly Signature[]) {
  const [tinyQueries, tinyOthers] = [queries.map(isTiny), others.map(isTiny)];
  const edges = [tinyQueries, tinyOthers].flat().includes(true) ? others.map(({ miniature }) => edgesOf(miniature)) : [];
  return (a: number, end: number): { b: number; score: number; confidence: number }[] => {
    const own = edgesOf(queries[a].miniature);
    return edges.slice(0, end).flatMap((other, b) => {
      const verdict = tinyQueries[a] || tinyOthers[b] ? miniaturesAgree(own, other) : undefined;
      return verdict ? [{ b, ...verdict }] : [];
    });
  };
}
