/** @file Tests of verdicts. */
import * as assert from "uvu/assert";
import { describe } from "../src/testing/describe.ts";
import { verdictOf, verdictRule } from "./verdict.ts";

const row = (p: number, pHolm: number, estimate: number) => ({ p, pHolm, effect: { estimate, low: -1, high: 1 } });

describe("verdictOf", (test) => {
  test("supports what survives the correction and does not hang on the zone's size", () => {
    assert.is(verdictOf(row(0.001, 0.02, 0.5), row(0.04, 0.6, 0.2), 0.05), "supported");
  });

  test("is suggestive where the correction fails, the other measure is silent, or it points the other way", () => {
    assert.is(verdictOf(row(0.01, 0.16, 0.5), row(0.01, 0.16, 0.5), 0.05), "suggestive");
    assert.is(verdictOf(row(0.001, 0.02, 0.5), row(0.3, 1, 0.1), 0.05), "suggestive");
    assert.is(verdictOf(row(0.001, 0.02, 0.5), row(0.001, 0.02, -0.5), 0.05), "suggestive");
    assert.is(verdictOf(row(0.001, 0.02, 0.5), undefined, 0.05), "suggestive");
  });

  test("supports nothing above alpha", () => {
    assert.is(verdictOf(row(0.051, 0.051, 0.9), row(0.001, 0.001, 0.9), 0.05), "not supported");
  });
});

describe("verdictRule", (test) => {
  test("says where too few permutations were run for any row to be supported", () => {
    assert.match(verdictRule(0.05, 99, 16), /no row of 16 can be supported: set analysis\.permutations to at least 319\.$/);
    assert.match(verdictRule(0.05, 319, 16), /neither\.$/);
  });
});
