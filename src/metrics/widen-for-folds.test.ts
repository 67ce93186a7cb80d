/** @file The interval of an out-of-fold estimate: its factor, its ends, and how often it holds 0.5 on labels that mean nothing. */
import * as assert from "uvu/assert";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { noiseStudy } from "../testing/noise-study.ts";
import { binomialBand } from "../testing/type-one.ts";
import { range, rngOf } from "../util/rng.ts";
import { aurocOf } from "./auroc.ts";
import { groupBootstrap } from "./group-bootstrap.ts";
import { tallied } from "./tallies.ts";
import { widenForFolds } from "./widen-for-folds.ts";

describe("widenForFolds", (test) => {
  test("is 1.5 times as wide for 5 folds, each side by itself, and about √2 times for many", () => {
    const { low, high } = widenForFolds({ estimate: 0.6, low: 0.5, high: 0.64 }, 5);
    assertClose([low, high], [0.45, 0.66], { rtol: 1e-12 });
    assertClose(widenForFolds({ estimate: 0.6, low: 0.5, high: 0.64 }, 1e6).low, 0.6 - Math.SQRT2 * 0.1, { atol: 1e-6 });
  });

  test("stays within 0 and 1, keeps NaN and what else there is", () => {
    assert.equal(widenForFolds({ estimate: 0.9, low: 0.1, high: 0.99, name: "a" }, 5), { estimate: 0.9, low: 0, high: 1, name: "a" });
    assert.ok(Number.isNaN(widenForFolds({ estimate: NaN, low: NaN, high: NaN }, 5).low));
    assert.throws(() => widenForFolds({ estimate: 0, low: 0, high: 0 }, 1), /folds must be a whole number of at least 2, got 1/);
  });

  test("holds 0.5 at least about 95 times in 100 on noise, where the bootstrap alone does not", () => {
    const intervals = range(150).map((seed) => {
      const { groups, labels, scores } = noiseStudy(seed, { groups: 90, features: 5, folds: 5, model: "logistic" });
      return groupBootstrap({ groups, labels, statistic: tallied(labels, scores, aurocOf), bootstraps: 199, rng: rngOf(seed) });
    });
    const missed = (folds: number) =>
      intervals.filter((one) => {
        const { low, high } = folds === 0 ? one : widenForFolds(one, folds);
        return low > 0.5 || high < 0.5;
      }).length;
    const { most } = binomialBand(150, 0.05);
    assert.ok(missed(5) <= most, `widened: missed ${missed(5)} of 150`);
    assert.ok(missed(0) > most, `bootstrap alone: missed ${missed(0)} of 150`);
  });
});
