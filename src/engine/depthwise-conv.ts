/**
 * @file Depthwise convolution with gradients of every order: tfjs knows only the first. With
 * T(x, k, y) = Σ x[n, h+i-p, w+j-p, c]·k[i, j, c]·y[n, h, w, c], convolution, gradient by the input and gradient by the kernel are the
 * three partial derivatives of one trilinear form, so each one's gradient is made of the others.
 */
import { hasNativeOps } from "./native-op.ts";
import { tf } from "./tf.ts";

/**
 * Each channel convolved with its own kernel, stride 1, zero-padded.
 * @param x [n, h, w, c]
 * @param kernel [size, size, c, 1], size odd
 * @returns [n, h, w, c]
 */
export function depthwiseConv(x: tf.Tensor4D, kernel: tf.Tensor4D): tf.Tensor4D {
  const size = kernel.shape[0];
  if (size % 2 === 0) throw new RangeError(`depthwiseConv: the kernel's side must be odd, got ${size}`);
  return tf.customGrad((input, filter, save) => {
    const [a, k] = [input as tf.Tensor4D, filter as tf.Tensor4D];
    (save as tf.GradSaveFunc)([a, k]);
    return {
      value: tf.depthwiseConv2d(a, k, 1, "same"),
      gradFunc: (dy: tf.Tensor4D, saved: tf.Tensor[]) => {
        const [b, l] = saved as [tf.Tensor4D, tf.Tensor4D];
        return [depthwiseConv(dy, turned(l)), kernelGradient(b, dy, size)];
      },
    };
  })(x, kernel);
}

/** A kernel turned by 180°: convolving with it is the adjoint of convolving with the kernel. */
const turned = (kernel: tf.Tensor4D): tf.Tensor4D => tf.reverse(kernel, [0, 1]);

/** ∂T/∂k of x and dy, both [n, h, w, c]: [size, size, c, 1]. */
function kernelGradient(x: tf.Tensor4D, dy: tf.Tensor4D, size: number): tf.Tensor4D {
  return tf.customGrad((input, gradient, save) => {
    const [a, d] = [input as tf.Tensor4D, gradient as tf.Tensor4D];
    (save as tf.GradSaveFunc)([a, d]);
    return {
      value: hasNativeOps() ? nativeKernelGradient(a, d, size) : composedKernelGradient(a, d, size),
      gradFunc: (g: tf.Tensor4D, saved: tf.Tensor[]) => {
        const [b, e] = saved as [tf.Tensor4D, tf.Tensor4D];
        return [depthwiseConv(e, turned(g)), depthwiseConv(b, g)];
      },
    };
  })(x, dy);
}

function nativeKernelGradient(x: tf.Tensor4D, dy: tf.Tensor4D, size: number): tf.Tensor4D {
  const attributes = { strides: [1, 1], pad: "same", dilations: [1, 1], filterShape: [size, size, x.shape[3], 1] };
  return tf.engine().runKernel<tf.Tensor4D>(tf.DepthwiseConv2dNativeBackpropFilter, { x, dy }, attributes);
}

/** ∂T/∂k from ops that WebAssembly has: one product and sum a tap. */
export function composedKernelGradient(x: tf.Tensor4D, dy: tf.Tensor4D, size: number): tf.Tensor4D {
  const [n, height, width, channels] = x.shape;
  const p = (size - 1) / 2;
  return tf.tidy(() => {
    const padded = tf.pad(x, [
      [0, 0],
      [p, p],
      [p, p],
      [0, 0],
    ]);
    const taps = Array.from({ length: size * size }, (_, tap) => {
      const shifted = tf.slice(padded, [0, Math.floor(tap / size), tap % size, 0], [n, height, width, channels]);
      return tf.sum(tf.mul(shifted, dy), [0, 1, 2]);
    });
    return tf.reshape<tf.Rank.R4>(tf.stack(taps), [size, size, channels, 1]);
  });
}
