/** @file Depthwise convolution against a naive loop; its gradients of first and second order against finite differences. */
import * as assert from "uvu/assert";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { assertGradient } from "../testing/finite-difference.ts";
import { composedKernelGradient, depthwiseConv } from "./depthwise-conv.ts";
import { startEngine } from "./start.ts";
import { tf } from "./tf.ts";

await startEngine({ threads: 1 });

const [N, H, W, C, K] = [2, 4, 5, 3, 3];
const x = tf.randomNormal<tf.Rank.R4>([N, H, W, C], 0, 1, "float32", 1);
const kernel = tf.randomNormal<tf.Rank.R4>([K, K, C, 1], 0, 1, "float32", 2);
const weights = tf.randomNormal<tf.Rank.R4>([N, H, W, C], 0, 1, "float32", 3);

/** A scalar with a curvature in both arguments. */
const score = (a: tf.Tensor, k: tf.Tensor) =>
  tf.sum(tf.mul(tf.square(depthwiseConv(a as tf.Tensor4D, k as tf.Tensor4D)), weights)) as tf.Scalar;

describe("depthwiseConv", (test) => {
  test("is the sum over the taps of each channel, zero outside", () => {
    const [a, k] = [x.arraySync(), kernel.arraySync()];
    const expected = Array.from({ length: N }, (_, n) =>
      Array.from({ length: H }, (_, h) =>
        Array.from({ length: W }, (_, w) =>
          Array.from({ length: C }, (_, c) => {
            let sum = 0;
            for (let i = 0; i < K; i++) for (let j = 0; j < K; j++) sum += (a[n][h + i - 1]?.[w + j - 1]?.[c] ?? 0) * k[i][j][c][0];
            return sum;
          }),
        ),
      ),
    );
    assertClose(
      tf.tidy(() => depthwiseConv(x, kernel).dataSync()),
      expected,
      { atol: 1e-5 },
    );
  });

  test("has the gradients of finite differences in x and kernel", () => {
    assertGradient((a) => score(a, kernel), x, { atol: 2e-2, rtol: 2e-3 });
    assertGradient((k) => score(x, k), kernel, { atol: 2e-2, rtol: 2e-3 });
  });

  test("has second derivatives in x and kernel, pure and mixed", () => {
    const slopes = (a: tf.Tensor, k: tf.Tensor) =>
      tf.tidy(() => {
        const [da, dk] = tf.grads((b, l) => score(b, l))([a, k]);
        return tf.add(tf.sum(tf.square(da)), tf.sum(tf.square(dk))).asScalar();
      });
    const tolerance = { atol: 5, rtol: 5e-3 }; // of values up to some thousand
    assertGradient((a) => slopes(a, kernel), x, tolerance);
    assertGradient((k) => slopes(x, k), kernel, tolerance);
  });

  test("has the same gradient by its kernel where the engine has no op for it", () => {
    tf.tidy(() => {
      const native = tf.grad((k) => tf.sum(tf.mul(depthwiseConv(x, k as tf.Tensor4D), weights)) as tf.Scalar)(kernel);
      assertClose(composedKernelGradient(x, weights, K).dataSync(), native.dataSync(), { atol: 1e-5, rtol: 1e-5 });
    });
  });

  test("needs a kernel with a middle", () => {
    assert.throws(() => depthwiseConv(x, tf.zeros([2, 2, C, 1])), /the kernel's side must be odd, got 2/);
  });
});
