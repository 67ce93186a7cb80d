import * as assert from "uvu/assert";
import { assertClose } from "../../src/testing/close.ts";
import { describe } from "../../src/testing/describe.ts";
import { auroc } from "../../src/metrics/auroc.ts";
import { fitLogistic, predictLogistic } from "../../src/metrics/logistic.ts";
import { mean, sd } from "../../src/metrics/moments.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import { heldOutPredictions, type FoldedCases } from "./held-out.ts";

const FOLDS = 4;
/** 80 images of 40 groups, half of them positive, as many in each fold. */
const cases: FoldedCases = {
  labels: range(80).map((i) => Math.floor(i / 2) % 2),
  groups: range(80).map((i) => Math.floor(i / 2)),
  folds: range(80).map((i) => Math.floor(i / 4) % FOLDS),
};
const scoresOf = (found: ReturnType<typeof heldOutPredictions>) => found.map((one) => one!.score);
const noise = (seed: number) => range(80).map(() => rngOf(seed, "noise").normal());

describe("heldOutPredictions", (test) => {
  test("a feature that tells the class in one fold only is worth nothing: no fold is fitted on itself", () => {
    const rows = range(80).map((i) => [cases.folds[i] === 2 ? cases.labels[i] : 0]);
    assert.is(auroc(cases.labels, scoresOf(heldOutPredictions(rows, cases))), 0.5);
  });

  test("labels and features of the held-out fold change nothing of what others learn of it", () => {
    const rng = rngOf(4, "features");
    const rows = range(80).map((i) => [cases.labels[i] + rng.normal(), rng.normal()]);
    const before = heldOutPredictions(rows, cases);
    const turned = range(80).map((i) => (cases.folds[i] === 1 ? 1 - cases.labels[i] : cases.labels[i]));
    const spoiled = rows.map((row, i) => (cases.folds[i] === 1 && i !== 4 ? [1e6, -1e6] : row));
    assert.is(cases.folds[4], 1);
    const after = heldOutPredictions(spoiled, { ...cases, labels: turned });
    assert.equal(after[4], before[4]);
    assert.not.equal(after[0], before[0]);
  });

  test("without choice it is the logistic regression of the other folds", () => {
    // two groups of a class leave one of it in every training fold: nothing to choose the penalty by
    const few: FoldedCases = { labels: [0, 0, 1, 0, 0, 1], groups: range(6), folds: [0, 0, 0, 1, 1, 1] };
    const values = [0.1, 1.2, 2, -0.3, 0.4, 1.5];
    const found = heldOutPredictions(
      values.map((value) => [value]),
      few,
    );
    const model = fitLogistic([values.slice(3)], [0, 0, 1], { penalty: 1 });
    const expected = predictLogistic(model, [values.slice(0, 3)]);
    range(3).forEach((i) => assertClose(found[i]!.probability, expected[i], { rtol: 1e-9 }));
    assertClose(found[0]!.score, Math.log(expected[0] / (1 - expected[0])) - Math.log(1 / 2), { rtol: 1e-9 });
  });

  test("without features it says the training folds' prevalence, and ranks nothing", () => {
    const labels = range(80).map((i) => Number(cases.folds[i] === 0 || i % 4 === 0));
    const found = heldOutPredictions(
      range(80).map(() => []),
      { ...cases, labels },
    );
    for (const fold of range(FOLDS)) {
      const expected = mean(range(80).flatMap((i) => (cases.folds[i] === fold ? [] : labels[i])));
      range(80).forEach((i) => cases.folds[i] === fold && assert.equal(found[i], { score: 0, probability: expected, fold }));
    }
  });

  test("images without features neither train nor are predicted", () => {
    const rng = rngOf(5, "features");
    const rows = range(80).map((i) => (i % 5 === 0 ? null : [cases.labels[i] + rng.normal()]));
    const found = heldOutPredictions(rows, cases);
    const kept = range(80).filter((i) => rows[i] !== null);
    const only = <T>(values: ArrayLike<T>) => kept.map((i) => values[i]);
    const alone = heldOutPredictions(only(rows), { labels: only(cases.labels), groups: only(cases.groups), folds: only(cases.folds) });
    assert.equal(
      found,
      range(80).map((i) => (rows[i] === null ? null : alone[kept.indexOf(i)])),
    );
  });

  test("a training fold of one class says that class; images that no other fold trains for are left out", () => {
    const one = heldOutPredictions([[1], [2], [3], [4]], { labels: [0, 0, 0, 1], groups: range(4), folds: [0, 0, 1, 1] });
    assert.equal(one[2], { score: 0, probability: 0, fold: 1 });
    assert.equal(heldOutPredictions([[1], null], { labels: [0, 1], groups: [0, 1], folds: [0, 1] }), [null, null]);
  });

  test("a feature that says much is found, and its weight is in the units that it came in", () => {
    const rng = rngOf(6, "features");
    const rows = range(80).map((i) => [1e6 * (3 * cases.labels[i] + rng.normal()), rng.normal() / 1e6]);
    assert.ok(auroc(cases.labels, scoresOf(heldOutPredictions(rows, cases))) > 0.95);
  });

  test("on noise the pooled AUROC is 0.5 on average, also where folds differ in their share of positives", () => {
    const areas = range(40).map((seed) => {
      const rng = rngOf(seed, "uneven");
      const positive = range(40).map(() => Number(rng.next() < 0.4));
      const uneven = { ...cases, labels: range(80).map((i) => positive[Math.floor(i / 2)]) };
      const values = noise(seed);
      return auroc(
        uneven.labels,
        scoresOf(
          heldOutPredictions(
            values.map((value) => [value]),
            uneven,
          ),
        ),
      );
    });
    assert.ok(Math.abs(mean(areas) - 0.5) < (3.3 * sd(areas)) / Math.sqrt(areas.length), `mean ${mean(areas)}`);
  });
});
