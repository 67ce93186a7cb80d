/**
 * @file Where to cut a score: Youden's index, and the least expected cost. Choose on an inner split, never on the cases that are judged:
 * the best of all thresholds looks better than it is.
 * Reference: Youden 1950, doi:10.1002/1097-0142(1950)3:1<32::AID-CNCR2820030106>3.0.CO;2-3; costs: Metz 1978, doi:10.1016/S0001-2998(78)80014-2.
 */
import type { OperatingPoint } from "./sensitivity-at-specificity.ts";
import { forEachThreshold, tally, type Tallies } from "./tallies.ts";

/**
 * The threshold with the greatest `J = sensitivity + specificity - 1`; of equal ones the highest, which calls fewest cases positive.
 * @param labels [cases], 1 = positive
 * @param scores [cases], a case is called positive when its score ≥ threshold
 * @returns all NaN where only one class is there; threshold Infinity and J 0 where no threshold is better than chance
 */
export function youdenThreshold(labels: ArrayLike<number>, scores: ArrayLike<number>): OperatingPoint & { youden: number } {
  const tallies = tally("youdenThreshold", labels, scores);
  const point = cheapest(tallies, tallies.n, tallies.m);
  return { ...point, youden: point.sensitivity + point.specificity - 1 };
}

export interface Costs {
  /** of a positive called negative, at least 0 */
  falseNegative: number;
  /** of a negative called positive, at least 0 */
  falsePositive: number;
  /** share of positives where the threshold will be used; that of the labels unless given */
  prevalence?: number;
}

/**
 * The threshold with the least `cost = π·falseNegative·(1 - sensitivity) + (1 - π)·falsePositive·(1 - specificity)`, a mean per case;
 * of equal ones the highest.
 * @param labels [cases], 1 = positive
 * @returns all NaN where only one class is there
 */
export function costThreshold(labels: ArrayLike<number>, scores: ArrayLike<number>, costs: Costs): OperatingPoint & { cost: number } {
  const { falseNegative, falsePositive, prevalence } = costs;
  for (const [name, cost] of Object.entries({ falseNegative, falsePositive }))
    if (!(cost >= 0 && cost < Infinity)) throw new RangeError(`costThreshold: ${name} must be a cost of at least 0, got ${cost}`);
  if (prevalence !== undefined && !(prevalence >= 0 && prevalence <= 1))
    throw new RangeError(`costThreshold: prevalence must be within 0 and 1, got ${prevalence}`);
  const tallies = tally("costThreshold", labels, scores);
  const { m, n } = tallies;
  // costs in whole multiples of a case where prevalence is the data's: no rounding decides between equal thresholds then
  const point =
    prevalence === undefined
      ? cheapest(tallies, falseNegative, falsePositive)
      : cheapest(tallies, (prevalence * falseNegative) / m, ((1 - prevalence) * falsePositive) / n);
  const share = prevalence ?? m / (m + n);
  return {
    ...point,
    cost: share * falseNegative * (1 - point.sensitivity) + (1 - share) * falsePositive * (1 - point.specificity),
  };
}

/** The threshold with the greatest `perHit · true positives - perAlarm · false positives`; the highest of those within rounding of it. */
function cheapest(tallies: Tallies, perHit: number, perAlarm: number): OperatingPoint {
  const { m, n } = tallies;
  if (m === 0 || n === 0) return { threshold: NaN, sensitivity: NaN, specificity: NaN };
  const rounding = 1e-13 * (perHit * m + perAlarm * n);
  let [most, cut, hits, alarms] = [-Infinity, NaN, 0, 0];
  forEachThreshold(tallies, (threshold, truePositives, falsePositives) => {
    const gain = perHit * truePositives - perAlarm * falsePositives;
    if (gain > most + rounding) [most, cut, hits, alarms] = [gain, threshold, truePositives, falsePositives];
  });
  return { threshold: cut, sensitivity: hits / m, specificity: (n - alarms) / n };
}
