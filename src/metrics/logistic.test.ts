/** @file Logistic regression against scikit-learn, against the definition of its optimum, and where it could break. */
import * as assert from "uvu/assert";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { goldenCases } from "../testing/golden.ts";
import { range, rngOf, type Rng } from "../util/rng.ts";
import { fitLogistic, predictLogistic } from "./logistic.ts";
import { mean, variance } from "./moments.ts";

interface Inputs {
  columns: number[][];
  y: number[];
}
interface Expected {
  intercept: number;
  weights: number[];
  probability: number[];
}
const cases = goldenCases<Inputs, Expected>(new URL("./fixtures/logistic.json", import.meta.url), "logistic");

/** Two normal columns and labels that follow the first. */
function sample(rng: Rng, n: number) {
  const columns = range(2).map(() => range(n).map(() => rng.normal()));
  return { columns, labels: columns[0].map((value) => (rng.next() < 1 / (1 + Math.exp(-2 * value)) ? 1 : 0)) };
}

describe("fitLogistic", (test) => {
  for (const { name, inputs, params, expected } of cases)
    test(`equals scikit-learn: ${name}`, () => {
      const model = fitLogistic(inputs.columns, inputs.y, { penalty: params.penalty as number });
      assertClose([model.intercept, ...model.weights], [expected.intercept, ...expected.weights], { rtol: 1e-8, atol: 1e-9 });
      assertClose(predictLogistic(model, inputs.columns).slice(0, 5), expected.probability, { rtol: 1e-8 });
    });

  test("lies where the penalised loss has no slope, by finite differences, 20 seeds", () => {
    for (const seed of range(20)) {
      const { columns, labels } = sample(rngOf(seed, "logistic"), 30);
      const { intercept, weights } = fitLogistic(columns, labels, { penalty: 0.5 });
      // written from the definition, in the units of the columns: the penalty is on weight · standard deviation
      const lossAt = (b: number, ...w: number[]) =>
        labels.reduce<number>((sum, y, i) => {
          const p = 1 / (1 + Math.exp(-(b + w[0] * columns[0][i] + w[1] * columns[1][i])));
          return sum - Math.log(y === 1 ? p : 1 - p);
        }, 0) + columns.reduce((sum, column, j) => sum + 0.25 * w[j] ** 2 * variance(column, 0), 0);
      const at = [intercept, ...weights] as [number, number, number];
      const slopes = range(3).map((j) => {
        const moved = (h: number) => lossAt(...(at.map((value, k) => (k === j ? value + h : value)) as [number, number, number]));
        return (moved(1e-5) - moved(-1e-5)) / 2e-5;
      });
      assertClose(slopes, [0, 0, 0], { atol: 1e-8 }, `seed ${seed}`);
    }
  });

  test("without columns that tell anything, gives everyone the share of positives", () => {
    const columns = [
      [7, 7, 7, 7],
      [0.1, 0.1, 0.1, 0.1],
    ];
    const model = fitLogistic(columns, [1, 0, 0, 0], { penalty: 1 });
    assert.equal([...model.weights], [0, 0]);
    assertClose(predictLogistic(model, columns), [0.25, 0.25, 0.25, 0.25], { atol: 1e-12 });
  });

  test("does not care for the units of a column", () => {
    const { columns, labels } = sample(rngOf(1), 40);
    const before = predictLogistic(fitLogistic(columns, labels, { penalty: 1 }), columns);
    const moved = columns.map((column) => column.map((value) => 1e6 + 1e3 * value));
    assertClose(predictLogistic(fitLogistic(moved, labels, { penalty: 1 }), moved), before, { atol: 1e-9 });
  });

  test("stays finite on separable data, and puts the border between the classes", () => {
    const x = range(40).map((i) => (i < 20 ? -1 - i / 100 : 1 + i / 100));
    const labels = x.map((value) => (value > 0 ? 1 : 0));
    const model = fitLogistic([x], labels, { penalty: 1e-6 });
    assert.ok(Number.isFinite(model.weights[0]));
    assert.ok(predictLogistic(model, [x]).every((p, i) => p > 0.5 === (labels[i] === 1)));
  });

  test("finds the optimum where full Newton steps run away", () => {
    // one of 3,000 draws with heavy tails and hardly a penalty: without halving, the curvature vanishes
    const rng = rngOf(2089);
    const n = 8 + rng.int(12);
    const columns = range(2).map(() => range(n).map(() => rng.normal() * Math.exp(2.5 * rng.normal())));
    const labels = range(n).map((i) => i % 2);
    const p = predictLogistic(fitLogistic(columns, labels, { penalty: 1e-4 }), columns);
    assertClose(mean(p), mean(labels), { atol: 1e-9 }, "no slope in the intercept");
  });

  test("refuses one class, numbers that are none, other lengths and no penalty", () => {
    assert.throws(() => fitLogistic([[1, 2]], [1, 1], { penalty: 1 }), /both classes must be there, got 2 positives of 2/);
    assert.throws(() => fitLogistic([[1, NaN]], [0, 1], { penalty: 1 }), /column 0 must hold 2 finite numbers/);
    assert.throws(() => fitLogistic([[1]], [0, 1], { penalty: 1 }), /column 0 must hold 2 finite numbers, got 1 values/);
    assert.throws(() => fitLogistic([[1, 2]], [0, 1], { penalty: 0 }), /penalty must be above 0, got 0/);
    assert.throws(() => predictLogistic({ intercept: 0, weights: new Float64Array(2) }, [[1]]), /must be 2 columns, got 1/);
  });
});
