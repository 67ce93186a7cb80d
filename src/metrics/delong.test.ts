/** @file DeLong's variance, interval and comparison against the direct form in numpy; error rates are in type-one.test.ts. */
import * as assert from "uvu/assert";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { goldenCases } from "../testing/golden.ts";
import { range, rngOf } from "../util/rng.ts";
import { delong, delongTest } from "./delong.ts";

const file = new URL("./fixtures/golden-stats.json", import.meta.url);
const tight = { rtol: 1e-9, atol: 1e-11 };
type Scores = { y: number[]; score1: number[]; score2: number[] };
type Expected = { var1: number; var2: number; diff: number; var_diff: number; z: number; p_two_sided: number; ci1_logit: number[] };

describe("delong", (test) => {
  test("equals the reference with and without ties", () => {
    for (const { inputs, expected, name } of goldenCases<Scores, Expected>(file, "auroc_delong")) {
      const first = delong(inputs.y, inputs.score1);
      assertClose([first.variance, first.low, first.high], [expected.var1, ...expected.ci1_logit], tight, name);
      assertClose(delong(inputs.y, inputs.score2).variance, expected.var2, tight, name);
      const { difference, variance, z, p } = delongTest(inputs.y, inputs.score1, inputs.score2);
      assertClose([difference, variance, z, p], [expected.diff, expected.var_diff, expected.z, expected.p_two_sided], tight, name);
    }
  });

  test("has no interval where the classes are perfectly separated, and calls equal rankings equal", () => {
    const labels = [0, 0, 1, 1];
    const { auroc, variance, low, high } = delong(labels, [1, 2, 3, 4]);
    assert.equal([auroc, variance], [1, 0]);
    assert.ok(Number.isNaN(low) && Number.isNaN(high));
    assert.is(delongTest(labels, [1, 3, 2, 4], [10, 30, 20, 40]).p, 1);
    assert.ok(Number.isNaN(delongTest(labels, [1, 2, 3, 4], [4, 3, 2, 1]).p));
  });

  test("covers the true AUROC in about 95 of 100 samples", () => {
    const truth = 0.7602499389065233; // Φ(1/√2), normal scores one standard deviation apart
    let covered = 0;
    for (const seed of range(400)) {
      const rng = rngOf(seed, "coverage");
      const labels = range(80).map((i) => i % 2);
      const { low, high } = delong(
        labels,
        labels.map((label) => label + rng.normal()),
      );
      covered += low <= truth && truth <= high ? 1 : 0;
    }
    assert.ok(covered / 400 > 0.92 && covered / 400 < 0.98, `covered ${covered} of 400`);
  });
});
