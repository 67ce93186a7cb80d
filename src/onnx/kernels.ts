/**
 * @file The kernels of TensorFlow.js that networks are made of, each as operators of ONNX (opset 17). A value of four axes is NHWC in
 * TensorFlow and NCHW in ONNX: kernels speak of TensorFlow's axes here, and of ONNX's in what they put out.
 * Reference: https://github.com/onnx/onnx/blob/v1.12.0/docs/Operators.md.
 */
import { tf } from "../engine/tf.ts";
import { constant, join, mapped, operation, type Join, type Linear, type Value } from "./graph.ts";

/** What a kernel is called with; inputs by TensorFlow.js's names for them. */
export type Kernel = (inputs: Readonly<Record<string, Value>>, attributes: tf.NamedAttrMap) => Value;

const int = (...values: number[]): bigint[] => values.map(BigInt);

/** An axis of TensorFlow as ONNX's. */
const axisOf = (axis: number, rank: number): number => (rank === 4 ? [0, 2, 3, 1][axis] : axis);

/** @throws RangeError in the kernel's name, where the network does what no export is written for */
function must(holds: boolean, kernel: string, what: string): asserts holds {
  if (!holds) throw new RangeError(`exportOnnx: ${kernel} must ${what}`);
}

const binary =
  (how: Join): Kernel =>
  ({ a, b }) =>
    join(how, tf.backend_util.assertAndGetBroadcastShape([...a.shape], [...b.shape]), a, b);

/** An operator of one input; computed where that is known. */
const unary =
  (op: string, known?: (value: number) => number): Kernel =>
  ({ x }) =>
    (known && mapped(x, known)) ?? operation(op, x.shape, [x]);

const clip = (x: Value, low: number, high: number): Value => operation("Clip", x.shape, [x, constant([], [low]), constant([], [high])]);

type Four = [number, number, number, number];

const conv =
  (form: "conv" | "depthwise"): Kernel =>
  ({ x, filter }, attributes) => {
    const { strides, pad, dilations, dimRoundingMode } = attributes as unknown as tf.Conv2DAttrs;
    must(filter.kind === "constant", "Conv2D", "have a kernel of known numbers");
    const [height, width] = filter.shape;
    const { padInfo, outShape, ...found } = tf.backend_util.computeConv2DInfo(
      [...x.shape] as Four,
      [...filter.shape] as Four,
      strides,
      dilations ?? 1,
      pad,
      dimRoundingMode,
      form === "depthwise",
    );
    return {
      kind: "linear",
      form,
      shape: outShape,
      x,
      kernel: filter,
      scale: undefined,
      offset: undefined,
      attributes: {
        kernel_shape: [height, width],
        strides: [found.strideHeight, found.strideWidth],
        dilations: [found.dilationHeight, found.dilationWidth],
        pads: [padInfo.top, padInfo.left, padInfo.bottom, padInfo.right],
        group: form === "depthwise" ? x.shape[3] : 1,
      },
    } satisfies Linear;
  };

const pool =
  (op: "AveragePool" | "MaxPool"): Kernel =>
  ({ x }, attributes) => {
    const { filterSize, strides, pad, dimRoundingMode } = attributes as unknown as tf.AvgPoolAttrs;
    const found = tf.backend_util.computePool2DInfo([...x.shape] as Four, filterSize, strides, 1, pad, dimRoundingMode);
    const { top, left, bottom, right } = found.padInfo;
    return operation(op, found.outShape, [x], {
      kernel_shape: [found.filterHeight, found.filterWidth],
      strides: [found.strideHeight, found.strideWidth],
      pads: [top, left, bottom, right],
    });
  };

const matMul: Kernel = ({ a, b }, attributes) => {
  const { transposeA, transposeB } = attributes as unknown as tf.BatchMatMulAttrs;
  must(
    b.kind === "constant" && a.shape.length === 2 && !transposeA && !transposeB,
    "MatMul",
    "be of rows and a known, untransposed matrix",
  );
  const shape = [a.shape[0], b.shape[1]];
  return { kind: "linear", form: "dense", shape, x: a, kernel: b, scale: undefined, offset: undefined, attributes: {} };
};

const mean: Kernel = ({ x }, attributes) => {
  const { axis, keepDims } = attributes as unknown as tf.MeanAttrs;
  const rank = x.shape.length;
  const axes = tf.util.parseAxisParam(axis, [...x.shape]);
  // where the channels stay and rows or columns do, the axes that are left would come in another order
  must(keepDims || rank < 4 || axes.includes(3) || (axes.includes(1) && axes.includes(2)), "Mean", "keep its axes, or leave no grid");
  const left = x.shape.map((side, i) => (axes.includes(i) ? 1 : side));
  const shape = keepDims ? left : left.filter((_, i) => !axes.includes(i));
  return operation("ReduceMean", shape, [x], { axes: axes.map((each) => axisOf(each, rank)), keepdims: keepDims ? 1 : 0 });
};

const reshape: Kernel = ({ x }, attributes) => {
  const length = x.shape.reduce((product, side) => product * side, 1);
  const shape = tf.util.inferFromImplicitShape((attributes as unknown as tf.ReshapeAttrs).shape, length);
  if (x.kind === "constant") return { ...x, shape };
  must(shape.join() === x.shape.join(), "Reshape", `keep the shape of what depends on the image, got [${x.shape}] to [${shape}]`);
  return x;
};

const concat: Kernel = (inputs, attributes) => {
  const values = Object.values(inputs);
  const rank = values[0].shape.length;
  const axis = tf.util.parseAxisParam((attributes as unknown as tf.ConcatAttrs).axis, [...values[0].shape])[0];
  const shape = tf.backend_util.computeOutShape(
    values.map((value) => [...value.shape]),
    axis,
  );
  return operation("Concat", shape, values, { axis: axisOf(axis, rank) });
};

const slice: Kernel = ({ x }, attributes) => {
  const { begin, size } = attributes as unknown as tf.SliceAttrs;
  const [starts, sizes] = tf.slice_util.parseSliceParams({ shape: [...x.shape] } as tf.Tensor, begin, size);
  must(starts[0] === 0 && sizes[0] === x.shape[0], "Slice", "leave every image of the batch");
  const cut = x.shape.flatMap((side, i) => (sizes[i] === side ? [] : [i]));
  const ends = cut.map((i) => starts[i] + sizes[i]);
  const axes = cut.map((i) => axisOf(i, x.shape.length));
  if (cut.length === 0) return x;
  return operation("Slice", sizes, [x, int(...cut.map((i) => starts[i])), int(...ends), int(...axes)]);
};

const pad: Kernel = ({ x }, attributes) => {
  const { paddings, constantValue } = attributes as unknown as tf.PadV2Attrs;
  const order = x.shape.length === 4 ? [0, 3, 1, 2] : x.shape.map((_, i) => i);
  const shape = x.shape.map((side, i) => side + paddings[i][0] + paddings[i][1]);
  const pads = [0, 1].flatMap((end) => order.map((i) => paddings[i][end]));
  return operation("Pad", shape, [x, int(...pads), constant([], [constantValue])]);
};

/** `relu(x) − relu(x − c)`, which is how engine/relu.ts cuts off at c so that it has second derivatives, is a Clip; else a subtraction. */
const subtract: Kernel = (inputs, attributes) => {
  const [x, beyond] = [inputs.a, inputs.b].map((value) =>
    value.kind === "operation" && value.op === "Relu" ? (value.inputs[0] as Value) : undefined,
  );
  if (x && beyond?.kind === "operation" && beyond.op === "Sub") {
    const [from, cut] = beyond.inputs as readonly Value[];
    if (from === x && cut.kind === "constant" && cut.data.length === 1 && cut.data[0] > 0) return clip(x, 0, cut.data[0]);
  }
  return binary("Sub")(inputs, attributes);
};

const squareRoot: Kernel = unary("Sqrt", Math.sqrt);

/** By TensorFlow.js's name; one that is missing is an Error that names it. */
export const KERNELS: Readonly<Record<string, Kernel>> = {
  Add: binary("Add"),
  Sub: subtract,
  Multiply: binary("Mul"),
  RealDiv: binary("Div"),
  Square: ({ x }) => join("Mul", x.shape, x, x),
  Sqrt: squareRoot,
  Rsqrt: ({ x }) => mapped(x, (value) => 1 / Math.sqrt(value)) ?? operation("Reciprocal", x.shape, [squareRoot({ x }, {})]),
  Erf: unary("Erf"),
  Sigmoid: unary("Sigmoid"),
  Relu: unary("Relu"),
  Relu6: ({ x }) => clip(x, 0, 6),
  ClipByValue: ({ x }, { clipValueMin, clipValueMax }) => clip(x, clipValueMin as number, clipValueMax as number),
  Identity: ({ x }) => x,
  Cast: ({ x }, { dtype }) => {
    must(dtype === "float32", "Cast", `be to float32, got ${dtype as string}`);
    return x;
  },
  Reshape: reshape,
  Conv2D: conv("conv"),
  DepthwiseConv2dNative: conv("depthwise"),
  AvgPool: pool("AveragePool"),
  MaxPool: pool("MaxPool"),
  BatchMatMul: matMul,
  Mean: mean,
  Concat: concat,
  Slice: slice,
  PadV2: pad,
};
