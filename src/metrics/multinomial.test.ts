/** @file Multinomial logistic regression against scikit-learn, against the binary fit, and against the definition of its optimum. */
import * as assert from "uvu/assert";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { goldenCases } from "../testing/golden.ts";
import { range, rngOf } from "../util/rng.ts";
import { choleskyFactor, choleskySolve } from "./cholesky.ts";
import { conjugateGradients } from "./conjugate-gradients.ts";
import { fitLogistic } from "./logistic.ts";
import { variance } from "./moments.ts";
import { fitMultinomial, multinomialLogits } from "./multinomial.ts";

interface Inputs {
  rows: number[][];
  y: number[];
}
interface Expected {
  intercepts: number[];
  weights: number[][];
  probability: number[][];
}
const cases = goldenCases<Inputs, Expected>(new URL("./fixtures/multinomial.json", import.meta.url), "multinomial");

const softmax = (logits: ArrayLike<number>): number[] => {
  const powers = Array.from(logits, Math.exp);
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
};

/** Normal rows whose first columns tell of the class. */
function drawn(seed: number, { n, d, classes }: { n: number; d: number; classes: number }) {
  const rng = rngOf(seed, "multinomial");
  const labels = range(n).map((i) => i % classes);
  return { labels, rows: labels.map((label) => range(d).map((j) => rng.normal() + (j === label ? 1 : 0))) };
}

describe("fitMultinomial", (test) => {
  for (const { name, inputs, params, expected } of cases)
    test(`equals scikit-learn: ${name}`, () => {
      const [model] = fitMultinomial(inputs.rows, inputs.y, { classes: Number(params.classes), penalties: [Number(params.penalty)] });
      assertClose(model.intercepts, expected.intercepts, { rtol: 1e-7, atol: 1e-8 });
      assertClose(
        model.weights.flatMap((row) => [...row]),
        expected.weights.flat(),
        { rtol: 1e-7, atol: 1e-8 },
      );
      const logits = multinomialLogits(model, inputs.rows.slice(0, 5));
      assertClose(logits.flatMap(softmax), expected.probability.flat(), { rtol: 1e-7 });
    });

  test("is, of two classes under twice the penalty, the binary fit: with fewer columns than cases, and with more", () => {
    for (const d of [5, 80]) {
      const { rows, labels } = drawn(d, { n: 60, d, classes: 2 });
      const [model] = fitMultinomial(rows, labels, { classes: 2, penalties: [6] });
      const binary = fitLogistic(
        range(d).map((j) => rows.map((row) => row[j])),
        labels,
        { penalty: 3 },
      );
      assertClose(
        model.weights[1].map((weight, j) => weight - model.weights[0][j]),
        binary.weights,
        { atol: 1e-9 },
      );
      assertClose(model.intercepts[1] - model.intercepts[0], binary.intercept, { atol: 1e-9 });
    }
  });

  test("lies where the penalised loss has no slope, by finite differences, 10 seeds", () => {
    for (const seed of range(10)) {
      const { rows, labels } = drawn(seed, { n: 30, d: 2, classes: 3 });
      const [{ intercepts, weights }] = fitMultinomial(rows, labels, { classes: 3, penalties: [0.5] });
      const spreads = range(2).map((j) =>
        variance(
          rows.map((row) => row[j]),
          0,
        ),
      );
      // written from the definition, in the units of the rows: the penalty is on weight · standard deviation
      const lossAt = (at: readonly number[]) => {
        const logit = (k: number, row: readonly number[]) => at[3 * k] + at[3 * k + 1] * row[0] + at[3 * k + 2] * row[1];
        const fits = rows.reduce((sum, row, i) => sum - Math.log(softmax(range(3).map((k) => logit(k, row)))[labels[i]]), 0);
        return fits + range(3).reduce((sum, k) => sum + 0.25 * (at[3 * k + 1] ** 2 * spreads[0] + at[3 * k + 2] ** 2 * spreads[1]), 0);
      };
      const at = range(3).flatMap((k) => [intercepts[k], ...weights[k]]);
      const slopes = at.map((_, moved) => {
        const shifted = (h: number) => lossAt(at.map((value, j) => (j === moved ? value + h : value)));
        return (shifted(1e-5) - shifted(-1e-5)) / 2e-5;
      });
      assertClose(
        slopes,
        slopes.map(() => 0),
        { atol: 1e-7 },
        `seed ${seed}`,
      );
    }
  });

  test("gives each penalty the optimum that it has alone, in the order asked", () => {
    const { rows, labels } = drawn(1, { n: 50, d: 70, classes: 4 });
    const flat = ({ intercepts, weights }: ReturnType<typeof fitMultinomial>[number]) => [
      ...intercepts,
      ...weights.flatMap((row) => [...row]),
    ];
    const together = fitMultinomial(rows, labels, { classes: 4, penalties: [1, 1000, 10] });
    [1, 1000, 10].forEach((penalty, i) => {
      const [alone] = fitMultinomial(rows, labels, { classes: 4, penalties: [penalty] });
      assertClose(flat(together[i]), flat(alone), { atol: 1e-8 });
    });
  });

  test("takes constant columns and copies of columns, and gives everyone the shares of classes where nothing tells them apart", () => {
    const { rows, labels } = drawn(2, { n: 40, d: 3, classes: 2 });
    const [model] = fitMultinomial(
      rows.map(([a, b]) => [a, 0.1, a, b]),
      labels,
      { classes: 2, penalties: [1] },
    );
    assert.is(model.weights[1][1], 0);
    assertClose(model.weights[1][0], model.weights[1][2], { atol: 1e-9 });
    const [none] = fitMultinomial([[7], [7], [7], [7]], [0, 1, 2, 2], { classes: 3, penalties: [1] });
    assertClose(softmax(multinomialLogits(none, [[7]])[0]), [0.25, 0.25, 0.5], { atol: 1e-9 });
  });

  test("never predicts a class without cases", () => {
    const { rows, labels } = drawn(3, { n: 30, d: 2, classes: 2 });
    const [model] = fitMultinomial(
      rows,
      labels.map((label) => 2 * label),
      { classes: 3, penalties: [1] },
    );
    assert.is(softmax(multinomialLogits(model, rows)[0])[1], 0);
    const [two] = fitMultinomial(rows, labels, { classes: 2, penalties: [1] });
    assert.equal(model.weights[2], two.weights[1]);
  });

  test("refuses labels, numbers and penalties that are none", () => {
    const fit = (rows: number[][], labels: number[], penalty = 1) => fitMultinomial(rows, labels, { classes: 2, penalties: [penalty] });
    assert.throws(() => fit([[1], [2]], [0]), /a label for each, got 2 rows and 1 labels/);
    assert.throws(() => fit([[1], [2]], [0, 2]), /from 0 to 1, got 2 at 1/);
    assert.throws(() => fit([[1], [NaN]], [0, 1]), /row 1 must hold 1 finite numbers/);
    assert.throws(() => fit([[1], [2, 3]], [0, 1]), /row 1 must hold 1 finite numbers, got 2 values/);
    assert.throws(() => fit([[1], [2]], [0, 1], 0), /penalties must be above 0, got 0/);
    assert.throws(() => multinomialLogits(fit([[1], [2]], [0, 1])[0], [[1, 2]]), /rows must hold 1 values, got 2/);
  });
});

describe("conjugateGradients", (test) => {
  test("solves in as many products as there are unknowns, and in one with the inverse itself", () => {
    const diagonal = Float64Array.of(1, 10, 100);
    for (const [inverse, most] of [
      [(v: Float64Array) => v.slice(), 3],
      [(v: Float64Array) => v.map((value, j) => value / diagonal[j]), 1],
    ] as const) {
      let products = 0;
      const times = (v: Float64Array) => (products++, v.map((value, j) => value * diagonal[j]));
      assertClose(conjugateGradients(times, Float64Array.of(3, 20, -100), inverse, 1e-9), [3, 2, -1], { atol: 1e-8 });
      assert.ok(products <= most, `${products}`);
    }
    assert.equal(
      [
        ...conjugateGradients(
          (v) => v,
          new Float64Array(2),
          (v) => v,
          0.1,
        ),
      ],
      [0, 0],
    );
  });
});

describe("choleskyFactor", (test) => {
  test("gives the matrix back, also of lower rank, and solves with a regular one", () => {
    const rng = rngOf(4, "cholesky");
    for (const rank of [3, 7]) {
      const b = range(7).map(() => range(rank).map(() => rng.normal()));
      const a = Float64Array.from(b.flatMap((row) => b.map((other) => row.reduce((sum, value, j) => sum + value * other[j], 0))));
      const factor = choleskyFactor(a, 7);
      const back = range(49).map((at) =>
        range(7).reduce((sum, k) => sum + factor[7 * Math.floor(at / 7) + k] * factor[7 * (at % 7) + k], 0),
      );
      assertClose(back, a, { atol: 1e-12 });
      if (rank < 7) continue;
      const x = Float64Array.from(range(7), (i) => i - 3);
      const right = Float64Array.from(range(7), (i) => range(7).reduce((sum, j) => sum + a[7 * i + j] * x[j], 0));
      choleskySolve(factor, 7, right);
      assertClose(right, x, { atol: 1e-9 });
    }
    assert.throws(() => choleskyFactor(new Float64Array(3), 2), /must be \[2, 2\], got 3 values/);
  });
});
