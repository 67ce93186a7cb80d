/**
 * @file Decision curve: what a model is worth to someone who would treat from a given probability on, in true positives per case.
 * Reference: Vickers & Elkin 2006, doi:10.1177/0272989X06295361.
 */
import { checkProbabilities } from "./reliability-curve.ts";
import { tally, type Tallies } from "./tallies.ts";

export interface NetBenefit {
  /** threshold probability pt: who treats from here on says that one false alarm is as bad as pt / (1 - pt) of a miss */
  threshold: number;
  /** `TP/n - FP/n · pt/(1 - pt)`, cases with probability ≥ pt treated */
  model: number;
  /** the same where everybody is treated */
  treatAll: number;
  /** 0: nobody is treated */
  treatNone: 0;
}

/**
 * @param labels [cases], 1 = positive
 * @param probabilities [cases], 0–1, calibrated (a badly calibrated model can do harm)
 * @param thresholds each 0 ≤ pt < 1, any order
 * @returns in the order of the thresholds; NaN for no cases
 */
export const decisionCurve = (labels: ArrayLike<number>, probabilities: ArrayLike<number>, thresholds: ArrayLike<number>): NetBenefit[] =>
  decisionCurveOf(tally("decisionCurve", labels, probabilities), thresholds);

/** {@link decisionCurve} of counted cases, for `tallied`. */
export function decisionCurveOf(tallies: Tallies, thresholds: ArrayLike<number>): NetBenefit[] {
  checkProbabilities("decisionCurve", tallies);
  const { scores, positives, negatives, m, n } = tallies;
  const cuts = Array.from(thresholds, (pt) => pt);
  for (const pt of cuts) if (!(pt >= 0 && pt < 1)) throw new RangeError(`decisionCurve: thresholds must be within 0 and 1, got ${pt}`);
  const curve: NetBenefit[] = [];
  const falling = cuts.map((_, i) => i).sort((a, b) => cuts[b] - cuts[a]);
  let [level, hits, alarms] = [0, 0, 0];
  for (const at of falling) {
    for (; level < scores.length && scores[level] >= cuts[at]; level++) {
      hits += positives[level];
      alarms += negatives[level];
    }
    const odds = cuts[at] / (1 - cuts[at]);
    curve[at] = {
      threshold: cuts[at],
      model: (hits - alarms * odds) / (m + n),
      treatAll: (m - n * odds) / (m + n),
      treatNone: 0,
    };
  }
  return curve;
}
