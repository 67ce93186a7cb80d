/** @file What probabilities are worth, after the temperature that inner splits chose: scores, calibration, and what treating by them would gain. */
import type { ModelEvaluation } from "../../src/config/evaluation.ts";
import { calibrationLine } from "../../src/metrics/calibration-line.ts";
import { reliabilityBand } from "../../src/metrics/curve-band.ts";
import { decisionCurveOf } from "../../src/metrics/decision-curve.ts";
import { expectedCalibrationErrorOf } from "../../src/metrics/expected-calibration-error.ts";
import { bootstrapDistribution, pick } from "../../src/metrics/group-bootstrap.ts";
import { logOdds } from "../../src/metrics/log-odds.ts";
import { mean } from "../../src/metrics/moments.ts";
import { quantile } from "../../src/metrics/quantile.ts";
import { tallied, tally, type Tallies } from "../../src/metrics/tallies.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import { interval, intervalOf } from "./resample.ts";
import type { ArmPredictions, Cases, EvaluationTerms } from "./terms.ts";

/** Bins of equal mass, for the eye and for the error. */
const BINS = 10;
/** Where the net benefit is told: who treats below 1 in 50 or above 4 in 5 needs no test. */
const THRESHOLDS = range(40).map((k) => 0.02 * (k + 1));
/** Below that a line through the log-odds has no interval worth the name. */
const LEAST_GROUPS = 10;

type Calibrated = Pick<
  ModelEvaluation,
  "brier" | "logLoss" | "calibrationError" | "calibrationLine" | "reliability" | "decision" | "temperatures"
>;

/** A mean over cases of what each costs, as a statistic of rows. */
const meanOf = (costs: Float64Array) => (rows: Int32Array) => mean(pick(costs, rows));

export function calibration({ replicates }: ArmPredictions, cases: Cases, terms: EvaluationTerms): Calibrated {
  const { labels, groups } = cases;
  const probabilities = replicates.map(({ predictions }) => predictions.map(({ probability }) => probability));
  const costs = (cost: (label: number, p: number) => number) =>
    probabilities.map((one) => meanOf(Float64Array.from(one, (p, i) => cost(labels[i], p))));
  const together = labels.map((_, i) => mean(probabilities.map((one) => one[i])));
  const band = reliabilityBand(
    { labels, groups, scores: together, bootstraps: terms.analysis.bootstraps, rng: rngOf(terms.seed, "evaluate", "band") },
    BINS,
  );
  return {
    brier: interval(
      "brier",
      costs((label, p) => (p - label) ** 2),
      cases,
      terms,
    )!,
    logLoss: interval(
      "log-loss",
      costs((label, p) => -Math.log(Math.max(label === 1 ? p : 1 - p, 2 ** -52))),
      cases,
      terms,
    )!,
    calibrationError: intervalOf("calibration-error", (tallies) => expectedCalibrationErrorOf(tallies, BINS), probabilities, cases, terms),
    calibrationLine: lineOf(probabilities, cases, terms),
    reliability: {
      points: band.map(({ x, estimate }): [number, number] => [x, estimate]),
      band: band.map(({ x, low, high }) => ({ x, low, high })),
    },
    decision: decision(together, cases, terms),
    temperatures: replicates.flatMap(({ calibrations }) => calibrations.flatMap((found) => (found ? [found.temperature] : []))),
  };
}

function lineOf(probabilities: readonly number[][], cases: Cases, terms: EvaluationTerms): ModelEvaluation["calibrationLine"] {
  const { labels, groups } = cases;
  const ofClass = (label: number) => new Set(groups.filter((_, i) => labels[i] === label)).size;
  if (Math.min(ofClass(0), ofClass(1)) < LEAST_GROUPS) return null;
  const logits = probabilities.map((one) => logOdds(one));
  if (logits.some((one) => calibrationLine(labels, one).state !== "fitted")) return null;
  const of = (name: string, choose: (line: ReturnType<typeof calibrationLine>) => number | undefined) =>
    interval(
      name,
      logits.map((one) => (rows: Int32Array) => choose(calibrationLine(pick(labels, rows), pick(one, rows))) ?? NaN),
      cases,
      terms,
    );
  const intercept = of("calibration-line", (line) => line.intercept?.estimate);
  const slope = of("calibration-line", (line) => line.slope?.estimate);
  return intercept && slope && { intercept, slope };
}

/** Net benefit of treating from each threshold probability on, with its interval over groups. */
function decision(
  probabilities: readonly number[],
  { labels, groups }: Cases,
  { seed, analysis }: EvaluationTerms,
): ModelEvaluation["decision"] {
  const at = (tallies: Tallies) => decisionCurveOf(tallies, THRESHOLDS);
  const resampled = tallied(labels, probabilities, at);
  const heights: number[][] = THRESHOLDS.map(() => []);
  bootstrapDistribution({
    ...{ groups, labels, bootstraps: analysis.bootstraps, rng: rngOf(seed, "evaluate", "band") },
    statistic(rows) {
      resampled(rows).forEach(({ model }, t) => heights[t].push(model));
      return 0;
    },
  });
  return at(tally("decision", labels, probabilities)).map(({ threshold, model, treatAll }, t) => ({
    ...{ threshold, model, all: treatAll },
    ...{ low: quantile(heights[t], 0.025), high: quantile(heights[t], 0.975) },
  }));
}
