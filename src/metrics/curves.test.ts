/** @file The precision-recall curve, and bands around curves: areas, closed forms, nesting, and coverage of a known curve. */
import * as assert from "uvu/assert";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { equalModels } from "../testing/nulls.ts";
import { range, rngOf } from "../util/rng.ts";
import { auroc } from "./auroc.ts";
import { averagePrecision } from "./average-precision.ts";
import { precisionRecallBand, reliabilityBand, rocBand } from "./curve-band.ts";
import { normalCdf, normalQuantile } from "./normal.ts";
import { precisionRecallCurve, thinPrecisionRecall } from "./precision-recall-curve.ts";
import { reliabilityCurve } from "./reliability-curve.ts";

/** Groups of 1–3 images, probabilities in hundredths, so that there are ties. */
function sample(seed: number, groups = 40) {
  const { a, ...rest } = equalModels(rngOf(seed, "curves"), groups, 1);
  return { ...rest, scores: a.map((score) => Math.round(100 / (1 + Math.exp(-score))) / 100) };
}

describe("precisionRecallCurve", (test) => {
  test("has the average precision as the area of its steps, 20 seeds with ties", () => {
    for (const seed of range(20)) {
      const { labels, scores } = sample(seed);
      const { recall, precision } = precisionRecallCurve(labels, scores);
      const area = Array.from(recall).reduce((sum, x, i) => sum + (x - (recall[i - 1] ?? 0)) * precision[i], 0);
      assertClose(area, averagePrecision(labels, scores), { rtol: 1e-12 });
    }
  });

  test("is what counting gives at each of its thresholds", () => {
    const { labels, scores } = sample(1);
    const { recall, precision, thresholds } = precisionRecallCurve(labels, scores);
    const all = labels.filter((label) => label === 1).length;
    thresholds.forEach((threshold, i) => {
      const called = range(labels.length).filter((row) => scores[row] >= threshold);
      const hits = called.filter((row) => labels[row] === 1).length;
      assert.equal([recall[i], precision[i]], [hits / all, hits / called.length]);
    });
    assert.is(recall.at(-1), 1);
    assert.is(precisionRecallCurve([0, 0], [1, 2]).recall.length, 0);
  });

  test("thinned keeps both ends and the limit", () => {
    const curve = precisionRecallCurve(
      range(500).map((i) => i % 2),
      range(500),
    );
    const few = thinPrecisionRecall(curve, 20);
    assert.is(few.length, 20);
    assert.equal(
      [few[0], few.at(-1)],
      [
        [1 / 250, 1],
        [1, 250 / 499],
      ],
    );
    assert.is(thinPrecisionRecall(curve).length, 250);
  });
});

describe("rocBand, precisionRecallBand and reliabilityBand", (test) => {
  const options = (seed: number, bootstraps = 100) => ({ ...sample(seed), bootstraps, rng: rngOf(seed, "band") });

  test("hold the curve, lie within 0 and 1, and come out the same for the same seed", () => {
    for (const band of [rocBand, precisionRecallBand, reliabilityBand]) {
      const points = band(options(2));
      for (const { x, estimate, low, high } of points)
        assert.ok(x >= 0 && x <= 1 && low >= 0 && high <= 1 && low <= high && estimate >= 0 && estimate <= 1);
      assert.ok(points.filter(({ estimate, low, high }) => low <= estimate && estimate <= high).length >= 0.9 * points.length);
      assert.equal(band(options(2)), points);
      const wider = band({ ...options(2), level: 0.99 });
      assert.ok(wider.every(({ low, high }, i) => low <= points[i].low && high >= points[i].high));
    }
  });

  test("rocBand's curve has the AUROC as its area on a fine grid, and ends at (1, 1)", () => {
    const { labels, scores } = sample(5);
    const grid = range(20001).map((i) => i / 20000);
    const curve = rocBand({ ...options(5, 1), labels, scores }, grid);
    const area = curve.slice(1).reduce((sum, { estimate }, i) => sum + (estimate + curve[i].estimate) / 2 / 20000, 0);
    assertClose(area, auroc(labels, scores), { atol: 1e-3 }); // upright pieces lie between two places of the grid
    assert.is(curve.at(-1)!.estimate, 1);
  });

  test("rocBand and precisionRecallBand of perfect separation are 1 without width", () => {
    const labels = range(20).map((i) => i % 2);
    const perfect = { labels, scores: labels, groups: range(20), bootstraps: 20, rng: rngOf(1) };
    for (const band of [rocBand, precisionRecallBand])
      assert.ok(band(perfect).every(({ estimate, low, high }) => estimate === 1 && low === 1 && high === 1));
  });

  test("reliabilityBand's bins are those of the curve", () => {
    const { labels, scores } = sample(4);
    const curve = reliabilityCurve(labels, scores, 8);
    const band = reliabilityBand(options(4), 8);
    assertClose(
      band.flatMap(({ x, estimate }) => [x, estimate]),
      curve.flatMap(({ predicted, observed }) => [predicted, observed]),
      { atol: 1e-15 },
    );
  });

  test("rocBand covers the true sensitivity at a false positive rate of 0.3 about 95 times in 100", () => {
    // scores one apart, with variance 1 + 1 + 1/4 over groups and images
    const truth = normalCdf(1 / 1.5 + normalQuantile(0.3));
    const held = range(200).filter((seed) => {
      const { groups, labels, a } = equalModels(rngOf(seed, "band coverage"), 120, 1);
      const [{ low, high }] = rocBand({ groups, labels, scores: a, bootstraps: 199, rng: rngOf(seed, "band") }, [0.3]);
      return low <= truth && truth <= high;
    }).length;
    assert.ok(held >= 180 && held <= 198, `held ${held} of 200`);
  });

  test("refuse grids that fall or leave 0 to 1, and no bootstraps", () => {
    assert.throws(() => rocBand(options(1), [0.5, 0.4]), /grid must rise within 0 and 1, got 0.4 at 1/);
    assert.throws(() => precisionRecallBand(options(1), [0, 2]), /got 2 at 1/);
    assert.throws(() => rocBand(options(1, 0)), /bootstraps must be a whole number above 0, got 0/);
  });
});
