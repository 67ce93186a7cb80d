/** @file Batch norm against its formula, its finite differences and its composed form. */
import * as assert from "uvu/assert";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { expectNoLeak } from "../testing/expect-no-leak.ts";
import { assertGradient } from "../testing/finite-difference.ts";
import { rngOf } from "../util/rng.ts";
import { batchMoments, batchNorm, fixedBatchNorm } from "./batch-norm.ts";
import { startEngine } from "./start.ts";
import { tf } from "./tf.ts";

await startEngine({ threads: 1 });

const EPSILON = 1e-3;
const SHAPE = [3, 2, 2, 2] as const;

function draw(seed: number, length: number): Float32Array {
  const rng = rngOf(seed, "batch-norm.test");
  return Float32Array.from({ length }, () => rng.normal());
}
const image = (seed: number) => tf.tensor4d(draw(seed, 24), [...SHAPE]);
const scale = () => tf.tensor1d([1.5, -0.5]);
const offset = () => tf.tensor1d([0.25, 2]);

/** `scale·(x - mean)/√(variance + epsilon) + offset` in float64 loops; channels are the last of [n, h, w, 2]. */
function naive(x: ArrayLike<number>, gamma: readonly number[], beta: readonly number[]): number[] {
  const channel = (c: number) => Array.from(x).filter((_, i) => i % 2 === c);
  const stats = [0, 1].map((c) => {
    const values = channel(c);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return { mean, variance: values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length };
  });
  return Array.from(x, (value, i) => {
    const { mean, variance } = stats[i % 2];
    return (gamma[i % 2] * (value - mean)) / Math.sqrt(variance + EPSILON) + beta[i % 2];
  });
}

/** A loss whose gradient by y is neither constant nor symmetric. */
const weigh = (y: tf.Tensor): tf.Scalar => tf.sum(tf.mul(tf.square(y), tf.tensor(draw(99, y.size), y.shape)));

describe("batchNorm", (test) => {
  test("equals the formula of the paper, 5 seeds", () => {
    for (let seed = 0; seed < 5; seed++) {
      const y = tf.tidy(() => batchNorm(image(seed), scale(), offset(), EPSILON).dataSync());
      assertClose(y, naive(draw(seed, 24), [1.5, -0.5], [0.25, 2]), { atol: 1e-5 });
    }
  });

  test("has the gradients of finite differences in x, scale and offset", () => {
    tf.tidy(() => {
      assertGradient((x) => weigh(batchNorm(x as tf.Tensor4D, scale(), offset(), EPSILON)), image(1), { atol: 5e-3 });
      assertGradient((g) => weigh(batchNorm(image(1), g as tf.Tensor1D, offset(), EPSILON)), scale(), { atol: 5e-3 });
      assertGradient((b) => weigh(batchNorm(image(1), scale(), b as tf.Tensor1D, EPSILON)), offset(), { atol: 5e-3 });
    });
  });

  test("has the second derivatives of finite differences: the native gradient gives way to a composed one", () => {
    const slopeSize = (x: tf.Tensor) =>
      tf.sum(tf.square(tf.grad((z) => weigh(batchNorm(z as tf.Tensor4D, scale(), offset(), EPSILON)))(x))) as tf.Scalar;
    tf.tidy(() => assertGradient(slopeSize, image(2), { rtol: 2e-2, atol: 0.3 }, 3e-3));
  });

  test("gives the same values and gradients without native ops", async () => {
    const run = () =>
      tf.tidy(() => {
        const { value, grad } = tf.valueAndGrad((x) => weigh(batchNorm(x as tf.Tensor4D, scale(), offset(), EPSILON)))(image(3));
        return [...value.dataSync(), ...grad.dataSync()];
      });
    const native = run();
    await tf.setBackend("cpu");
    try {
      assertClose(run(), native, { atol: 1e-4, rtol: 1e-4 });
    } finally {
      await tf.setBackend("tensorflow");
    }
  });

  test("maps a constant channel to its offset, with a finite gradient", () => {
    tf.tidy(() => {
      const x = tf.fill([...SHAPE], 7) as tf.Tensor4D;
      assertClose(
        batchNorm(x, scale(), offset(), EPSILON).dataSync(),
        Array.from({ length: 24 }, (_, i) => [0.25, 2][i % 2]),
        { atol: 1e-5 },
      );
      const slope = tf
        .grad((z) => weigh(batchNorm(z as tf.Tensor4D, scale(), offset(), EPSILON)))(x)
        .dataSync();
      assert.ok(slope.every(Number.isFinite), `gradient ${slope.join()}`);
    });
  });

  test("leaves no tensors behind, forward, backward and twice backward", async () => {
    const norm = (x: tf.Tensor) => weigh(batchNorm(x as tf.Tensor4D, scale(), offset(), EPSILON));
    await expectNoLeak(() => tf.tidy(() => void norm(image(1))));
    await expectNoLeak(() => tf.tidy(() => void tf.grad(norm)(image(1))));
    await expectNoLeak(() => tf.tidy(() => void tf.grad((x) => tf.sum(tf.grad(norm)(x)) as tf.Scalar)(image(1))));
  });
});

describe("fixedBatchNorm", (test) => {
  test("equals batchNorm when given the batch's own moments", () => {
    tf.tidy(() => {
      const { mean, variance } = batchMoments(image(4));
      const fixed = fixedBatchNorm(image(4), mean, variance, scale(), offset(), EPSILON);
      assertClose(fixed.dataSync(), batchNorm(image(4), scale(), offset(), EPSILON).dataSync(), { atol: 1e-5 });
    });
  });

  test("is a straight line in x: its gradient is scale/√(variance + epsilon)", () => {
    tf.tidy(() => {
      const slope = tf.grad(
        (x) => tf.sum(fixedBatchNorm(x as tf.Tensor4D, tf.tensor1d([1, 2]), tf.tensor1d([4, 9]), scale(), offset(), 0)) as tf.Scalar,
      )(image(5));
      assertClose(
        slope.dataSync(),
        Array.from({ length: 24 }, (_, i) => [1.5 / 2, -0.5 / 3][i % 2]),
        { atol: 1e-6 },
      );
    });
  });
});
