/** @file The closer look at a pair: the guessed map is refined on the pixels, coarse to fine, and the correlation of detail tells how sure it is. */
import { agreement, refined, rescaled, type Affine, type Agreement } from "./alignment.ts";
import { fineDetail, softDetail, toPlane, type Plane } from "./plane.ts";
import type { Signature } from "./signature.ts";

/** Correlation of soft detail below which a pair is given up: at the guessed map, and once that is refined. */
const hopeless = { guessed: 0.2, refined: 0.45 };
/** Fine details kept, 55 kB each. Soft ones are 14 kB and needed by every candidate, so all are kept. */
const mostKept = 1000;

/** Share of the smaller image that copies have in common at least, and how far they may be squeezed: beyond, corners and edges agree by chance. */
const leastShared = 0.3;
const mostSqueezed = 1.6;

/** Pixels of a detail that can be compared at all. */
const compared = ({ values }: Plane): number => values.reduce((count, value) => (value === 0 ? count : count + 1), 0);

function plausible({ xx, xy, yx, yy, area }: Affine & Agreement, a: Plane, b: Plane): boolean {
  const determinant = Math.abs(xx * yy - xy * yx);
  const smaller = Math.min(compared(a), compared(b) / determinant);
  // singular values s ≥ t of the map: s² + t² is the sum of squares, s·t the determinant
  const ratio = (xx ** 2 + xy ** 2 + yx ** 2 + yy ** 2) / (2 * determinant);
  return area >= leastShared * smaller && ratio + Math.sqrt(Math.max(0, ratio ** 2 - 1)) <= mostSqueezed;
}

/** A verifier keeps the details that it made. It returns nothing where the pair is hopeless. */
export function verifier(): (query: Signature, other: Signature, map: Affine) => (Affine & Agreement) | undefined {
  const [softs, fines] = [new Map<Signature, Plane>(), new Map<Signature, Plane>()];
  const soft = (signature: Signature): Plane => {
    const made = softs.get(signature) ?? softDetail(toPlane(signature.thumb));
    softs.set(signature, made);
    return made;
  };
  const fine = (signature: Signature): Plane => {
    const made = fines.get(signature) ?? fineDetail(toPlane(signature.thumb));
    fines.delete(signature);
    fines.set(signature, made); // to the end: the first is the one not seen for longest
    if (fines.size > mostKept) fines.delete(fines.keys().next().value!);
    return made;
  };
  return (query, other, map) => {
    const half = rescaled(map, 2);
    if (agreement(soft(query), soft(other), half).score < hopeless.guessed) return undefined;
    const near = refined(soft(query), soft(other), half);
    if (near.score < hopeless.refined) return undefined;
    const best = refined(fine(query), fine(other), rescaled(near, 0.5));
    return plausible(best, fine(query), fine(other)) ? best : undefined;
  };
}
