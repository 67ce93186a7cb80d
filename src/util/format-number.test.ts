/** @file Tests of numbers for readers. */
import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { factor, fixed, percent, pValue, signed, withInterval } from "./format-number.ts";

describe("format-number", (test) => {
  test("writes a dash for what is not a number", () => {
    for (const write of [fixed, signed, percent, factor]) assert.is(write(NaN), "–");
  });

  test("gives effects a sign, shares a per cent sign and factors a times sign", () => {
    assert.is(signed(-0.256), "−0.26");
    assert.is(signed(0.25), "+0.25");
    assert.is(percent(0.1234), "12.3 %");
    assert.is(factor(2.5), "2.50×");
  });

  test("never writes a p-value of zero", () => {
    assert.is(pValue(0.0004), "<0.001");
    assert.is(pValue(0.001), "0.001");
  });

  test("writes an interval with the estimate's own format", () => {
    assert.is(withInterval({ estimate: 0.5, low: -0.1, high: 0.62 }, signed), "+0.50 [−0.10, +0.62]");
  });
});
