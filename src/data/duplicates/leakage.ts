/** @file Images that two sets share. */
import { indexOf, searcher } from "./candidates.ts";
import { JOIN_CONFIDENCE } from "./confidence.ts";
import type { DuplicatePair, FindOptions } from "./find.ts";
import type { Signature } from "./signature.ts";
import { verifier } from "./verify.ts";

/** Pairs of an image `a` of the first set and an image `b` of the second that show the same frame. In order of `a`, then `b`. */
export function findShared(a: readonly Signature[], b: readonly Signature[], { progress }: FindOptions = {}): DuplicatePair[] {
  const candidatesOf = searcher(indexOf(b.map(({ points }) => points)));
  const verify = verifier();
  const pairs: DuplicatePair[] = [];
  for (const [i, signature] of a.entries()) {
    for (const { image, map } of candidatesOf(signature.points)) {
      const verdict = verify(signature, b[image], map);
      if (verdict.confidence >= JOIN_CONFIDENCE) pairs.push({ a: i, b: image, ...verdict });
    }
    progress?.(i + 1, a.length);
  }
  return pairs.sort((p, q) => p.a - q.a || p.b - q.b);
}
