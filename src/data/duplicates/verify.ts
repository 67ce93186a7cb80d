/** @file The closer look at a pair: the guessed map is refined on the pixels, and the correlation of detail tells how sure it is. */
import { agreement, refined, type Affine } from "./alignment.ts";
import { confidenceOf } from "./confidence.ts";
import { detailOf, toPlane, type Plane } from "./plane.ts";
import type { Signature } from "./signature.ts";

export interface Verdict {
  score: number;
  confidence: number;
}

/** Correlation at the guessed map below which refining it has never led to a pair. */
const hopeless = 0.08;
/** Details kept, 55 kB each. */
const mostKept = 2000;

/** A verifier keeps the detail of the images that it saw last. */
export function verifier(): (query: Signature, other: Signature, map: Affine) => Verdict {
  const kept = new Map<Signature, Plane>();
  const detail = (signature: Signature): Plane => {
    const had = kept.get(signature);
    if (had) return had;
    const made = detailOf(toPlane(signature.thumb));
    if (kept.size >= mostKept) kept.delete(kept.keys().next().value!);
    kept.set(signature, made);
    return made;
  };
  return (query, other, map) => {
    const [a, b] = [detail(query), detail(other)];
    const guess = agreement(a, b, map, 2);
    if (guess.score < hopeless) return { score: guess.score, confidence: 0 };
    const best = refined(a, b, map);
    return { score: best.score, confidence: confidenceOf(best) };
  };
}
