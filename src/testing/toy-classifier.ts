/** @file Small classifiers with known weights, for tests of attribution. */
import { tf } from "../engine/tf.ts";
import type { Classifier } from "../explain/classifier.ts";

/** Weights of conv 3×3 → ReLU → conv 3×3 → ReLU → mean over h, w → dense; kernels HWIO, dense [in, out]. */
export interface ToyWeights {
  conv1_kernel: number[][][][];
  conv1_bias: number[];
  conv2_kernel: number[][][][];
  conv2_bias: number[];
  dense_kernel: number[][];
  dense_bias: number[];
}

export interface ToyOptions {
  size: number;
  stride1: 1 | 2;
  padding: "valid" | "same";
  /** logit that is the score */
  target: number;
  /** where the feature map is taken: before the last ReLU, or after it */
  layer: "conv2_pre_relu" | "relu2_output";
}

/** The network of the golden attribution cases. It makes its weights anew in every call, so nothing needs disposing. */
export function toyClassifier(weights: ToyWeights, { size, stride1, padding, target, layer }: ToyOptions): Classifier {
  const afterLast = (map: tf.Tensor4D): tf.Tensor4D => (layer === "conv2_pre_relu" ? map.relu() : map);
  return {
    size,
    featureMap(x) {
      return tf.tidy(() => {
        const first = x
          .conv2d<tf.Tensor4D>(tf.tensor4d(weights.conv1_kernel), stride1, padding)
          .add<tf.Tensor4D>(tf.tensor1d(weights.conv1_bias))
          .relu();
        const second = first
          .conv2d<tf.Tensor4D>(tf.tensor4d(weights.conv2_kernel), 1, padding)
          .add<tf.Tensor4D>(tf.tensor1d(weights.conv2_bias));
        return layer === "relu2_output" ? second.relu() : second;
      });
    },
    scoreOfMap(map) {
      return tf.tidy(() => {
        const pooled = afterLast(map).mean<tf.Tensor2D>([1, 2]); // [n, c]
        return pooled.matMul(tf.tensor2d(weights.dense_kernel)).add(tf.tensor1d(weights.dense_bias)).slice([0, target], [-1, 1]).as1D(); // [n]
      });
    },
  };
}

/** `S(x) = Σ w·x + bias` with the image itself as its feature map; w [size, size]. Every sound method explains it as w·x. */
export function linearClassifier(w: Float32Array, size: number, bias: number): Classifier {
  return {
    size,
    featureMap: (x) => x.clone(),
    scoreOfMap: (map) =>
      tf.tidy(() =>
        map
          .mul(tf.tensor4d(w, [1, size, size, 1]))
          .sum<tf.Tensor1D>([1, 2, 3])
          .add(bias),
      ),
  };
}
