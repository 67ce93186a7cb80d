/**
 * @file Matrix product through TensorFlow's own MatMul: tfjs reshapes matrices to batches of one and back, four ops for one.
 * Gradients of every order: the backward function is made of the same product.
 */
import { float32, hasNativeOps, nativeOp, type Attribute } from "./native-op.ts";
import { tf } from "./tf.ts";

/** Which factors are transposed first. */
interface Transposed {
  a?: boolean;
  b?: boolean;
}

const flag = (value = false): Attribute => ({ kind: "bool", value });

/** op(a)·op(b), float32 matrices; [n, k]·[k, m] → [n, m] after the transpositions. */
export function matMul(a: tf.Tensor2D, b: tf.Tensor2D, transposed: Transposed = {}): tf.Tensor2D {
  if (!hasNativeOps()) return tf.matMul(a, b, transposed.a, transposed.b);
  const product = tf.customGrad((left, right, save) => {
    const [l, r] = [left as tf.Tensor2D, right as tf.Tensor2D];
    (save as tf.GradSaveFunc)([l, r]);
    const attributes = { T: float32, transpose_a: flag(transposed.a), transpose_b: flag(transposed.b) };
    return {
      value: nativeOp("MatMul", attributes, [l, r])[0] as tf.Tensor2D,
      gradFunc: (dy: tf.Tensor2D, [x, y]: tf.Tensor[]) => gradients(dy, x as tf.Tensor2D, y as tf.Tensor2D, transposed),
    };
  });
  return product(a, b);
}

/** With A = op(a), B = op(b): dA = dy·Bᵀ and dB = Aᵀ·dy, transposed where the factor was. */
function gradients(dy: tf.Tensor2D, a: tf.Tensor2D, b: tf.Tensor2D, transposed: Transposed): [tf.Tensor2D, tf.Tensor2D] {
  const da = transposed.a ? matMul(b, dy, { a: transposed.b, b: true }) : matMul(dy, b, { b: !transposed.b });
  const db = transposed.b ? matMul(dy, a, { a: true, b: transposed.a }) : matMul(a, dy, { a: !transposed.a });
  return [da, db];
}
