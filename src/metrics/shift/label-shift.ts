/**
 * @file How frequent positives are among images without labels, if they differ from the training images in that alone (label shift).
 * Saerens, Latinne & Decaestecker 2002, doi:10.1162/089976602753284446, §2.2: the share that makes the scores likeliest, which they find by
 * expectation and maximisation. For two classes the likelihood is concave, so its top is the root of a falling function, found here at once.
 * The probabilities must be calibrated for the training share: Alexandari, Kundaje & Shrikumar 2020, arXiv 1901.06852.
 */
import { risingRoot } from "../rising-root.ts";

/** Shares this near to 0 or 1 are not told from them. */
const LEAST = 1e-6;

/**
 * The π with the largest `Σ log(π r_i + 1 - π)`, r = odds of p over odds of the training share.
 * @param probabilities [cases] of the positive class, calibrated where a share of `training` is positive; within 0 and 1
 * @param training share of positives that the probabilities are calibrated for, above 0 and below 1
 * @returns within 0 and 1
 */
export function shareByLabelShift(probabilities: ArrayLike<number>, training: number): number {
  if (!(training > 0 && training < 1)) throw new RangeError(`shareByLabelShift: training must be above 0 and below 1, got ${training}`);
  if (probabilities.length === 0) throw new RangeError("shareByLabelShift: there must be a case, got none");
  // (w1 - w0) / (π w1 + (1 - π) w0) with w1 = p / training, w0 = (1 - p) / (1 - training): no division by 0 where p is 0 or 1
  const more = Float64Array.from(probabilities, (p) => p / training - (1 - p) / (1 - training));
  const base = Float64Array.from(probabilities, (p) => (1 - p) / (1 - training));
  const slope = (share: number): [number, number] => {
    let [sum, curvature] = [0, 0];
    for (let i = 0; i < more.length; i++) {
      const ratio = more[i] / (share * more[i] + base[i]);
      sum -= ratio;
      curvature += ratio * ratio;
    }
    return [sum, curvature];
  };
  if (slope(LEAST)[0] >= 0) return 0;
  if (slope(1 - LEAST)[0] <= 0) return 1;
  return risingRoot(slope, { low: LEAST, high: 1 - LEAST, start: training });
}
