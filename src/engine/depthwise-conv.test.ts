/** @file Depthwise convolution against a naive loop; its gradients of first and second order against finite differences. */
import * as assert from "uvu/assert";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { expectNoLeak } from "../testing/expect-no-leak.ts";
import { assertGradient } from "../testing/finite-difference.ts";
import { composedInputGradient, composedKernelGradient, depthwiseConv, type Placing } from "./depthwise-conv.ts";
import { startEngine } from "./start.ts";
import { tf } from "./tf.ts";

await startEngine({ threads: 1 });

const [N, H, W, C] = [2, 6, 5, 3];
const x = tf.randomNormal<tf.Rank.R4>([N, H, W, C], 0, 1, "float32", 1);
const kernels = new Map([3, 5].map((size) => [size, tf.randomNormal<tf.Rank.R4>([size, size, C, 1], 0, 1, "float32", 2)]));

interface Case extends Required<Placing> {
  size: number;
}
/** An even and an odd side; a stride that leaves a row over; maps on both sides of the size where the gradient by the kernel is composed. */
const CASES: Case[] = [
  { size: 3, stride: 1, pad: "same" },
  { size: 3, stride: 2, pad: "same" },
  { size: 5, stride: 2, pad: "same" },
  { size: 5, stride: 1, pad: "valid" },
  { size: 3, stride: 2, pad: "valid" },
];

/** Rows of the output, and of zeros before the input, by the definition of TensorFlow's padding. */
function along(length: number, { size, stride, pad }: Case): { rows: number; before: number } {
  if (pad === "valid") return { rows: Math.floor((length - size) / stride) + 1, before: 0 };
  const rows = Math.ceil(length / stride);
  return { rows, before: Math.floor(Math.max((rows - 1) * stride + size - length, 0) / 2) };
}

/** The sum over the taps of each channel, zero outside. */
function naive(options: Case): number[][][][] {
  const { size, stride } = options;
  const [a, k] = [x.arraySync(), kernels.get(size)!.arraySync()];
  const [down, across] = [along(H, options), along(W, options)];
  const at = (h: number, w: number, c: number, n: number) => {
    let sum = 0;
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++)
        sum += (a[n][stride * h + i - down.before]?.[stride * w + j - across.before]?.[c] ?? 0) * k[i][j][c][0];
    return sum;
  };
  return Array.from({ length: N }, (_, n) =>
    Array.from({ length: down.rows }, (_, h) =>
      Array.from({ length: across.rows }, (_, w) => Array.from({ length: C }, (_, c) => at(h, w, c, n))),
    ),
  );
}

for (const options of CASES) {
  const { size, stride, pad } = options;
  const kernel = kernels.get(size)!;
  const conv = (a: tf.Tensor, k: tf.Tensor) => depthwiseConv(a as tf.Tensor4D, k as tf.Tensor4D, { stride, pad });
  /** A scalar with a curvature in both arguments. */
  const score = (a: tf.Tensor, k: tf.Tensor) => {
    const y = conv(a, k);
    return tf.sum(tf.mul(tf.square(y), tf.randomNormal(y.shape, 0, 1, "float32", 3))) as tf.Scalar;
  };

  describe(`depthwiseConv, side ${size}, stride ${stride}, ${pad}`, (test) => {
    test("is the sum over the taps of each channel, zero outside", () =>
      assertClose(
        tf.tidy(() => conv(x, kernel).dataSync()),
        naive(options),
        { atol: 1e-5 },
      ));

    test("has the gradients of finite differences in x and kernel", () => {
      assertGradient((a) => score(a, kernel), x, { atol: 3e-2, rtol: 3e-3 });
      assertGradient((k) => score(x, k), kernel, { atol: 3e-2, rtol: 3e-3 });
    });

    test("has second derivatives in x and kernel, pure and mixed", () => {
      const slopes = (a: tf.Tensor, k: tf.Tensor) =>
        tf.tidy(() => {
          const [da, dk] = tf.grads((b, l) => score(b, l))([a, k]);
          return tf.add(tf.sum(tf.square(da)), tf.sum(tf.square(dk))).asScalar();
        });
      const tolerance = { atol: 5, rtol: 1e-2 }; // of values up to many thousands
      assertGradient((a) => slopes(a, kernel), x, tolerance);
      assertGradient((k) => slopes(x, k), kernel, tolerance);
    });

    test("has the same gradients where the engine has no ops for them", () => {
      tf.tidy(() => {
        const geometry = { size, stride, pad, height: H, width: W };
        const dy = tf.randomNormal<tf.Rank.R4>(conv(x, kernel).shape, 0, 1, "float32", 4);
        const attributes = { strides: [stride, stride], pad, dilations: [1, 1] };
        const engine = tf.engine();
        const byInput = engine.runKernel(
          tf.DepthwiseConv2dNativeBackpropInput,
          { dy, filter: kernel },
          { ...attributes, inputShape: x.shape },
        ) as tf.Tensor;
        const byKernel = engine.runKernel(
          tf.DepthwiseConv2dNativeBackpropFilter,
          { x, dy },
          { ...attributes, filterShape: kernel.shape },
        ) as tf.Tensor;
        assertClose(composedInputGradient(kernel, dy, geometry).dataSync(), byInput.dataSync(), { atol: 1e-5, rtol: 1e-5 });
        assertClose(composedKernelGradient(x, dy, geometry).dataSync(), byKernel.dataSync(), { atol: 1e-5, rtol: 1e-5 });
      });
    });

    test("leaves no tensors behind", () => expectNoLeak(() => tf.tidy(() => void tf.grads((a, k) => score(a, k))([x, kernel]))));
  });
}

describe("depthwiseConv", (test) => {
  test("needs a kernel with a middle", () => {
    assert.throws(() => depthwiseConv(x, tf.zeros([2, 2, C, 1])), /the kernel's side must be odd, got 2/);
  });
});
