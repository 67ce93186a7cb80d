import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { constant, join, operation, type Linear, type Value } from "./graph.ts";

const image = { kind: "input", shape: [1, 4, 4, 1] } as const;
const conv: Linear = {
  kind: "linear",
  form: "conv",
  shape: [1, 4, 4, 2],
  x: image,
  kernel: constant([1, 1, 1, 2], [1, 1]),
  scale: undefined,
  offset: undefined,
  attributes: {},
};
const { shape } = conv;
const vector = (...values: number[]) => constant([values.length], values);
const linearOf = (value: Value): [number[] | undefined, number[] | undefined] => {
  assert.is(value.kind, "linear");
  const { scale, offset } = value as Linear;
  return [scale && [...scale], offset && [...offset]];
};

describe("join", (test) => {
  test("computes what is known at once, in float64", () => {
    const sum = join("Add", [2], vector(1, 2), constant([], [1e-9]));
    assert.equal(sum, constant([2], Float64Array.of(1 + 1e-9, 2 + 1e-9)));
  });
  test("takes a batch norm into the convolution: a·y + b, then c·(a·y + b) + d = ac·y + (cb + d)", () => {
    const first = join("Add", shape, join("Mul", shape, conv, vector(2, 3)), vector(10, 20));
    assert.equal(linearOf(first), [
      [2, 3],
      [10, 20],
    ]);
    const second = join("Sub", shape, join("Mul", shape, vector(5, 7), first), vector(1, 2));
    assert.equal(linearOf(second), [
      [10, 21],
      [49, 138],
    ]);
    assert.equal(linearOf(join("Div", shape, second, vector(2, 2))), [
      [5, 10.5],
      [24.5, 69],
    ]);
  });
  test("leaves the convolution that others read as it was", () => {
    join("Mul", shape, conv, vector(2, 3));
    assert.equal(linearOf(conv), [undefined, undefined]);
  });
  test("does not take in what is no number a channel, nor what comes after a rectifier", () => {
    assert.is(join("Mul", shape, conv, constant([], [0.5])).kind, "operation");
    assert.is(join("Sub", shape, vector(1, 2), conv).kind, "operation");
    assert.is(join("Mul", shape, operation("Relu", shape, [conv]), vector(1, 2)).kind, "operation");
    assert.is(join("Add", shape, conv, conv).kind, "operation");
  });
  test("refuses known numbers that would have to be repeated", () => {
    assert.throws(() => join("Add", [2, 2], constant([2, 2], [1, 2, 3, 4]), vector(1, 2)), /^join: constants must be of one shape/);
  });
});
