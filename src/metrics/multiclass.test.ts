/** @file Confusion matrices, kappa and the AUROC of several classes: golden values and counting by hand. */
import * as assert from "uvu/assert";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { goldenCases } from "../testing/golden.ts";
import { range, rngOf } from "../util/rng.ts";
import { auroc } from "./auroc.ts";
import { cohenKappa } from "./cohen-kappa.ts";
import { confusionMatrix } from "./confusion-matrix.ts";
import { handTill, oneVsRestAuroc } from "./multiclass-auroc.ts";

const file = new URL("./fixtures/golden-stats.json", import.meta.url);
const tight = { rtol: 1e-9, atol: 1e-11 };
type Raters = { rater_a: number[]; rater_b: number[] };

/** Three classes with coarse scores, so that there are ties. */
function sample(seed: number) {
  const rng = rngOf(seed, "classes");
  const labels = [0, 1, 2, ...range(40).map(() => rng.int(3))];
  return { labels, scores: labels.map((label) => range(3).map((k) => (label === k ? 2 : 0) + rng.int(6))) };
}

describe("confusionMatrix", (test) => {
  test("equals the reference", () => {
    for (const { inputs, params, expected, name } of goldenCases<Raters, { confusion: number[][]; percent_agreement: number }>(
      file,
      "cohen_kappa",
    )) {
      const { counts, accuracy } = confusionMatrix(inputs.rater_a, inputs.rater_b, (params.labels as unknown as number[]).length);
      assert.equal(counts, expected.confusion, name);
      assertClose(accuracy, expected.percent_agreement, tight, name);
    }
  });

  test("has the rates of a small table", () => {
    const { counts, sensitivity, precision, balancedAccuracy } = confusionMatrix([0, 0, 0, 1, 1], [0, 0, 1, 1, 1], 3);
    assert.equal(counts, [
      [2, 1, 0],
      [0, 2, 0],
      [0, 0, 0],
    ]);
    assert.equal([sensitivity[0], sensitivity[1], precision[0], precision[1]], [2 / 3, 1, 1, 2 / 3]);
    assert.ok(Number.isNaN(sensitivity[2]) && Number.isNaN(precision[2]));
    assert.is(balancedAccuracy, (2 / 3 + 1) / 2);
  });

  test("refuses classes that are none and unequal lengths", () => {
    assert.throws(() => confusionMatrix([0], [3], 3), /whole numbers from 0 to 2, got 3 at 0/);
    assert.throws(() => confusionMatrix([0, 1], [0], 2), /got 1 answers and 2 cases/);
  });
});

describe("cohenKappa", (test) => {
  test("equals scikit-learn and statsmodels: plain, linear and quadratic, variance and interval", () => {
    for (const { inputs, expected, name } of goldenCases<Raters, Record<string, number & number[]> & { confusion: number[][] }>(
      file,
      "cohen_kappa",
    ))
      for (const [weights, key] of [
        ["equal", "unweighted"],
        ["linear", "linear"],
        ["quadratic", "quadratic"],
      ] as const) {
        const { kappa, variance, low, high } = cohenKappa(expected.confusion, weights);
        assertClose(
          [kappa, variance, low, high],
          [expected[key], expected[`${key}_var`], ...expected[`${key}_ci95`]],
          tight,
          `${name} ${key}`,
        );
        assert.ok(inputs.rater_a.length > 0);
      }
  });

  test("is 1 in full agreement, 0 for independent sides, NaN where only one class was ever named", () => {
    assert.is(
      cohenKappa([
        [3, 0],
        [0, 4],
      ]).kappa,
      1,
    );
    assertClose(
      cohenKappa([
        [6, 3],
        [4, 2],
      ]).kappa,
      0,
      { atol: 1e-12 },
    );
    assert.ok(
      Number.isNaN(
        cohenKappa([
          [5, 0],
          [0, 0],
        ]).kappa,
      ),
    );
    assert.throws(() => cohenKappa([[1, 2]]), /counts must be square/);
  });

  test("covers κ = 0.4 about 95 times in 100", () => {
    // agree by knowledge in 4 of 10, else each draws a class by itself: κ is that share
    const held = range(400).filter((seed) => {
      const rng = rngOf(seed, "kappa");
      const truth = range(150).map(() => rng.int(3));
      const said = truth.map((label) => (rng.next() < 0.4 ? label : rng.int(3)));
      const { low, high } = cohenKappa(confusionMatrix(truth, said, 3).counts);
      return low <= 0.4 && 0.4 <= high;
    }).length;
    assert.ok(held >= 366 && held <= 392, `held ${held} of 400`);
  });
});

describe("oneVsRestAuroc and handTill", (test) => {
  test("equal counting over pairs of cases, 10 seeds", () => {
    for (const seed of range(10)) {
      const { labels, scores } = sample(seed);
      /** P(a case of `own` has the higher score for class k than one of `others`) */
      const over = (k: number, own: number[], others: number[]) => {
        const wins = own.flatMap((i) => others.map((j) => (Math.sign(scores[i][k] - scores[j][k]) + 1) / 2));
        return wins.reduce((a, b) => a + b, 0) / wins.length;
      };
      const of = (...classes: number[]) => range(labels.length).filter((i) => classes.includes(labels[i]));
      const rest = range(3).map((k) => over(k, of(k), of(...range(3).filter((other) => other !== k))));
      const { macro, classes } = oneVsRestAuroc(labels, scores);
      assertClose(classes, rest, tight);
      assertClose(macro, (rest[0] + rest[1] + rest[2]) / 3, tight);
      const pair = (i: number, j: number) => (over(i, of(i), of(j)) + over(j, of(j), of(i))) / 2;
      assertClose(handTill(labels, scores), (2 / (3 * 2)) * (pair(0, 1) + pair(0, 2) + pair(1, 2)), tight);
    }
  });

  test("are the AUROC for two classes with p and 1 - p, and Hand & Till's M does not change where a class is copied", () => {
    const { labels, scores } = sample(3);
    const two = labels.map((label) => (label === 0 ? 0 : 1));
    const p = scores.map((row) => row[1] / 10);
    const rows = p.map((value) => [1 - value, value]);
    assertClose([handTill(two, rows), oneVsRestAuroc(two, rows).macro], [auroc(two, p), auroc(two, p)], tight);
    const copied = range(labels.length).flatMap((i) => (labels[i] === 2 ? [i, i, i] : [i]));
    assertClose(
      handTill(
        copied.map((i) => labels[i]),
        copied.map((i) => scores[i]),
      ),
      handTill(labels, scores),
      tight,
    );
  });

  test("leave out classes without cases, and are NaN where no pair is left", () => {
    const rows = [
      [3, 1, 0],
      [1, 2, 0],
      [2, 1, 5],
    ];
    const { macro, classes } = oneVsRestAuroc([0, 1, 0], rows);
    assert.ok(Number.isNaN(classes[2]) && !Number.isNaN(macro));
    assert.is(handTill([0, 1, 0], rows), 1);
    assert.ok(Number.isNaN(handTill([1, 1, 1], rows)) && Number.isNaN(oneVsRestAuroc([1, 1, 1], rows).macro));
  });
});
