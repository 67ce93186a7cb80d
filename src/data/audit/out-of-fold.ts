/** @file What a logistic model says of images that it has not seen. */
import { pick } from "../../metrics/group-bootstrap.ts";
import { fitLogistic, predictLogistic } from "../../metrics/logistic.ts";
import { mean } from "../../metrics/moments.ts";

/** Weight of the penalty on standardised columns. */
const penalty = 1;

/**
 * Score of each image from the model of the other folds; comparable within a fold only.
 * @param columns [columns][images]
 * @param labels [images], 1 = positive
 * @param folds [images]
 * @returns [images]
 */
export function outOfFold(columns: readonly Float64Array[], labels: Uint8Array, folds: Int32Array): Float64Array {
  const scores = new Float64Array(labels.length);
  const rows = Int32Array.from(folds.keys());
  for (const fold of new Set(folds)) {
    const training = rows.filter((row) => folds[row] !== fold);
    const heldOut = rows.filter((row) => folds[row] === fold);
    const trained = pick(labels, training);
    if (trained.every((label) => label === trained[0])) continue; // nothing to learn: all scores stay equal
    const of = (which: Int32Array) => columns.map((column) => pick(column, which));
    ranked(of(training), trained, of(heldOut)).forEach((score, i) => (scores[heldOut[i]] = score));
  }
  return scores;
}

/** Scores that rank as the model's probabilities do. */
function ranked(training: readonly Float64Array[], labels: Float64Array, heldOut: readonly Float64Array[]): Float64Array {
  if (training.length !== 1) return predictLogistic(fitLogistic(training, labels, { penalty }), heldOut);
  // one column ranks by itself, up to the sign of its weight; that is the sign of its covariance with the class, where the loss starts to fall
  const [column, middle] = [training[0], mean(training[0])];
  const sign = Math.sign(column.reduce((sum, value, i) => sum + (value - middle) * labels[i], 0));
  return heldOut[0].map((value) => sign * value);
}
