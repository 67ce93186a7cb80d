import * as assert from "uvu/assert";
import { columnsOf } from "../../src/data/audit/columns.ts";
import { describe } from "../../src/testing/describe.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import { encoderOf } from "./encode.ts";

describe("encoderOf", (test) => {
  test("of the images that it was made from it gives the audit's columns", () => {
    for (const seed of range(10)) {
      const rng = rngOf(seed, "encode");
      const groups = range(40).map((i) => `g${Math.floor(i / 2)}`);
      const numbers = groups.map(() => (rng.next() < 0.2 ? undefined : rng.normal()));
      const levels = groups.map(() => (rng.next() < 0.1 ? undefined : `site ${rng.int(5)}`));
      for (const values of [numbers, levels]) {
        const encode = encoderOf(values, groups);
        const rows = values.map((value) => encode(value));
        assert.equal(
          rows[0].map((_, j) => Float64Array.from(rows, (row) => row[j])),
          columnsOf(values, groups),
        );
      }
    }
  });

  test("an unseen number is itself, a missing one the mean of those seen, with a mark", () => {
    const encode = encoderOf([1, 3, undefined], ["a", "b", "c"]);
    assert.equal([7, undefined].map(encode), [
      [7, 0],
      [2, 1],
    ]);
  });

  test("an unseen level, and one that a single group has, are as the most common one", () => {
    const encode = encoderOf(["x", "x", "x", "y", "y", "z", "z"], ["a", "b", "c", "d", "e", "f", "f"]);
    assert.equal(["x", "y", "z", "new"].map(encode), [[0], [1], [0], [0]]);
  });

  test("of nothing it makes nothing", () => {
    assert.equal(encoderOf([undefined, undefined], ["a", "b"])(3), []);
  });
});
