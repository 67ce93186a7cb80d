/** @file AUROC, the ROC curve, average precision and Brier score against scikit-learn and counting by hand. */
import * as assert from "uvu/assert";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { goldenCases } from "../testing/golden.ts";
import { range, rngOf } from "../util/rng.ts";
import { auroc } from "./auroc.ts";
import { averagePrecision } from "./average-precision.ts";
import { brier } from "./brier.ts";
import { rocCurve, thinRoc } from "./roc-curve.ts";

const file = new URL("./fixtures/golden-stats.json", import.meta.url);
const tight = { rtol: 1e-9, atol: 1e-11 };
type Scores = { y: number[]; score1: number[]; score2: number[] };

/** The definition: every pair of a positive and a negative. */
function byPairs(labels: number[], scores: number[]): number {
  let [sum, pairs] = [0, 0];
  for (let i = 0; i < labels.length; i++)
    for (let j = 0; j < labels.length; j++)
      if (labels[i] === 1 && labels[j] === 0) {
        pairs++;
        sum += scores[i] > scores[j] ? 1 : scores[i] === scores[j] ? 0.5 : 0;
      }
  return sum / pairs;
}

/** Labels and coarse scores, so that there are ties. */
function tiedSample(seed: number) {
  const rng = rngOf(seed, "auroc");
  const labels = [0, 1, ...range(28).map(() => rng.int(2))];
  return { labels, scores: labels.map(() => rng.int(8) / 8) };
}

describe("auroc", (test) => {
  test("equals scikit-learn with and without ties", () => {
    for (const { inputs, expected, name } of goldenCases<Scores, { auc1: number; auc2: number }>(file, "auroc_delong")) {
      assertClose(auroc(inputs.y, inputs.score1), expected.auc1, tight, name);
      assertClose(auroc(inputs.y, inputs.score2), expected.auc2, tight, name);
    }
  });

  test("counts pairs, ties as one half, over 20 seeds", () => {
    for (const seed of range(20)) {
      const { labels, scores } = tiedSample(seed);
      assertClose(auroc(labels, scores), byPairs(labels, scores), { atol: 1e-12 });
    }
  });

  test("stays the same under a rising transform and turns over under a falling one", () => {
    const { labels, scores } = tiedSample(7);
    const area = auroc(labels, scores);
    assertClose(
      auroc(
        labels,
        scores.map((s) => Math.exp(5 * s) - 1000),
      ),
      area,
      { atol: 1e-12 },
    );
    assertClose(
      auroc(
        labels,
        scores.map((s) => -s),
      ),
      1 - area,
      { atol: 1e-12 },
    );
  });

  test("is one half for a constant score and NaN for one class", () => {
    assert.is(auroc([0, 1, 1, 0, 1], [3, 3, 3, 3, 3]), 0.5);
    assert.ok(Number.isNaN(auroc([1, 1], [0.2, 0.3])));
    assert.ok(Number.isNaN(auroc([], [])));
  });

  test("refuses labels other than 0 and 1, NaN scores and unequal lengths", () => {
    assert.throws(() => auroc([0, 2], [1, 1]), /labels must be 0 or 1, got 2 at 1/);
    assert.throws(() => auroc([0, 1], [1, NaN]), /must be numbers, got NaN at 1/);
    assert.throws(() => auroc([0, 1], [1]), /got 1 values and 2 labels/);
  });
});

describe("rocCurve", (test) => {
  test("equals scikit-learn point by point, collinear points kept", () => {
    for (const { inputs, expected, name } of goldenCases<Scores, { fpr: number[]; tpr: number[]; thresholds: number[] }>(
      file,
      "roc_curve_youden_ap",
    )) {
      const curve = rocCurve(inputs.y, inputs.score1);
      for (const key of ["fpr", "tpr", "thresholds"] as const) assertClose(curve[key], expected[key], tight, `${name} ${key}`);
    }
  });

  test("encloses the AUROC", () => {
    const { labels, scores } = tiedSample(3);
    const { fpr, tpr } = rocCurve(labels, scores);
    const area = range(fpr.length - 1).reduce((sum, i) => sum + ((fpr[i + 1] - fpr[i]) * (tpr[i + 1] + tpr[i])) / 2, 0);
    assertClose(area, auroc(labels, scores), { atol: 1e-12 });
  });

  test("thinned keeps both ends, the limit, and the area where only straight runs are dropped", () => {
    const rng = rngOf(1, "thin");
    const labels = range(3000).map((i) => i % 2);
    const curve = rocCurve(
      labels,
      labels.map((label) => label + 2 * rng.normal()),
    );
    const areaOf = (points: [number, number][]) =>
      points.slice(1).reduce((sum, [x, y], i) => sum + ((x - points[i][0]) * (y + points[i][1])) / 2, 0);
    const corners = thinRoc(curve, 3000);
    assert.ok(corners.length < curve.fpr.length);
    assertClose(areaOf(corners), areaOf(range(curve.fpr.length).map((i) => [curve.fpr[i], curve.tpr[i]])), { atol: 1e-9 });
    const few = thinRoc(curve, 50);
    assert.is(few.length, 50);
    assert.equal(
      [few[0], few.at(-1)],
      [
        [0, 0],
        [1, 1],
      ],
    );
    assertClose(areaOf(few), areaOf(corners), { atol: 0.01 });
  });

  test("thinned is three points for perfect separation", () => {
    assert.equal(thinRoc(rocCurve([0, 0, 0, 1, 1], [1, 2, 3, 4, 5])), [
      [0, 0],
      [0, 1],
      [1, 1],
    ]);
  });
});

describe("averagePrecision", (test) => {
  test("equals scikit-learn, not the trapezoid", () => {
    for (const { inputs, expected, name } of goldenCases<Scores, { average_precision: number }>(file, "roc_curve_youden_ap"))
      assertClose(averagePrecision(inputs.y, inputs.score1), expected.average_precision, tight, name);
  });

  test("is the share of positives for a constant score, 1 for a perfect one, NaN without positives", () => {
    assert.is(averagePrecision([0, 1, 0, 0], [5, 5, 5, 5]), 0.25);
    assert.is(averagePrecision([0, 1, 0, 1], [1, 2, 1, 3]), 1);
    assert.ok(Number.isNaN(averagePrecision([0, 0], [1, 2])));
  });
});

describe("brier", (test) => {
  test("equals the reference", () => {
    for (const { inputs, expected, name } of goldenCases<{ y: number[]; p: number[] }, { brier: number }>(file, "calibration_binary"))
      assertClose(brier(inputs.y, inputs.p), expected.brier, tight, name);
  });

  test("is a quarter for always one half, and refuses what is no probability", () => {
    assert.is(brier([0, 1, 1], [0.5, 0.5, 0.5]), 0.25);
    assert.throws(() => brier([1], [1.2]), /within 0 and 1, got 1.2 at 0/);
  });
});
