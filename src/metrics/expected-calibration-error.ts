/**
 * @file Expected calibration error over bins of equal mass. It is biased upwards: the shares of small bins scatter, so even perfect
 * probabilities have an error above 0; compare it between models on the same cases, not with 0.
 * Reference: Naeini, Cooper & Hauskrecht 2015, doi:10.1609/aaai.v29i1.9602; bias: Roelofs et al. 2022, arXiv:2012.08668.
 */
import { binOfLevels, checkProbabilities, sumBins } from "./reliability-curve.ts";
import { tally, type Tallies } from "./tallies.ts";

/**
 * `Σ_b n_b/n · |mean probability - share of positives|`, bins as `binOfLevels` (reliability-curve.ts) makes them: ties never split.
 * @param labels [cases], 1 = positive
 * @param probabilities [cases], 0–1, of the positive class
 * @returns 0–1; NaN for no cases
 */
export const expectedCalibrationError = (labels: ArrayLike<number>, probabilities: ArrayLike<number>, bins = 15): number =>
  expectedCalibrationErrorOf(tally("expectedCalibrationError", labels, probabilities), bins);

/** {@link expectedCalibrationError} of counted cases, for `tallied`. A resample is binned anew. */
export function expectedCalibrationErrorOf(tallies: Tallies, bins = 15): number {
  checkProbabilities("expectedCalibrationError", tallies);
  const { positives, predicted } = sumBins(tallies, binOfLevels(tallies, bins), bins);
  let sum = 0;
  for (let b = 0; b < bins; b++) sum += Math.abs(predicted[b] - positives[b]);
  return sum / (tallies.m + tallies.n);
}
