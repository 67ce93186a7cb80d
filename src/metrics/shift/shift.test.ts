/** @file Measures of shift against closed forms, naive loops and the published algorithm; and their error rates where nothing shifted. */
import * as assert from "uvu/assert";
import { assertClose } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import { groupedImages } from "../../testing/nulls.ts";
import { assertTypeOne } from "../../testing/type-one.ts";
import { range, rngOf } from "../../util/rng.ts";
import { auroc } from "../auroc.ts";
import { pick } from "../group-bootstrap.ts";
import { logistic } from "../log-odds.ts";
import { mean } from "../moments.ts";
import { normalCdf } from "../normal.ts";
import { widenForFolds } from "../widen-for-folds.ts";
import { distanceTest, distributionDistance } from "./distribution-distance.ts";
import { shareByLabelShift } from "./label-shift.ts";
import { principalComponents } from "./principal-components.ts";
import { standardisedDifference } from "./standardised-difference.ts";
import { foldStretch, unpairedDifference } from "./unpaired-bootstrap.ts";

describe("standardisedDifference", (test) => {
  test("is the difference of means in pooled standard deviations, whatever the unit", () => {
    const [a, b] = [
      [1, 2, 3],
      [4, 6, 8],
    ];
    assertClose(standardisedDifference(a, b), 4 / Math.sqrt((1 + 4) / 2), { rtol: 1e-15 }); // means 2 and 6, variances 1 and 4
    assertClose(
      standardisedDifference(
        a.map((x) => 7 * x - 3),
        b.map((x) => 7 * x - 3),
      ),
      standardisedDifference(a, b),
      { rtol: 1e-14 },
    );
    assert.is(standardisedDifference([5, 5], [5, 5]), 0);
    assert.is(standardisedDifference([5, 5], [6, 6]), Infinity);
  });
});

describe("distributionDistance", (test) => {
  test("agrees with the two distribution functions, looked up at every value, and the quantile form of Wasserstein's distance", () => {
    const rng = rngOf(1, "distance");
    for (const ties of [false, true]) {
      const draw = (n: number, shift: number) => range(n).map(() => (ties ? rng.int(6) + shift : rng.normal() + shift));
      const [a, b] = [draw(30, 0), draw(30, 1)];
      const share = (values: number[], x: number) => values.filter((value) => value <= x).length / values.length;
      const { ks, wasserstein } = distributionDistance(a, b);
      assertClose(ks, Math.max(...[...a, ...b].map((x) => Math.abs(share(a, x) - share(b, x)))), { atol: 1e-12 });
      const sorted = (values: number[]) => [...values].sort((x, y) => x - y);
      const [p, q] = [sorted(a), sorted(b)];
      assertClose(wasserstein, mean(p.map((x, i) => Math.abs(x - q[i]))), { atol: 1e-12 }); // equally many: sorted values pair up
    }
    assert.equal(distributionDistance([1, 2], [2, 1]), { ks: 0, wasserstein: 0 });
    assertClose(distributionDistance([0, 0, 0], [3]).wasserstein, 3, { atol: 1e-12 });
  });

  test("refuses a group of both samples", () => {
    const options = { values: [1, 2], samples: [0, 1], groups: ["g", "g"], permutations: 9, rng: rngOf(0, "x") };
    assert.throws(() => distanceTest(options), /a group must lie in one sample, got g in both/);
  });

  test("rejects at .05 about 5 times in 100 where two sets of groups are drawn alike", () => {
    assertTypeOne(
      400,
      (seed) => {
        const rng = rngOf(seed, "null shift");
        const { groups, shared, own } = groupedImages(rng, 30);
        const values = shared.map((value) => value + own());
        return distanceTest({ values, samples: groups.map((group) => (group < 12 ? 0 : 1)), groups, permutations: 39, rng }).p;
      },
      { conservative: true }, // ks is discrete
    );
  });

  test("finds a shift of one standard deviation", () => {
    const rng = rngOf(0, "shifted");
    const { groups, shared, own } = groupedImages(rng, 120);
    const samples = groups.map((group) => (group < 60 ? 0 : 1));
    const values = shared.map((value, i) => value + own() + samples[i]);
    assert.is(distanceTest({ values, samples, groups, permutations: 199, rng }).p, 1 / 200);
  });
});

describe("shareByLabelShift", (test) => {
  /** The algorithm as published: expectation and maximisation in turns. */
  const byEm = (p: number[], training: number): number => {
    let share = training;
    for (let turn = 0; turn < 5000; turn++)
      share = mean(
        p.map((value) => {
          const [positive, negative] = [(share / training) * value, ((1 - share) / (1 - training)) * (1 - value)];
          return positive / (positive + negative);
        }),
      );
    return share;
  };
  /** Scores of two normal classes two apart, with the probability that a training share of `training` gives them. */
  const cases = (n: number, share: number, training: number, seed: number) => {
    const rng = rngOf(seed, "label shift");
    return range(n).map((i) => {
      const x = (i < share * n ? 1 : -1) + rng.normal();
      return logistic(2 * x + Math.log(training / (1 - training)));
    });
  };

  test("is where expectation and maximisation end", () => {
    for (const [share, training] of [
      [0.2, 0.5],
      [0.7, 0.3],
      [0.5, 0.5],
    ]) {
      const p = cases(200, share, training, 1);
      assertClose(shareByLabelShift(p, training), byEm(p, training), { atol: 1e-6 });
    }
  });
  test("finds the share of 20,000 cases within 0.01, and tells all from none", () => {
    assertClose(shareByLabelShift(cases(20_000, 0.15, 0.5, 2), 0.5), 0.15, { atol: 0.01 });
    assert.is(shareByLabelShift([1, 1, 0.99], 0.5), 1);
    assert.is(shareByLabelShift([0, 0.01], 0.5), 0);
    assertClose(shareByLabelShift([0, 0, 0, 1], 0.5), 0.25, { atol: 1e-9 }); // certain scores are counted
  });
  test("refuses a training share of nothing or all", () => {
    assert.throws(() => shareByLabelShift([0.5], 1), /training must be above 0 and below 1, got 1/);
    assert.throws(() => shareByLabelShift([], 0.5), /there must be a case, got none/);
  });
});

describe("principalComponents", (test) => {
  const rng = rngOf(3, "components");
  /** Along (3, 4) / 5 with standard deviation 10, across with 1. */
  const flat = range(400).map(() => {
    const [long, short] = [10 * rng.normal(), rng.normal()];
    return [0.6 * long - 0.8 * short + 7, 0.8 * long + 0.6 * short];
  });
  test("finds the long axis of a cloud of points", () => {
    const [first, second] = principalComponents(flat, 5);
    const along = flat.map(([x, y]) => 0.6 * x + 0.8 * y);
    const centre = mean(along);
    const sign = Math.sign(first[0] * (along[0] - centre));
    const error = Math.sqrt(mean(along.map((value, i) => (sign * first[i] - (value - centre)) ** 2)));
    assert.ok(error < 0.2, `off by ${error}`); // the axis itself is estimated: about 10 · 1/√400 · a few tenths
    assert.ok(Math.abs(mean(first)) < 1e-9 && Math.abs(mean(second)) < 1e-9);
  });
  test("keeps distances between cases where all components are kept, with fewer cases than features too", () => {
    for (const d of [3, 40]) {
      const rows = range(12).map(() => range(d).map(() => rng.normal()));
      const scores = principalComponents(rows, d);
      assert.is(scores.length, Math.min(d, 11));
      const far = (i: number, j: number, at: (k: number, of: number) => number, count: number) =>
        Math.hypot(...range(count).map((k) => at(k, i) - at(k, j)));
      assertClose(
        far(2, 7, (k, of) => scores[k][of], scores.length),
        far(2, 7, (k, of) => rows[of][k], d),
        { rtol: 1e-9 },
      );
    }
  });
});

describe("unpairedDifference", (test) => {
  /** Scores of a sample of groups; a model's AUROC is Φ(1 / √(2 · 1.25)) on both. */
  const sample = (seed: number, name: string, count: number) => {
    const rng = rngOf(seed, name);
    const { groups, labels, shared, own } = groupedImages(rng, count);
    const scores = shared.map((value, i) => labels[i] + value + own());
    return { groups, labels, scores, statistic: (rows: Int32Array) => auroc(pick(labels, rows), pick(scores, rows)) };
  };
  test("is the difference of the estimates, within its interval", () => {
    const [a, b] = [sample(0, "a", 60), sample(0, "b", 200)];
    const { estimate, low, high } = unpairedDifference({ a, b, bootstraps: 200, rng: rngOf(0, "unpaired") });
    assertClose(estimate, auroc(b.labels, b.scores) - auroc(a.labels, a.scores), { atol: 1e-15 });
    assert.ok(low < estimate && estimate < high);
    assert.ok(Math.abs(auroc(b.labels, b.scores) - normalCdf(1 / Math.sqrt(2.5))) < 0.1);
  });
  test("says a difference where there is none about 5 times in 100", () => {
    assertTypeOne(200, (seed) => {
      const [a, b] = [sample(seed, "a", 40), sample(seed, "b", 80)];
      const { low, high } = unpairedDifference({ a, b, bootstraps: 199, rng: rngOf(seed, "unpaired") });
      return low > 0 || high < 0 ? 0 : 1;
    });
  });
  test("stretches an out-of-fold estimate as widenForFolds does", () => {
    const a = { ...sample(0, "a", 60), stretch: foldStretch(5) };
    const b = { groups: [0], statistic: () => 0 };
    const plain = unpairedDifference({ a: { ...a, stretch: 1 }, b, bootstraps: 400, rng: rngOf(0, "unpaired") });
    const wide = unpairedDifference({ a, b, bootstraps: 400, rng: rngOf(0, "unpaired") });
    const expected = widenForFolds({ estimate: -plain.estimate, low: -plain.high, high: -plain.low }, 5);
    assertClose([wide.low, wide.high], [-expected.high, -expected.low], { atol: 1e-12 });
    assert.is(foldStretch(1), 1);
  });
});
