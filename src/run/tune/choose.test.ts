import * as assert from "uvu/assert";
import type { Trial } from "../../config/tune.ts";
import { tuneSchema } from "../../config/tune.ts";
import { assertUserError } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import { bestTrial } from "../../tune/history.ts";
import { range, rngOf, shuffle } from "../../util/rng.ts";
import { chooseByFold, isStrict } from "./choose.ts";

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Share of pairs that are ranked right; scores are never equal here. */
function naiveAuroc(labels: readonly number[], scores: readonly number[]): number {
  const of = (label: number) => scores.filter((_, i) => labels[i] === label);
  return mean(of(1).flatMap((high) => of(0).map((low) => Number(high > low))));
}

const trial = (number: number, folds: number[], state: Trial["state"] = "complete"): Trial => ({
  ...{ number, params: { x: number }, state, steps: {} },
  value: mean(folds),
  folds: Object.fromEntries(folds.entries()),
});

/**
 * One study on labels that are noise: 20 trials, each a fixed random score of every image, so that all have AUROC 0.5 in truth. What the inner split of a
 * fold sets aside are a third of its training images.
 * @returns pooled held-out AUROC of the nested choice, and of the best single trial
 */
function noiseStudy(seed: number): { nested: number; best: number } {
  const [images, folds, trials] = [60, 3, 20];
  const rng = rngOf(seed, "noise");
  const labels = shuffle(
    range(images).map((i) => i % 2),
    rng,
  );
  const scores = range(trials).map(() => range(images).map(() => rng.normal()));
  const areaOn = (of: readonly number[], score: readonly number[]) =>
    naiveAuroc(
      of.map((i) => labels[i]),
      of.map((i) => score[i]),
    );
  const held = (fold: number) => range(images).filter((i) => i % folds === fold);
  const aside = (fold: number) => range(images).filter((i) => i % folds !== fold && Math.floor(i / folds) % 3 === 0);
  const history = scores.map((score, number) =>
    trial(
      number,
      range(folds).map((fold) => areaOn(aside(fold), score)),
    ),
  );
  const pooled = (scoreOf: (fold: number) => readonly number[]) => {
    const of = range(folds).flatMap((fold) => held(fold).map((i) => ({ label: labels[i], score: scoreOf(fold)[i] })));
    return naiveAuroc(
      of.map(({ label }) => label),
      of.map(({ score }) => score),
    );
  };
  const chosen = chooseByFold(history, folds, "maximise");
  const best = bestTrial(history, "maximise")!;
  return { nested: pooled((fold) => scores[chosen[fold].trial]), best: pooled(() => scores[best.number]) };
}

describe("chooseByFold", (test) => {
  const trials = [
    trial(0, [0.6, 0.9, 0.7]),
    trial(1, [0.8, 0.6, 0.7]),
    trial(2, [0.9], "pruned"),
    { ...trial(3, [0.99]), state: "failed" as const },
  ];

  test("each fold takes the trial that is best there, a pruned one too and a failed one never; of equals the first", () => {
    assert.equal(
      chooseByFold(trials, 3, "maximise").map(({ trial, inner, candidates }) => [trial, inner, candidates]),
      [
        [2, 0.9, 3],
        [0, 0.9, 2],
        [0, 0.7, 2],
      ],
    );
    assert.equal(
      chooseByFold(trials, 3, "minimise").map(({ trial }) => trial),
      [0, 1, 0],
    );
  });
  test("says where no trial got to a fold", () =>
    assertUserError(() => chooseByFold([trial(0, [0.5])], 2, "maximise"), /no trial got as far as fold 1.*--timeout/));

  test("on noise the nested choice has AUROC 0.5 over 400 studies, the best single trial more", () => {
    const studies = range(400).map(noiseStudy);
    const of = (which: "nested" | "best") => {
      const values = studies.map((study) => study[which]);
      const centre = mean(values);
      const sd = Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
      return { centre, error: sd / Math.sqrt(values.length) };
    };
    const [nested, best] = [of("nested"), of("best")];
    assert.ok(Math.abs(nested.centre - 0.5) < 3 * nested.error, `nested ${nested.centre} ± ${nested.error}`);
    assert.ok(best.centre > 0.5 + 6 * best.error, `best ${best.centre} ± ${best.error}`);
  });
});

describe("isStrict", (test) => {
  const space = [{ kind: "float", path: "x", low: 0, high: 1 }];
  const strict = (sampler: string, pruner: string) =>
    isStrict(tuneSchema.parse({ space, sampler: { name: sampler }, pruner: { name: pruner } }));
  test("is so where no value leads to what is tried: no TPE, no pruning", () =>
    assert.equal(
      [strict("random", "none"), strict("sobol", "none"), strict("tpe", "none"), strict("random", "median")],
      [true, true, false, false],
    ));
});
