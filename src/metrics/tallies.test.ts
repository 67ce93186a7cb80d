/** @file Counted cases: a metric of a resample by counting is the metric of its rows, bit by bit. */
import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { range, rngOf } from "../util/rng.ts";
import { auroc, aurocOf } from "./auroc.ts";
import { averagePrecision, averagePrecisionOf } from "./average-precision.ts";
import { decisionCurve, decisionCurveOf } from "./decision-curve.ts";
import { expectedCalibrationError, expectedCalibrationErrorOf } from "./expected-calibration-error.ts";
import { bootstrapDistribution, groupBootstrap, pick } from "./group-bootstrap.ts";
import { precisionRecallCurve, precisionRecallCurveOf } from "./precision-recall-curve.ts";
import { rocCurve, rocCurveOf } from "./roc-curve.ts";
import {
  sensitivityAtSpecificity,
  sensitivityAtSpecificityOf,
  specificityAtSensitivity,
  specificityAtSensitivityOf,
} from "./sensitivity-at-specificity.ts";
import { tallied, tally, type Tallies } from "./tallies.ts";

/** Groups of 1–4 cases; scores with ties, or all different. */
function sample(seed: number, ties: boolean) {
  const rng = rngOf(seed, "tallies");
  const groups = range(15).flatMap((group) => range(1 + rng.int(4)).map(() => group));
  const labels = groups.map((group) => (group % 3 === 0 ? 1 : 0));
  return { groups, labels, scores: groups.map(() => (ties ? rng.int(6) / 6 : rng.next())) };
}

/** Each metric, and the same of counted cases. */
const pairs: Record<string, [(labels: Float64Array, scores: Float64Array) => unknown, (tallies: Tallies) => unknown]> = {
  auroc: [auroc, aurocOf],
  averagePrecision: [averagePrecision, averagePrecisionOf],
  rocCurve: [rocCurve, rocCurveOf],
  precisionRecallCurve: [precisionRecallCurve, precisionRecallCurveOf],
  sensitivityAtSpecificity: [(y, s) => sensitivityAtSpecificity(y, s, 0.8), (t) => sensitivityAtSpecificityOf(t, 0.8)],
  specificityAtSensitivity: [(y, s) => specificityAtSensitivity(y, s, 0.8), (t) => specificityAtSensitivityOf(t, 0.8)],
  expectedCalibrationError: [(y, s) => expectedCalibrationError(y, s, 5), (t) => expectedCalibrationErrorOf(t, 5)],
  decisionCurve: [(y, s) => decisionCurve(y, s, [0.1, 0.5, 0.7]), (t) => decisionCurveOf(t, [0.1, 0.5, 0.7])],
};

describe("tallied", (test) => {
  for (const [name, [ofRows, ofTallies]] of Object.entries(pairs))
    test(`${name}: the same bits as of the picked rows, 20 seeds with and without ties`, () => {
      for (const seed of range(20))
        for (const ties of [true, false]) {
          const { groups, labels, scores } = sample(seed, ties);
          const counted = tallied(labels, scores, ofTallies);
          const statistic = (rows: Int32Array) => {
            assert.equal(counted(rows), ofRows(pick(labels, rows), pick(scores, rows)));
            return 0;
          };
          bootstrapDistribution({ groups, bootstraps: 10, rng: rngOf(seed), statistic });
        }
    });

  test("gives groupBootstrap the same interval, one-class resamples redrawn alike", () => {
    const { groups, labels, scores } = sample(3, true);
    const options = () => ({ groups, bootstraps: 200, rng: rngOf(1, "same") });
    assert.equal(
      groupBootstrap({ ...options(), statistic: tallied(labels, scores, aurocOf) }),
      groupBootstrap({ ...options(), statistic: (rows) => auroc(pick(labels, rows), pick(scores, rows)) }),
    );
  });
});

describe("tally", (test) => {
  test("counts distinct scores from high to low, infinite ones and both zeros too", () => {
    const { scores, positives, negatives, m, n } = tally("test", [1, 0, 1, 0, 1, 0], [Infinity, 0, -0, -Infinity, Infinity, 2]);
    assert.equal([...scores], [Infinity, 2, 0, -Infinity]);
    assert.equal([[...positives], [...negatives], m, n], [[2, 0, 1, 0], [0, 1, 1, 1], 3, 3]);
    assert.is(tally("test", [], []).scores.length, 0);
  });

  test("names its caller in errors", () => {
    assert.throws(() => tally("caller", [2], [0]), /^caller: labels must be 0 or 1, got 2 at 0$/);
  });
});
