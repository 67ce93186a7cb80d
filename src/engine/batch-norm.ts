/**
 * @file Batch normalisation through TensorFlow's fused kernels: stock tfjs spends a dozen element-wise passes on it.
 * Reference: Ioffe & Szegedy 2015, arXiv 1502.03167, algorithm 1 and the gradients of §3.
 */
import { float32, hasNativeOps, isDifferentiatingGradient, nativeOp, type Attribute } from "./native-op.ts";
import { tf } from "./tf.ts";

type Gradients = [dx: tf.Tensor, dScale: tf.Tensor, dOffset: tf.Tensor];

/** Every axis but the channels: the moments' axes. */
const AXES = [0, 1, 2];

/**
 * Normalises each channel by the batch's own mean and biased variance: `scale·(x - mean)/√(variance + epsilon) + offset`.
 * Differentiable in x, scale and offset, to any order.
 * @param x [n, h, w, c]
 * @param scale [c]
 * @param offset [c]
 * @returns [n, h, w, c]; belongs to the caller's tidy
 */
export function batchNorm(x: tf.Tensor4D, scale: tf.Tensor1D, offset: tf.Tensor1D, epsilon: number): tf.Tensor4D {
  if (!hasNativeOps()) {
    const { mean, variance } = batchMoments(x);
    return fixedBatchNorm(x, mean, variance, scale, offset, epsilon);
  }
  const attributes = attributesOf(epsilon);
  return tf.customGrad((input, gamma, beta, save) => {
    const none = tf.tensor1d([]); // running statistics, which training does not read
    const [y, , , ...reserved] = nativeOp(
      "FusedBatchNormV3",
      { ...attributes, exponential_avg_factor: { kind: "float", value: 1 } },
      [input as tf.Tensor, gamma as tf.Tensor, beta as tf.Tensor, none, none],
      6,
    );
    (save as tf.GradSaveFunc)([input as tf.Tensor, gamma as tf.Tensor, ...reserved]);
    return {
      value: y,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        isDifferentiatingGradient() ? composedGradient(dy, saved[0], saved[1], epsilon) : nativeGradient(dy, saved, attributes),
    };
  })(x, scale, offset) as tf.Tensor4D;
}

/**
 * Mean and biased variance of each channel, as `batchNorm` uses them. (The kernel's own output is the unbiased
 * variance, and on a GPU its reserved output is the reciprocal deviation, so neither serves.)
 */
export function batchMoments(x: tf.Tensor4D): { mean: tf.Tensor1D; variance: tf.Tensor1D } {
  return tf.moments(x, AXES) as { mean: tf.Tensor1D; variance: tf.Tensor1D };
}

/**
 * Normalises by given statistics: `x·a + b` with `a = scale/√(variance + epsilon)`, `b = offset - mean·a`.
 * Two passes over x, differentiable to any order; used for inference and attribution.
 */
export function fixedBatchNorm(
  x: tf.Tensor4D,
  mean: tf.Tensor1D,
  variance: tf.Tensor1D,
  scale: tf.Tensor1D,
  offset: tf.Tensor1D,
  epsilon: number,
): tf.Tensor4D {
  return tf.tidy(() => {
    const slope = tf.mul(scale, tf.rsqrt(tf.add(variance, epsilon)));
    return tf.add(tf.mul(x, slope), tf.sub(offset, tf.mul(mean, slope)));
  });
}

function attributesOf(epsilon: number): Record<string, Attribute> {
  return {
    T: float32,
    U: float32,
    epsilon: { kind: "float", value: epsilon },
    data_format: { kind: "string", value: "NHWC" },
    is_training: { kind: "bool", value: true },
  };
}

function nativeGradient(dy: tf.Tensor, saved: tf.Tensor[], attributes: Record<string, Attribute>): Gradients {
  const [dx, dScale, dOffset] = nativeOp("FusedBatchNormGradV3", attributes, [dy, ...saved], 5);
  return [dx, dScale, dOffset];
}

/** The same gradient from stock ops, which are on the tape: `dx = scale/√(variance + epsilon)·(dy - mean(dy) - x̂·mean(dy·x̂))`. */
function composedGradient(dy: tf.Tensor, x: tf.Tensor, scale: tf.Tensor, epsilon: number): Gradients {
  const { mean, variance } = batchMoments(x as tf.Tensor4D);
  const inverse = tf.rsqrt(tf.add(variance, epsilon));
  const normal = tf.mul(tf.sub(x, mean), inverse); // x̂ [n, h, w, c]
  const shared = tf.add(tf.mean(dy, AXES), tf.mul(normal, tf.mean(tf.mul(dy, normal), AXES)));
  const dx = tf.mul(tf.mul(scale, inverse), tf.sub(dy, shared));
  return [dx, tf.sum(tf.mul(dy, normal), AXES), tf.sum(dy, AXES)];
}
