/** @file Quantiles, ranks, moments, Cliff's delta, Holm, Benjamini-Hochberg and the counting of tails. */
import * as assert from "uvu/assert";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { goldenCases } from "../testing/golden.ts";
import { range, rngOf } from "../util/rng.ts";
import { benjaminiHochberg } from "./benjamini-hochberg.ts";
import { cliffsDelta } from "./cliffs-delta.ts";
import { holm } from "./holm.ts";
import { mean, median, sd, variance } from "./moments.ts";
import { normalCdf, normalQuantile, twoSidedP } from "./normal.ts";
import { doubledTail, permutationTails, rejected } from "./p-values.ts";
import { quantile } from "./quantile.ts";
import { midranks, order } from "./ranks.ts";

const file = new URL("./fixtures/golden-stats.json", import.meta.url);
const tight = { rtol: 1e-9, atol: 1e-11 };

describe("quantile", (test) => {
  test("equals NumPy's default", () => {
    for (const { inputs, params, expected } of goldenCases<{ x: number[] }, { values: number[] }>(file, "quantile_R7")) {
      const q = params.q as unknown as number[];
      assertClose(
        q.map((level) => quantile(inputs.x, level)),
        expected.values,
        tight,
      );
    }
  });

  test("is NaN for no values, keeps infinite ones, and refuses levels beyond 0 and 1", () => {
    assert.ok(Number.isNaN(quantile([], 0.5)));
    assert.is(quantile([Infinity, Infinity], 0.5), Infinity);
    assert.throws(() => quantile([1], 1.1), /within 0 and 1, got 1.1/);
  });
});

describe("moments", (test) => {
  test("keep their digits far from zero", () => {
    const values = [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16];
    assert.is(mean(values), 1e9 + 10);
    assert.is(variance(values), 30);
    assert.is(variance(values, 0), 22.5);
    assertClose(sd(values), Math.sqrt(30), tight);
    assert.is(median(values), 1e9 + 10);
  });
});

describe("normal", (test) => {
  test("knows its textbook values and its far tail", () => {
    assertClose([normalCdf(1.959963984540054), normalQuantile(0.975), normalQuantile(0.5)], [0.975, 1.959963984540054, 0], { atol: 1e-12 });
    assertClose(twoSidedP(-12), 3.552964224155361e-33, { rtol: 1e-10 });
  });
});

describe("midranks", (test) => {
  test("share ranks among ties and sum to n(n + 1)/2", () => {
    assert.equal([...midranks([10, 20, 10, 30, 10])], [2, 4, 2, 5, 2]);
    assert.equal([...order([10, 20, 10, 30, 10])], [0, 2, 4, 1, 3]);
    const rng = rngOf(1, "ranks");
    const ranks = midranks(range(101).map(() => rng.int(9)));
    assert.is(
      ranks.reduce((a, b) => a + b),
      (101 * 102) / 2,
    );
  });

  test("order infinite values", () => {
    assert.equal([...midranks([Infinity, -Infinity, 0, Infinity])], [3.5, 1, 2, 3.5]);
  });
});

describe("cliffsDelta", (test) => {
  test("equals the reference and changes sign with its samples", () => {
    for (const { inputs, expected, name } of goldenCases<{ a: number[]; b: number[] }, { cliffs_delta: number }>(
      file,
      "mann_whitney_cliff_hedges",
    )) {
      assertClose(cliffsDelta(inputs.a, inputs.b), expected.cliffs_delta, tight, name);
      assertClose(cliffsDelta(inputs.b, inputs.a), -expected.cliffs_delta, tight, name);
    }
  });

  test("is 1 without overlap, 0 for equal samples, NaN for an empty one", () => {
    assert.is(cliffsDelta([5, 6], [1, 2, 3]), 1);
    assert.is(cliffsDelta([1, 2, 3], [3, 2, 1]), 0);
    assert.ok(Number.isNaN(cliffsDelta([], [1])));
  });
});

describe("multiple testing", (test) => {
  type Expected = {
    benjamini_hochberg: number[];
    holm: number[];
    "benjamini_hochberg_reject_0.05": number[];
    "holm_reject_0.05": number[];
  };

  test("equals statsmodels: adjusted values and rejections", () => {
    for (const { inputs, expected, name } of goldenCases<{ p: number[] }, Expected>(file, "multiple_testing")) {
      assertClose(benjaminiHochberg(inputs.p), expected.benjamini_hochberg, tight, name);
      assertClose(holm(inputs.p), expected.holm, tight, name);
      const positions = (reject: number[]) => reject.flatMap((is, i) => (is ? [i] : []));
      assert.equal(rejected(benjaminiHochberg(inputs.p), 0.05), positions(expected["benjamini_hochberg_reject_0.05"]));
      assert.equal(rejected(holm(inputs.p), 0.05), positions(expected["holm_reject_0.05"]));
    }
  });

  test("rejects where the step-up rule does, over 50 seeds", () => {
    for (const seed of range(50)) {
      const rng = rngOf(seed, "bh");
      const p = range(30).map(() => rng.next() ** 3);
      const sorted = [...p].sort((a, b) => a - b);
      const last = sorted.findLastIndex((value, i) => value <= (0.1 * (i + 1)) / 30);
      assert.is(rejected(benjaminiHochberg(p), 0.1).length, last + 1);
    }
  });

  test("leaves one p as it is, none as none, and refuses what is no p", () => {
    assert.equal([...holm([0.03])], [0.03]);
    assert.equal([...benjaminiHochberg([])], []);
    assert.throws(() => holm([0.2, NaN]), /got NaN at 1/);
    assert.throws(() => benjaminiHochberg([1.95]), /got 1.95 at 0/);
  });
});

describe("permutationTails", (test) => {
  test("adds the observation to a sample, not to a whole space", () => {
    assert.equal(permutationTails(5, [1, 2, 3, 4]), { greater: 0.2, less: 1 });
    assert.equal(permutationTails(4, [1, 2, 3, 4], { exact: true }), { greater: 0.25, less: 1 });
    assert.is(doubledTail({ greater: 0.2, less: 1 }), 0.4);
    assert.is(doubledTail({ greater: 0.6, less: 0.7 }), 1);
  });

  test("counts a tie that differs in the last bits on both sides", () => {
    assert.equal(permutationTails(0.3, [0.1 + 0.2, 0.1 + 0.2 - 1e-15]), { greater: 1, less: 1 });
  });

  test("never makes an undefined statistic significant", () => {
    assert.equal(permutationTails(NaN, [1, 2, 3]), { greater: 1, less: 1 });
    assert.equal(permutationTails(9, [NaN, NaN, 1]), { greater: 0.75, less: 1 });
  });
});
