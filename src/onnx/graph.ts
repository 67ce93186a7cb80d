/**
 * @file A network as an expression: what each value is computed from. Arithmetic that is linear in a convolution's output goes into the
 * convolution as it is written down, which is what folds batch norms. Shapes are TensorFlow's, [n, h, w, c].
 */

/** Numbers that are known: row-major, `[]` is a scalar. */
export interface Constant {
  kind: "constant";
  shape: readonly number[];
  data: ArrayLike<number>;
  /** the parameter's name, where it is one */
  name?: string;
}

/** The network's input. */
export interface Input {
  kind: "input";
  shape: readonly number[];
}

/** `scale · (x ∗ kernel) + offset` for each output channel: a convolution or a matrix product. */
export interface Linear {
  kind: "linear";
  shape: readonly number[];
  /** kernel [h, w, in, out], [h, w, in, multiplier], or [in, out] */
  form: "conv" | "depthwise" | "dense";
  x: Value;
  kernel: Constant;
  /** [out], float64 until the file is written */
  scale: Float64Array | undefined;
  offset: Float64Array | undefined;
  /** of ONNX's Conv */
  attributes: Attributes;
}

/** Any other operator of ONNX. */
export interface Operation {
  kind: "operation";
  shape: readonly number[];
  op: string;
  /** a list of whole numbers is an int64 tensor (axes, starts, pads) */
  inputs: readonly (Value | readonly bigint[])[];
  attributes: Attributes;
}

export type Attributes = Readonly<Record<string, number | readonly number[]>>;
export type Value = Constant | Input | Linear | Operation;

export const constant = (shape: readonly number[], data: ArrayLike<number>, name?: string): Constant => ({
  kind: "constant",
  shape,
  data,
  ...(name === undefined ? {} : { name }),
});

export const operation = (op: string, shape: readonly number[], inputs: Operation["inputs"], attributes: Attributes = {}): Operation => ({
  kind: "operation",
  shape,
  op,
  inputs,
  attributes,
});

/** How two values are joined element by element. */
export type Join = "Add" | "Sub" | "Mul" | "Div";

const JOINS: Record<Join, (a: number, b: number) => number> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
};

/** `a ∘ b`, broadcast as TensorFlow does; computed at once where both are known, in float64. @param shape of the result */
export function join(how: Join, shape: readonly number[], a: Value, b: Value): Value {
  if (a.kind === "constant" && b.kind === "constant") return joinConstants(how, shape, a, b);
  if (a.kind === "linear" && b.kind === "constant" && isPerChannel(b, a)) return intoLinear(how, a, b);
  if (b.kind === "linear" && a.kind === "constant" && isPerChannel(a, b) && (how === "Add" || how === "Mul")) return intoLinear(how, b, a);
  return operation(how, shape, [a, b]);
}

/** `f(x)` element by element where x is known, else nothing. */
export const mapped = (x: Value, f: (value: number) => number): Constant | undefined =>
  x.kind === "constant" ? constant(x.shape, Float64Array.from(x.data, f)) : undefined;

function joinConstants(how: Join, shape: readonly number[], a: Constant, b: Constant): Constant {
  const length = shape.reduce((product, side) => product * side, 1);
  for (const { data, shape: own } of [a, b])
    if (data.length !== length && data.length !== 1)
      throw new RangeError(`join: constants must be of one shape, or one of them a scalar, got [${own}] for [${shape}]`);
  const at = ({ data }: Constant, i: number) => data[data.length === 1 ? 0 : i];
  return constant(
    shape,
    Float64Array.from({ length }, (_, i) => JOINS[how](at(a, i), at(b, i))),
  );
}

const channelsOf = ({ shape }: Linear): number => shape[shape.length - 1];

/**
 * A number for each channel: what norms, biases and layer scales have. One number for all is part of a function (half of x in a GELU),
 * whose other parts read the same output, and would make a second convolution of it.
 */
const isPerChannel = ({ shape, data }: Constant, linear: Linear): boolean => shape.length === 1 && data.length === channelsOf(linear);

function intoLinear(how: Join, linear: Linear, { data }: Constant): Linear {
  const all = (start: Float64Array | undefined, rest: number) => Float64Array.from(data, (c, i) => JOINS[how](start ? start[i] : rest, c));
  const { scale, offset } = linear;
  return how === "Add" || how === "Sub"
    ? { ...linear, offset: all(offset, 0) }
    : { ...linear, scale: all(scale, 1), offset: offset && all(offset, 0) };
}
