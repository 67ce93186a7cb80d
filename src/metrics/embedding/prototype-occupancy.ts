/** @file How evenly images use the prototypes of SwAV. */

export interface Occupancy {
  /** Entropy of the prototypes' shares over its most, ln k: 0 (one prototype has all images) … 1 (all have as many). */
  entropy: number;
  /** Prototypes that are nearest to at least one image. */
  used: number;
  /** Share of the images that the busiest prototype has. */
  largest: number;
}

/**
 * From the plain scores, each image to its best prototype. (Sinkhorn's codes would not tell: they share evenly by construction.)
 * @param scores cosine of each image with each prototype, [n][k], k ≥ 2; of equal scores the first counts
 */
export function prototypeOccupancy(scores: readonly ArrayLike<number>[]): Occupancy {
  const k = scores[0]?.length ?? 0;
  if (k < 2) throw new RangeError(`prototypeOccupancy: there must be 2 prototypes or more, got ${k}`);
  const counts = new Float64Array(k);
  for (const row of scores) counts[best(row)]++;
  const shares = counts.map((count) => count / scores.length);
  const entropy = shares.reduce((sum, share) => (share > 0 ? sum - share * Math.log(share) : sum), 0);
  return { entropy: entropy / Math.log(k), used: counts.filter((count) => count > 0).length, largest: Math.max(...shares) };
}

function best(row: ArrayLike<number>): number {
  let at = 0;
  for (let i = 1; i < row.length; i++) if (row[i] > row[at]) at = i;
  return at;
}
