/**
 * @file Mean of 2 × 2 pixels, with gradients of every order: tfjs knows only the first. Averaging and spreading are adjoint to each
 * other, so each is the other's gradient.
 */
import { tf } from "./tf.ts";

/** x [n, h, w, c] → [n, ⌈h/2⌉, ⌈w/2⌉, c]; the last row or column of an odd side counts twice. */
export function averagePool(x: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => poolEven(even(even(x, 1), 2)));
}

const poolEven = (x: tf.Tensor4D): tf.Tensor4D =>
  tf.customGrad((input) => ({
    value: tf.avgPool(input as tf.Tensor4D, 2, 2, "valid"),
    gradFunc: (dy: tf.Tensor4D) => spread(dy),
  }))(x);

/** `x` with its last row (axis 1) or column (axis 2) repeated where their number is odd. */
function even(x: tf.Tensor4D, axis: 1 | 2): tf.Tensor4D {
  const length = x.shape[axis];
  if (length % 2 === 0) return x;
  const [begin, size]: [number[], number[]] = [[0, 0, 0, 0], [...x.shape]];
  begin[axis] = length - 1;
  size[axis] = 1;
  return tf.concat([x, tf.slice(x, begin, size)], axis);
}

/** A quarter of each cell on each of its 2 × 2 pixels: [n, h, w, c] → [n, 2h, 2w, c]. */
const spread = (dy: tf.Tensor4D): tf.Tensor4D =>
  tf.customGrad((input) => {
    const quarter = tf.mul<tf.Tensor4D>(input as tf.Tensor4D, 0.25);
    return {
      value: tf.image.resizeNearestNeighbor(quarter, [2 * dy.shape[1], 2 * dy.shape[2]]),
      gradFunc: (ddx: tf.Tensor4D) => poolEven(ddx),
    };
  })(dy);
