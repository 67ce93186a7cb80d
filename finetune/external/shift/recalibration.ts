/** @file What recalibrating on the other data set would gain: lines through the log-odds, each judged on groups that it was not fitted to. */
import type { Recalibration } from "../../../src/config/shift.ts";
import { calibrationLine } from "../../../src/metrics/calibration-line.ts";
import { foldsOf } from "../../../src/data/folds/folds.ts";
import { groupBootstrap, pick } from "../../../src/metrics/group-bootstrap.ts";
import { clipped, logistic, logOdds } from "../../../src/metrics/log-odds.ts";
import { mean } from "../../../src/metrics/moments.ts";
import { range, rngOf } from "../../../src/util/rng.ts";
import type { Prediction } from "../../predictions.ts";

const FOLDS = 5;

/** @returns null where a line cannot be fitted: the classes are told apart without error, or groups are few */
export function recalibration(
  model: string,
  predictions: readonly Prediction[],
  { positive, seed, bootstraps }: { positive: string; seed: number; bootstraps: number },
): Recalibration | null {
  const labels = predictions.map(({ label }) => Number(label === positive));
  const groups = predictions.map(({ group }) => group);
  const given = predictions.map(({ probability }) => probability);
  const logits = logOdds(given);
  const all = fitted(labels, logits);
  const dealt = foldsOf(
    predictions.map(({ group, label }) => ({ group, label })),
    FOLDS,
    seed,
  );
  const lines = range(FOLDS).map((fold) => {
    const rows = Int32Array.from(range(labels.length).filter((i) => dealt[i] !== fold));
    return fitted(pick(labels, rows), pick(logits, rows));
  });
  if (!all || lines.some((line) => line === null)) return null;
  const renewed = Array.from(logits, (logit, i) => {
    const { intercept, slope } = lines[dealt[i]]!;
    return logistic(intercept + slope * logit);
  });
  const judged = (cost: (label: number, p: number) => number) => {
    const [before, after] = [given, renewed].map((probabilities) => Float64Array.from(probabilities, (p, i) => cost(labels[i], p)));
    const saved = before.map((value, i) => value - after[i]);
    const gain = groupBootstrap({
      ...{ groups, labels, bootstraps, rng: rngOf(seed, "external", "recalibration") },
      statistic: (rows) => mean(pick(saved, rows)),
    });
    return { asIs: mean(before), recalibrated: mean(after), gain };
  };
  return {
    ...{ model, ...all },
    logLoss: judged((label, p) => -Math.log(clipped("recalibration", label === 1 ? p : 1 - p, 0))),
    brier: judged((label, p) => (p - label) ** 2),
  };
}

function fitted(labels: ArrayLike<number>, logits: ArrayLike<number>): { intercept: number; slope: number } | null {
  const { slope, interceptOfSlope } = calibrationLine(labels, logits);
  return slope && interceptOfSlope && { intercept: interceptOfSlope.estimate, slope: slope.estimate };
}
