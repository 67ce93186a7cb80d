/**
 * @file Rectifiers with TensorFlow's own gradient kernels: tfjs composes these gradients of five element-wise ops.
 * Reference: gradient dy·[y > 0], or dy·[0 < y < 6], as in TensorFlow's ReluGrad and Relu6Grad, which accept the output in place of the
 * input. The capped one: Howard et al. 2017, arXiv 1704.04861; its cap keeps numbers of low precision apart.
 */
import { float32, hasNativeOps, nativeOp } from "./native-op.ts";
import { tf } from "./tf.ts";

/** max(x, 0), any shape. Gradients of every order: the backward function is differentiable in dy. */
export function relu<T extends tf.Tensor>(x: T): T {
  return hasNativeOps() ? (nativeRectifier("Relu", x) as T) : tf.relu(x);
}

/** min(max(x, 0), 6), any shape. Gradients of every order: the backward function is differentiable in dy. */
export function relu6<T extends tf.Tensor>(x: T): T {
  // tfjs's own relu6 has no second derivative
  return hasNativeOps() ? (nativeRectifier("Relu6", x) as T) : tf.sub<T>(tf.relu(x), tf.relu(tf.sub(x, 6)));
}

type Name = "Relu" | "Relu6";

const nativeRectifier = (name: Name, x: tf.Tensor): tf.Tensor =>
  tf.customGrad((input, save) => {
    const y = nativeOp(name, { T: float32 }, [input as tf.Tensor])[0];
    (save as tf.GradSaveFunc)([y]);
    return { value: y, gradFunc: (dy: tf.Tensor, [output]: tf.Tensor[]) => gradient(name, dy, output) };
  })(x);

/** dy where y has not been cut, else 0; linear in dy, and its derivative by y is 0 almost everywhere. */
const gradient = (name: Name, dy: tf.Tensor, y: tf.Tensor): tf.Tensor =>
  tf.customGrad((incoming, output, save) => {
    (save as tf.GradSaveFunc)([output as tf.Tensor]);
    const value = nativeOp(`${name}Grad`, { T: float32 }, [incoming as tf.Tensor, output as tf.Tensor])[0];
    return { value, gradFunc: (ddy: tf.Tensor, [saved]: tf.Tensor[]) => [gradient(name, ddy, saved), tf.zerosLike(saved)] };
  })(dy, y);
