import * as assert from "uvu/assert";
import { assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { sha256 } from "../util/hash.ts";
import { flattenParams } from "./flatten-params.ts";

describe("flattenParams", (test) => {
  test("makes one dotted key a leaf, and JSON of arrays and empty objects", () => {
    const config = {
      seed: 0,
      encoder: { name: "resnet10", stages: [1, 1], head: { norm: null, gone: undefined, bias: false } },
      extra: {},
      list: [],
    };
    assert.equal(flattenParams(config), {
      seed: "0",
      "encoder.name": "resnet10",
      "encoder.stages": "[1,1]",
      "encoder.head.norm": "null",
      "encoder.head.bias": "false",
      extra: "{}",
      list: "[]",
    });
  });

  test("writes numbers so that they read back equal", () => {
    const values = [0.1 + 0.2, 1e-7, -0, 5e-324, 2 ** 53];
    for (const value of values) assert.is(Number(flattenParams({ value }).value), value === 0 ? 0 : value);
  });

  test("replaces what a key may not hold, and leaves no folder in it", () => {
    assert.equal(flattenParams({ "a/b": { "c%": 1, ".d": 2, "": 3, é: 4 } }), { "a_b.c_": "1", "a_b._d": "2", "a_b._": "3", "a_b.é": "4" });
    assert.equal(flattenParams({ constructor: 1, toString: 2 }), { constructor: "1", toString: "2" });
  });

  test("refuses two settings that would share a key, and a key that is too long", async () => {
    await assertUserError(() => flattenParams({ "a/b": 1, a_b: 2 }), /param a_b would hold two settings/);
    await assertUserError(() => flattenParams({ a: { b: 1 }, "a.b": 2 }), /param a\.b would hold two settings/);
    await assertUserError(() => flattenParams({ ["x".repeat(251)]: 1 }), /cannot be stored in MLflow/);
  });

  test("names a value that is too long by its hash, never cut", () => {
    const long = "x".repeat(6001);
    assert.is(flattenParams({ long }).long, `sha256:${sha256(long)} (6001 characters)`);
    assert.is(flattenParams({ fits: "x".repeat(6000) }).fits.length, 6000);
  });
});
