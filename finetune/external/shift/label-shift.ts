/** @file How frequent positives would be in the other data set if nothing but that had changed, told without its labels. */
import type { LabelShift } from "../../../src/config/shift.ts";
import { calibrationLine } from "../../../src/metrics/calibration-line.ts";
import { pick } from "../../../src/metrics/group-bootstrap.ts";
import { logistic, logOdds } from "../../../src/metrics/log-odds.ts";
import { mean } from "../../../src/metrics/moments.ts";
import { shareByLabelShift } from "../../../src/metrics/shift/label-shift.ts";
import { unpairedSamples } from "../../../src/metrics/shift/unpaired-bootstrap.ts";
import { rngOf } from "../../../src/util/rng.ts";
import type { Prediction } from "../../predictions.ts";

/** Models are trained with balanced classes, so their probabilities are first fitted to the study's own share by a line through its out-of-fold log-odds. */
export function labelShift(
  model: string,
  study: readonly Prediction[],
  external: readonly Prediction[],
  { positive, seed, bootstraps }: { positive: string; seed: number; bootstraps: number },
): LabelShift | null {
  const [own, other] = [study, external].map((rows) => ({
    labels: rows.map(({ label }) => Number(label === positive)),
    groups: rows.map(({ group }) => group),
    logits: logOdds(rows.map(({ probability }) => probability)),
  }));
  const found = unpairedSamples({
    ...{ a: own, b: { groups: other.groups }, bootstraps, rng: rngOf(seed, "external", "label shift") },
    statistic(rows, others) {
      const labels = pick(own.labels, rows);
      const { slope, interceptOfSlope } = calibrationLine(labels, pick(own.logits, rows));
      if (!slope || !interceptOfSlope || slope.estimate <= 0) return NaN; // probabilities that say nothing tell no share
      const fitted = pick(other.logits, others).map((logit) => logistic(interceptOfSlope.estimate + slope.estimate * logit));
      return shareByLabelShift(fitted, mean(labels));
    },
  });
  return Number.isNaN(found.estimate) ? null : { model, study: mean(own.labels), estimated: found, external: mean(other.labels) };
}
