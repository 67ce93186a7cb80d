/**
 * @file Bands around ROC, precision-recall and reliability curves: at each place of a grid the percentile interval over resampled groups. Each is
 * for its place alone; the whole curve leaves a 95 % band more often than 5 times in 100.
 * Reference: Fawcett 2006, doi:10.1016/j.patrec.2005.10.010, §8.1 (vertical averaging); bootstrap over groups as in group-bootstrap.ts.
 */
import type { Rng } from "../util/rng.ts";
import { resampler } from "./group-bootstrap.ts";
import { precisionRecallCurveOf } from "./precision-recall-curve.ts";
import { quantile } from "./quantile.ts";
import { binOfLevels, checkProbabilities, sumBins } from "./reliability-curve.ts";
import { rocCurveOf } from "./roc-curve.ts";
import { tallied, tally, type Tallies } from "./tallies.ts";

export interface BandOptions {
  /** [cases], 1 = positive */
  labels: ArrayLike<number>;
  /** [cases] */
  scores: ArrayLike<number>;
  /** [cases], the group of each; drawn within their kind (all 0, all 1, both), so every resample holds both classes */
  groups: ArrayLike<string | number>;
  bootstraps: number;
  rng: Rng;
  /** 0.95 unless given */
  level?: number;
}

/** A height and its interval at each place. */
export interface BandPoint {
  x: number;
  estimate: number;
  low: number;
  high: number;
}

/**
 * True positive rate by false positive rate. Between points of a curve straight lines, as ties count 1/2; of several heights at one place the highest.
 * @param grid ascending, each 0–1; 0, 0.01 … 1 unless given
 */
export const rocBand = (options: BandOptions, grid: ArrayLike<number> = hundredths): BandPoint[] =>
  band(options, grid, (tallies) => {
    const { fpr, tpr } = rocCurveOf(tallies);
    let at = 0;
    return Float64Array.from(grid, (x) => {
      while (at + 1 < fpr.length && fpr[at + 1] <= x) at++;
      if (at + 1 === fpr.length) return tpr[at];
      return tpr[at] + ((tpr[at + 1] - tpr[at]) * (x - fpr[at])) / (fpr[at + 1] - fpr[at]);
    });
  });

/**
 * Precision by recall, in steps: at each place the precision of the highest threshold with at least that recall.
 * @param grid ascending, each 0–1; 0, 0.01 … 1 unless given
 */
export const precisionRecallBand = (options: BandOptions, grid: ArrayLike<number> = hundredths): BandPoint[] =>
  band(options, grid, (tallies) => {
    const { recall, precision } = precisionRecallCurveOf(tallies);
    let at = 0;
    return Float64Array.from(grid, (x) => {
      while (at + 1 < recall.length && recall[at] < x) at++;
      return precision[at];
    });
  });

/**
 * Share of positives by mean probability, in the bins of `reliabilityCurve`; bins stay as they are in the whole sample. Resamples without a case
 * in a bin are left out there.
 * @param options.scores probabilities, 0–1
 */
export function reliabilityBand(options: BandOptions, bins = 15): BandPoint[] {
  const whole = tally("reliabilityBand", options.labels, options.scores);
  checkProbabilities("reliabilityBand", whole);
  const binOf = binOfLevels(whole, bins);
  const { cases, predicted } = sumBins(whole, binOf, bins);
  const used = Array.from(cases.keys()).filter((b) => cases[b] > 0);
  const means = used.map((b) => predicted[b] / cases[b]);
  return band(options, means, (tallies) => {
    const sums = sumBins(tallies, binOf, bins);
    return Float64Array.from(used, (b) => sums.positives[b] / sums.cases[b]);
  });
}

const hundredths = Float64Array.from({ length: 101 }, (_, i) => i / 100);

/** @param heights of a sample at every place of the grid */
function band(options: BandOptions, grid: ArrayLike<number>, heights: (tallies: Tallies) => Float64Array): BandPoint[] {
  const { labels, scores, groups, bootstraps, rng, level = 0.95 } = options;
  if (!(Number.isInteger(bootstraps) && bootstraps > 0))
    throw new RangeError(`curveBand: bootstraps must be a whole number above 0, got ${bootstraps}`);
  for (let i = 0; i < grid.length; i++)
    if (!(grid[i] >= 0 && grid[i] <= 1 && !(grid[i] < grid[i - 1])))
      throw new RangeError(`curveBand: the grid must rise within 0 and 1, got ${grid[i]} at ${i}`);
  const statistic = tallied(labels, scores, heights);
  const estimates = statistic(Int32Array.from({ length: labels.length }, (_, row) => row));
  const draw = resampler({ labels, groups, rng });
  const drawn = Array.from({ length: bootstraps }, () => statistic(draw()));
  return Array.from(estimates, (estimate, at) => {
    const here = drawn.map((one) => one[at]).filter((value) => !Number.isNaN(value));
    return { x: grid[at], estimate, low: quantile(here, (1 - level) / 2), high: quantile(here, (1 + level) / 2) };
  });
}
