/** @file What an attribution method needs of a classifier: two functions with the last feature map between them. */
import type { tf } from "../engine/tf.ts";

/**
 * A differentiable classifier. Inputs are grey images [n, h, w, 1] in 0–1; all tensors belong to the caller's tidy.
 * `score` is what is explained: the log-odds of the positive class, [n].
 */
export interface Classifier {
  /** side of the input, in pixels */
  readonly size: number;
  /** x [n, h, w, 1] → last feature map [n, h', w', c] */
  featureMap(x: tf.Tensor4D): tf.Tensor4D;
  /** feature map [n, h', w', c] → score [n] */
  scoreOfMap(map: tf.Tensor4D): tf.Tensor1D;
}

/** A map on the method's native grid: raw and signed, never rescaled. */
export interface Attribution {
  /** [n, rows, columns], row-major */
  values: Float32Array;
  n: number;
  rows: number;
  columns: number;
  /** completeness error sum(a) - (F(x) - F(baseline)) per image, where the method has one */
  delta?: Float32Array;
}
