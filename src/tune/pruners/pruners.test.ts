import { readFileSync } from "node:fs";
import * as assert from "uvu/assert";
import { medianSchema, wilcoxonSchema, type Trial } from "../../config/tune.ts";
import { assertClose } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import { assertTypeOne } from "../../testing/type-one.ts";
import { range, rngOf } from "../../util/rng.ts";
import { signedRankGreater } from "../signed-rank.ts";
import { shouldStop } from "./registry.ts";

interface Golden {
  signedRank: { differences: number[]; greater: number; less: number }[];
  median: {
    settings: { n_warmup_steps?: number; interval_steps?: number; n_min_trials?: number; n_startup_trials?: number };
    direction: "minimize" | "maximize";
    finished: Record<string, number>[];
    steps: Record<string, number>;
    prune: boolean[];
  }[];
  wilcoxon: { direction: "minimize" | "maximize"; best: Record<string, number>; folds: Record<string, number>; prune: boolean[] }[];
}
const golden = JSON.parse(readFileSync(new URL("../fixtures/golden.json", import.meta.url), "utf8")) as Golden;
const trial = (number: number, rest: Partial<Trial>): Trial => ({
  number,
  params: {},
  state: "complete",
  value: 0,
  steps: {},
  folds: {},
  ...rest,
});
const running = (rest: Partial<Trial>): Trial => trial(99, { state: "running", value: null, ...rest });
const british = { minimize: "minimise", maximize: "maximise" } as const;

describe("signedRankGreater", (test) => {
  test("equals scipy's zsplit test, both sides: exact, with ties, with zeros, and beyond 50", () => {
    for (const { differences, greater, less } of golden.signedRank) {
      const what = `${differences.length}: ${differences.slice(0, 6).join(", ")}`;
      // 1e-9: scipy's own normal distribution; exact counts agree to the last digits
      assertClose(signedRankGreater(differences), greater, { rtol: 1e-9 }, what);
      assertClose(signedRankGreater(differences.map((d) => -d)), less, { rtol: 1e-9 }, what);
    }
  });

  test("equals counting all signs of 12 ranks with ties and zeros", () => {
    for (const seed of range(20)) {
      const rng = rngOf(seed);
      const differences = range(12).map(() => rng.int(7) - 2);
      const size = differences.map(Math.abs);
      const rank = size.map((a) => size.filter((b) => b < a).length + (size.filter((b) => b === a).length + 1) / 2);
      const sum = (signs: number) =>
        differences.reduce((total, d, i) => total + (d === 0 ? rank[i] / 2 : (signs >> i) & 1 ? rank[i] : 0), 0);
      const observed = sum(differences.reduce((bits, d, i) => bits | (d > 0 ? 1 << i : 0), 0));
      const count = range(2 ** 12).filter((signs) => sum(signs) >= observed).length;
      assertClose(signedRankGreater(differences), count / 2 ** 12, { atol: 1e-12 }, `seed ${seed}`);
    }
  });

  for (const n of [6, 20, 60])
    test(`rejects at its level, or less often as ranks are few: ${n} pairs, 2,000 tests without a difference`, () => {
      assertTypeOne(
        2000,
        (seed) => {
          const rng = rngOf(seed, "null", n);
          return signedRankGreater(range(n).map(() => rng.normal()));
        },
        { conservative: n < 60 },
      );
    });

  test("no differences say nothing; what is not finite is refused", () => {
    assert.is(signedRankGreater([]), 1);
    assert.throws(() => signedRankGreater([1, NaN]), /differences must be finite, got 1, NaN/);
  });
});

describe("median pruner", (test) => {
  test("decides as Optuna's, step by step, under four settings and both directions", () => {
    golden.median.forEach(({ settings, direction, finished, steps, prune }, i) => {
      const config = medianSchema.parse({
        name: "median",
        startupTrials: settings.n_startup_trials,
        warmupSteps: settings.n_warmup_steps,
        interval: settings.interval_steps,
        leastTrials: settings.n_min_trials,
      });
      const seen = finished.map((each, number) => trial(number, { steps: each }));
      const known: Record<string, number> = {};
      const ours = Object.entries(steps).map(([step, value]) => {
        known[step] = value;
        const look = { direction: british[direction], seen, trial: running({ steps: { ...known } }), reported: { step: Number(step) } };
        return shouldStop(look, config);
      });
      assert.equal(ours, prune, `case ${i}`);
    });
    assert.ok(golden.median.some(({ prune }) => prune.includes(true)) && golden.median.some(({ prune }) => prune.includes(false)));
  });

  test("folds are no steps, and fewer than five complete trials stop nothing", () => {
    const config = medianSchema.parse({ name: "median" });
    const seen = range(5).map((number) => trial(number, { steps: { 0: 0 }, folds: { 0: 0 } }));
    const look = { direction: "minimise" as const, seen, trial: running({ steps: { 0: 9 }, folds: { 0: 9 } }) };
    assert.is(shouldStop({ ...look, reported: { step: 0 } }, config), true);
    assert.is(shouldStop({ ...look, reported: { fold: 0 } }, config), false);
    assert.is(shouldStop({ ...look, seen: seen.slice(1), reported: { step: 0 } }, config), false);
  });
});

describe("wilcoxon pruner", (test) => {
  const config = wilcoxonSchema.parse({ name: "wilcoxon" });

  test("decides as Optuna's, fold by fold, for better, equal and worse trials", () => {
    golden.wilcoxon.forEach(({ direction, best, folds, prune }, i) => {
      const seen = [trial(0, { folds: best })];
      const known: Record<string, number> = {};
      const ours = Object.entries(folds).map(([fold, value]) => {
        known[fold] = value;
        return shouldStop(
          { direction: british[direction], seen, trial: running({ folds: { ...known } }), reported: { fold: Number(fold) } },
          config,
        );
      });
      assert.equal(ours, prune, `case ${i}`);
    });
    assert.ok(golden.wilcoxon.some(({ prune }) => prune.includes(true)));
  });

  test("a trial worse in every fold is stopped at the fourth, never before", () => {
    const seen = [trial(0, { value: 0.8, folds: { 0: 0.8, 1: 0.8, 2: 0.8, 3: 0.8, 4: 0.8 } })];
    const at = (folds: number) => {
      const worse = Object.fromEntries(range(folds).map((fold) => [fold, 0.7 - fold / 100]));
      return shouldStop({ direction: "maximise", seen, trial: running({ folds: worse }), reported: { fold: folds - 1 } }, config);
    };
    assert.equal([1, 2, 3, 4, 5].map(at), [false, false, false, true, true]);
  });

  test("compares with the best complete trial on the folds that both have, and stops nothing without one", () => {
    const folds = (value: number) => Object.fromEntries(range(6).map((fold) => [fold, value + fold / 1000]));
    const look = (seen: Trial[]) =>
      shouldStop({ direction: "minimise", seen, trial: running({ folds: folds(0.5) }), reported: { fold: 5 } }, config);
    assert.is(look([]), false);
    assert.is(look([trial(0, { value: 0.1, state: "pruned", folds: folds(0.1) })]), false);
    assert.is(look([trial(0, { value: 0.9, folds: folds(0.9) }), trial(1, { value: 0.1, folds: folds(0.1) })]), true);
    assert.is(look([trial(1, { value: 0.1, folds: { 7: 0.1, 8: 0.1 } })]), false);
  });

  test("over 1,000 trials of 15 folds each: better ones are hardly ever stopped, much worse ones nearly always", () => {
    const folds = range(15);
    const seen = [trial(0, { folds: Object.fromEntries(folds.map((fold) => [fold, 0])) })];
    const stopped = (shift: number) =>
      range(1000).filter((seed) => {
        const rng = rngOf(seed, "rates", `${shift}`);
        const known: Record<string, number> = {};
        return folds.some((fold) => {
          known[fold] = shift + rng.normal();
          return shouldStop({ direction: "minimise", seen, trial: running({ folds: { ...known } }), reported: { fold } }, config);
        });
      }).length;
    assert.ok(stopped(-0.5) < 40, "half a standard deviation better");
    // twelve looks at p < 0.1 each: far more than 10 %, as Armitage, McPherson & Rowe 1969 found of repeated tests (doi:10.2307/2343787)
    const equal = stopped(0);
    assert.ok(equal > 150 && equal < 350, `equal: ${equal}`);
    assert.ok(stopped(1) > 970, "one standard deviation worse");
  });
});
