/** @file The closer look at a pair: the guessed map is refined on the pixels, coarse to fine, and the correlation of detail tells how sure it is. */
import { agreement, refined, type Affine, type Agreement } from "./alignment.ts";
import { detailOf, toPlane, type Detail, type Plane } from "./plane.ts";
import type { Signature } from "./signature.ts";

/** Correlation of soft detail below which no pair was ever confirmed: at the guessed map, and once that is refined. */
const hopeless = { guessed: 0.2, refined: 0.45 };
/** Details kept, 110 kB each. */
const mostKept = 1000;

/** Share of the smaller image that copies have in common at least, and how far they may be squeezed: beyond, corners and edges agree by chance. */
const leastShared = 0.3;
const mostSqueezed = 1.6;

function plausible({ xx, xy, yx, yy, area }: Affine & Agreement, a: Plane, b: Plane): boolean {
  const determinant = Math.abs(xx * yy - xy * yx);
  const smaller = Math.min(a.values.length, b.values.length / determinant);
  // singular values s ≥ t of the map: s² + t² is the sum of squares, s·t the determinant
  const ratio = (xx ** 2 + xy ** 2 + yx ** 2 + yy ** 2) / (2 * determinant);
  return area >= leastShared * smaller && ratio + Math.sqrt(Math.max(0, ratio ** 2 - 1)) <= mostSqueezed;
}

/** A verifier keeps the detail of the images that it saw last. It returns nothing where the pair is hopeless. */
export function verifier(): (query: Signature, other: Signature, map: Affine) => (Affine & Agreement) | undefined {
  const kept = new Map<Signature, Detail>();
  const detail = (signature: Signature): Detail => {
    const made = kept.get(signature) ?? detailOf(toPlane(signature.thumb));
    kept.delete(signature);
    kept.set(signature, made); // to the end: the first is the one not seen for longest
    if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
    return made;
  };
  return (query, other, map) => {
    const [a, b] = [detail(query), detail(other)];
    if (agreement(a.soft, b.soft, map, 2).score < hopeless.guessed) return undefined;
    const near = refined(a.soft, b.soft, map, 2);
    if (near.score < hopeless.refined) return undefined;
    const best = refined(a.fine, b.fine, near);
    return plausible(best, a.fine, b.fine) ? best : undefined;
  };
}
