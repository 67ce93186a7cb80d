/** @file Each kernel, written as ONNX and run by onnxruntime, gives what TensorFlow computes. */
import { env, InferenceSession, Tensor } from "onnxruntime-web";
import * as assert from "uvu/assert";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { depthwiseConv } from "../engine/depthwise-conv.ts";
import { relu6 } from "../engine/relu.ts";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { rngOf } from "../util/rng.ts";
import { traced } from "./graph-backend.ts";
import { encodeModel, TENSOR, type ValueInfoProto } from "./model-proto.ts";
import { writeGraph, type WrittenGraph } from "./write-graph.ts";

await startEngine({ threads: 1 });
env.wasm.numThreads = 1;

type Body = (x: tf.Tensor4D) => tf.Tensor;

const numbers = (...shape: number[]): tf.Tensor => {
  const rng = rngOf(shape.length, ...shape);
  return tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rng.normal()),
    shape,
  );
};
const kernel = (...shape: [number, number, number, number]) => numbers(...shape) as tf.Tensor4D;
const [height, width, channels, n] = [7, 6, 3, 2];

/** The body as a graph, and the rank of what it gives. */
const written = (body: Body): { graph: WrittenGraph; rank: number } =>
  traced(({ tensor, valueOf }) => {
    const y = valueOf(body(tensor<tf.Tensor4D>({ kind: "input", shape: [1, height, width, channels] })));
    return { graph: writeGraph("x", { y }), rank: y.shape.length };
  });
const operators = (body: Body): string[] => written(body).graph.node.map(({ opType }) => opType);

const port = (name: string, rank: number): ValueInfoProto => {
  const dim = Array.from({ length: rank }, (_, i) => ({ dimParam: `${name}${i}` }));
  return { name, type: { tensorType: { elemType: TENSOR.float32, shape: { dim } } } };
};

/** By onnxruntime, on n images, with the result's axes as TensorFlow has them. */
async function byOnnx(body: Body, x: tf.Tensor4D): Promise<tf.Tensor> {
  const { graph, rank } = written(body);
  const bytes = encodeModel({
    irVersion: 8,
    opsetImport: [{ domain: "", version: 17 }],
    ...{ producerName: "", producerVersion: "", docString: "", metadataProps: [] },
    graph: { name: "g", ...graph, input: [port("x", 4)], output: [port("y", rank)] },
  });
  const session = await InferenceSession.create(bytes);
  const turned = tf.transpose(x, [0, 3, 1, 2]);
  const { y } = await session.run({ x: new Tensor("float32", turned.dataSync<"float32">(), turned.shape) });
  await session.release();
  const found = tf.tensor(y.data as Float32Array, [...y.dims]);
  return rank === 4 ? tf.transpose(found, [0, 2, 3, 1]) : found;
}

const bodies: Record<string, Body> = {
  "a convolution with stride, padded as TensorFlow pads": (x) => tf.conv2d(x, kernel(3, 3, channels, 5), 2, "same"),
  "a convolution of even side without padding": (x) => tf.conv2d(x, kernel(2, 2, channels, 4), 2, "valid"),
  "a convolution with padding of its own on each side, dilated": (x) =>
    tf.conv2d(
      x,
      kernel(3, 2, channels, 4),
      1,
      [
        [0, 0],
        [2, 1],
        [0, 1],
        [0, 0],
      ],
      "NHWC",
      [2, 1],
    ),
  "a depthwise convolution": (x) => depthwiseConv(x, kernel(5, 5, channels, 1)),
  "a depthwise convolution with stride and two kernels a channel, scaled": (x) =>
    tf.mul(tf.depthwiseConv2d(x, kernel(3, 3, channels, 2), 2, "same"), numbers(2 * channels)),
  "means of pixels, with the rest at the edge": (x) => tf.avgPool(x, 2, 2, "same"),
  "maxima of pixels": (x) => tf.maxPool(x, 3, 2, "same"),
  "arithmetic with numbers a channel, before and after a convolution": (x) =>
    tf.sub(tf.div(tf.conv2d(tf.add(tf.mul(x, numbers(channels)), 0.5), kernel(1, 1, channels, 4), 1, "same"), numbers(4)), numbers(4)),
  "arithmetic of two maps that are broadcast": (x) => tf.mul(tf.sub(x, tf.mean(x, 3, true)), tf.mean(x, [1, 2], true)),
  "moments over channels": (x) => tf.moments(x, 3, true).variance,
  "the function of a GELU": (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)),
  "roots and their reciprocals": (x) => tf.add(tf.sqrt(tf.square(x)), tf.rsqrt(tf.add(tf.square(x), 1))),
  "rectifiers and what cuts off": (x) => tf.add(tf.relu(x), tf.add(tf.relu6(tf.mul(x, 9)), tf.clipByValue(x, -0.5, 0.25))),
  "a sigmoid": (x) => tf.sigmoid(x),
  "a row and a column repeated at the edge": (x) => {
    const taller = tf.concat([x, tf.slice(x, [0, height - 1, 0, 0], [-1, 1, -1, -1])], 1);
    return tf.concat([taller, tf.slice(taller, [0, 0, width - 1, 0], [-1, -1, 1, -1])], 2);
  },
  "channels put side by side": (x) => tf.concat([x, tf.slice(x, [0, 0, 0, 1], [-1, -1, -1, 2])], 3),
  "padding with a number": (x) =>
    tf.pad(
      x,
      [
        [0, 0],
        [1, 2],
        [0, 3],
        [2, 0],
      ],
      0.5,
    ),
  "pooling, a matrix and a bias": (x) => tf.add(tf.matMul(tf.mean(x, [1, 2]), numbers(channels, 4)), numbers(4)),
};

describe("KERNELS", (test) => {
  for (const [what, body] of Object.entries(bodies))
    test(`write ${what}`, async () => {
      const x = kernel(n, height, width, channels);
      const expected = body(x);
      const found = await byOnnx(body, x);
      assert.equal(found.shape, expected.shape);
      assertClose(found.dataSync(), expected.dataSync(), { atol: 2e-6, rtol: 2e-6 });
    });
  test("write relu6 as one Clip, also where it is made of two rectifiers", () => {
    assert.equal(
      operators((x) => relu6(x)),
      ["Clip", "Identity"],
    );
    assert.equal(
      operators((x) => tf.sub(tf.relu(x), tf.relu(tf.sub(tf.add(x, 1), 6)))),
      ["Relu", "Add", "Sub", "Relu", "Sub", "Identity"],
    );
  });
  test("write a convolution with norm and bias as one", () => {
    const normed: Body = (x) => tf.add(tf.mul(tf.conv2d(x, kernel(3, 3, channels, 5), 1, "same"), numbers(5)), numbers(5));
    assert.equal(operators(normed), ["Conv", "Identity"]);
  });
  const refused: [what: string, body: Body, message: RegExp][] = [
    ["mixes images of a batch", (x) => tf.reshape(x, [-1, 3]), /^exportOnnx: Reshape must keep the shape/],
    ["leaves images out", (x) => tf.slice(x, [0, 0, 0, 0], [0, -1, -1, -1]), /^exportOnnx: Slice must leave every image/],
    ["leaves a grid without rows", (x) => tf.mean(x, 1), /^exportOnnx: Mean must keep its axes/],
    ["multiplies with what is not known", (x) => tf.matMul(tf.mean(x, [1, 2]), tf.mean(x, [1, 2]), true), /^exportOnnx: MatMul must/],
    ["calls a kernel that is not written here", (x) => tf.cumsum(x), /'Cumsum' not registered/],
    ["reads a value", (x) => tf.mul(x, x.dataSync()[0]), /^traced: the body must not read values back/],
  ];
  for (const [what, body, message] of refused)
    test(`refuse a network that ${what}, and leave the engine as it was`, () => {
      const tensors = tf.memory().numTensors;
      assert.throws(() => written(body), message);
      assert.is(tf.getBackend(), "tensorflow");
      assert.is(tf.memory().numTensors, tensors);
    });
  test("refuse tensors from outside", () => {
    const outside = tf.scalar(2);
    assert.throws(() => written((x) => tf.mul(x, outside)), /^traced: the body must read tensors that are made in it/);
    outside.dispose();
  });
});
