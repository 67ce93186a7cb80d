/** @file The corrected resampled t: reference values, and its error rate on folds that share their training cases. */
import * as assert from "uvu/assert";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { goldenCases } from "../testing/golden.ts";
import { crossValidatedNulls, equalClassifiers } from "../testing/cross-validated.ts";
import { assertTypeOne, binomialBand } from "../testing/type-one.ts";
import { range } from "../util/rng.ts";
import { correctedResampledT } from "./corrected-resampled-t.ts";
import { mean, sd } from "./moments.ts";
import { studentQuantile, studentTwoSidedP } from "./student-t.ts";

const file = new URL("./fixtures/golden-stats.json", import.meta.url);
const tight = { rtol: 1e-9, atol: 1e-11 };

describe("correctedResampledT", (test) => {
  test("equals the reference for 10 folds and for 5 repeats of 5", () => {
    type Expected = Record<"mean" | "se" | "t" | "df" | "p_two_sided", number> & { ci95: number[] };
    for (const { inputs, params, expected, name } of goldenCases<{ differences: number[] }, Expected>(file, "nadeau_bengio")) {
      const sizes = { trainSize: params.n_train as number, testSize: params.n_test as number };
      const { mean, se, t, df, p, low, high } = correctedResampledT(inputs.differences, sizes);
      const theirs = [expected.mean, expected.se, expected.t, expected.df, expected.p_two_sided, ...expected.ci95];
      assertClose([mean, se, t, df, p, low, high], theirs, tight, name);
    }
  });

  test("turns its sign with the values, and is wider the more cases are tested on", () => {
    const values = [0.1, -0.02, 0.05, 0.08];
    const one = correctedResampledT(values, { trainSize: 80, testSize: 20 });
    const turned = correctedResampledT(
      values.map((value) => -value),
      { trainSize: 80, testSize: 20 },
    );
    assertClose([turned.t, turned.p, turned.low], [-one.t, one.p, -one.high], tight);
    assert.ok(correctedResampledT(values, { trainSize: 50, testSize: 50 }).se > one.se);
  });

  test("has p 1 for no difference at all and none for one that never varies", () => {
    assert.equal(correctedResampledT([0, 0, 0], { trainSize: 2, testSize: 1 }).p, 1);
    const same = correctedResampledT([0.1, 0.1, 0.1], { trainSize: 2, testSize: 1 });
    assert.ok(Number.isNaN(same.p) && same.se === 0 && same.low === same.high);
  });

  test("refuses one value, sizes that are none and NaN", () => {
    assert.throws(() => correctedResampledT([1], { trainSize: 1, testSize: 1 }), /at least 2 values, got 1/);
    assert.throws(() => correctedResampledT([1, 2], { trainSize: 0, testSize: 1 }), /trainSize must be above 0, got 0/);
    assert.throws(() => correctedResampledT([1, NaN], { trainSize: 1, testSize: 1 }), /must be finite, got NaN at 1/);
  });

  test("rejects equal classifiers in 5-fold cross-validation at most about 5 times in 100", () => {
    assertTypeOne(400, crossValidatedNulls[0].pOf, { conservative: true });
  });

  test("corrects what the plain t over 3 × 5 folds gets wrong", () => {
    const plain = range(100).filter((seed) => {
      const { differences } = equalClassifiers(seed, { folds: 5, repeats: 3 });
      return studentTwoSidedP(mean(differences) / (sd(differences) / Math.sqrt(differences.length)), differences.length - 1) <= 0.05;
    }).length;
    assert.ok(plain > 1.5 * binomialBand(100, 0.05).most, `the plain t rejected ${plain} of 100`);
  });
});

describe("student-t", (test) => {
  test("knows its closed forms: one degree of freedom is Cauchy's, two have a root", () => {
    for (const t of [0.3, 1, 12, 300]) {
      assertClose(studentTwoSidedP(t, 1), 1 - (2 / Math.PI) * Math.atan(t), { rtol: 1e-9 });
      assertClose(studentTwoSidedP(-t, 2), 1 - t / Math.sqrt(2 + t * t), { rtol: 1e-9 });
    }
    assertClose(studentQuantile(0.975, 9), 2.2621571627409915, { rtol: 1e-9 });
    assertClose(studentTwoSidedP(studentQuantile(0.99, 24), 24), 0.02, { rtol: 1e-9 });
  });
});
