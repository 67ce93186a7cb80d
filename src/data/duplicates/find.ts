/** @file Pairs of images of one set that show the same ultrasound frame, however cropped, scaled, annotated or amplified. */
import { indexOf, searcher } from "./candidates.ts";
import { JOIN_CONFIDENCE } from "./confidence.ts";
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
}

/** Finds the pairs that should be joined: those at least JOIN_CONFIDENCE sure. In order of `a`, then `b`. */
export function findDuplicates(signatures: readonly Signature[], { progress }: FindOptions = {}): DuplicatePair[] {
  const candidatesOf = searcher(indexOf(signatures.map(({ points }) => points)));
  const verify = verifier();
  const pairs: DuplicatePair[] = [];
  for (const [b, signature] of signatures.entries()) {
    for (const { image: a, map } of candidatesOf(signature.points, b)) {
      const verdict = verify(signature, signatures[a], map);
      if (verdict.confidence >= JOIN_CONFIDENCE) pairs.push({ a, b, ...verdict });
    }
    progress?.(b + 1, signatures.length);
  }
  return pairs.sort((p, q) => p.a - q.a || p.b - q.b);
}
