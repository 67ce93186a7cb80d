import * as assert from "uvu/assert";
import { auroc } from "../src/metrics/auroc.ts";
import { fitLogistic, predictLogistic } from "../src/metrics/logistic.ts";
import { oneVsRestAuroc } from "../src/metrics/multiclass-auroc.ts";
import { assertClose } from "../src/testing/close.ts";
import { describe } from "../src/testing/describe.ts";
import { range, rngOf } from "../src/util/rng.ts";
import { knnProbe, linearProbe, PENALTY_GRID, type Bank } from "./probes.ts";

/** Rows of 6 numbers of which the first tells the classes apart by `shift` standard deviations. */
function drawn(n: number, shift: number, name: string): Bank {
  const rng = rngOf(3, name);
  const labels = range(n).map((i) => i % 2);
  return {
    labels,
    inner: range(n).map((i) => (i >> 1) % 3),
    rows: labels.map((label) => [label * shift + rng.normal(), ...range(5).map(() => rng.normal())]),
  };
}

describe("frozen probes", (test) => {
  test("rank classes that the features tell apart, and do not rank those that they do not", () => {
    for (const probe of [knnProbe, linearProbe]) {
      const asked = drawn(300, 3, "queries");
      assert.ok(auroc(asked.labels, probe(drawn(120, 3, "bank"), asked.rows).scores) > 0.9);
      const chance = drawn(300, 0, "chance");
      assert.ok(Math.abs(auroc(chance.labels, probe(drawn(120, 0, "noise"), chance.rows).scores) - 0.5) < 0.12);
    }
  });

  test("choose from their grid, equally each time, and give a score for every query", () => {
    const bank = drawn(90, 0, "noise");
    const probed = linearProbe(bank, drawn(10, 0, "queries").rows);
    const { chosen, scores } = probed;
    assert.ok(PENALTY_GRID.includes(chosen));
    assert.is(scores.length, 10);
    assert.equal(linearProbe(bank, drawn(10, 0, "queries").rows), probed);
  });

  test("of two classes are the binary logistic regression, with the penalty that pooled inner AUROC prefers", () => {
    const bank = drawn(90, 1, "bank");
    const queries = drawn(10, 1, "queries").rows;
    const columns = (rows: Bank["rows"]) => range(6).map((j) => rows.map((row) => row[j]));
    const { scores, chosen, inner, model } = linearProbe(bank, queries);
    const worth = PENALTY_GRID.map(({ penalty }) => {
      const pooled = new Float64Array(90);
      for (const fold of range(3)) {
        const [held, rest] = [true, false].map((is) => range(90).filter((i) => (bank.inner![i] === fold) === is));
        const fitted = fitLogistic(
          columns(rest.map((i) => bank.rows[i])),
          rest.map((i) => bank.labels[i]),
          { penalty },
        );
        predictLogistic(fitted, columns(held.map((i) => bank.rows[i]))).forEach((p, place) => (pooled[held[place]] = p));
      }
      if (penalty === chosen.penalty)
        assertClose(
          inner!.map((row) => row[1]),
          pooled,
          { atol: 1e-9 },
        );
      return auroc(bank.labels, pooled);
    });
    assert.is(PENALTY_GRID[worth.indexOf(Math.max(...worth))], chosen);
    const whole = fitLogistic(columns(bank.rows), bank.labels, chosen);
    assertClose(scores, predictLogistic(whole, columns(queries)), { atol: 1e-9 });
    assertClose(model.weights[1], whole.weights, { atol: 1e-9 });
    assert.equal([model.intercepts[0], ...model.weights[0]], new Array(7).fill(0));
  });

  test("of three classes give shares of all, and rank each class against the rest", () => {
    const rng = rngOf(3, "three");
    const make = (n: number): Bank => {
      const labels = range(n).map((i) => i % 3);
      const rows = labels.map((label) => range(5).map((j) => rng.normal() + (j === label ? 2.5 : 0)));
      return { rows, labels, classes: 3, inner: range(n).map((i) => Math.floor(i / 3) % 3) };
    };
    const [bank, asked] = [make(150), make(150)];
    for (const probe of [knnProbe, linearProbe]) {
      const { shares, scores, inner } = probe(bank, asked.rows);
      assert.ok(oneVsRestAuroc(asked.labels, shares).macro > 0.9);
      assert.ok(oneVsRestAuroc(bank.labels, inner!).macro > 0.9);
      assertClose(
        shares.map((row) => row[0] + row[1] + row[2]),
        scores.map(() => 1),
        { atol: 1e-9 },
      );
      assert.equal(
        scores,
        shares.map((row) => row[2]),
      );
    }
  });

  test("take the usual settings where nothing can choose, and do not fail where an inner fold holds a class whole", () => {
    const bank = drawn(40, 1, "bank");
    const { rows } = drawn(5, 1, "queries");
    const without = linearProbe({ ...bank, inner: undefined }, rows);
    assert.equal([without.chosen.penalty, without.inner], [100, undefined]);
    assert.equal(knnProbe({ ...bank, inner: undefined }, rows).chosen, { k: 15, temperature: 0.1 });
    const whole = linearProbe({ ...bank, inner: bank.labels }, rows);
    assert.equal(
      whole.inner!.map((row) => row[1]),
      Array.from(bank.labels, (label) => 1 - label),
    );
  });
});
