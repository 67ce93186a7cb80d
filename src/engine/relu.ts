/**
 * @file Rectifier with TensorFlow's own gradient kernel: tfjs composes that gradient of five element-wise ops.
 * Reference: gradient dy·[y > 0] as in TensorFlow's ReluGrad, which accepts the output in place of the input.
 */
import { float32, hasNativeOps, nativeOp } from "./native-op.ts";
import { tf } from "./tf.ts";

/** max(x, 0), any shape. Gradients of every order: the backward function is differentiable in dy. */
export function relu<T extends tf.Tensor>(x: T): T {
  return hasNativeOps() ? (nativeRelu(x) as T) : tf.relu(x);
}

const nativeRelu = (x: tf.Tensor): tf.Tensor =>
  tf.customGrad((input, save) => {
    const y = nativeOp("Relu", { T: float32 }, [input as tf.Tensor])[0];
    (save as tf.GradSaveFunc)([y]);
    return { value: y, gradFunc: (dy: tf.Tensor, [output]: tf.Tensor[]) => reluGrad(dy, output) };
  })(x);

/** dy·[y > 0]; linear in dy, and its derivative by y is 0 almost everywhere. */
const reluGrad = (dy: tf.Tensor, y: tf.Tensor): tf.Tensor =>
  tf.customGrad((gradient, output, save) => {
    (save as tf.GradSaveFunc)([output as tf.Tensor]);
    const value = nativeOp("ReluGrad", { T: float32 }, [gradient as tf.Tensor, output as tf.Tensor])[0];
    return { value, gradFunc: (ddy: tf.Tensor, [saved]: tf.Tensor[]) => [reluGrad(ddy, saved), tf.zerosLike(saved)] };
  })(dy, y);
