/**
 * @file Depthwise convolution with gradients of every order: tfjs knows only the first. With
 * T(x, k, y) = Σ x[n, s·h+i-p, s·w+j-p, c]·k[i, j, c]·y[n, h, w, c], convolution, gradient by the input and gradient by the kernel are the
 * three partial derivatives of one trilinear form, so each one's gradient is made of the others.
 */
import { hasNativeOps } from "./native-op.ts";
import { tf } from "./tf.ts";

/** Where the kernel is put: how far it moves, and whether zeros surround the input as in TensorFlow ("same": an odd one after it). */
export interface Placing {
  stride?: number;
  pad?: "same" | "valid";
}

/** A placing with the kernel's side and the rows and columns of the input. */
interface Geometry extends Required<Placing> {
  size: number;
  height: number;
  width: number;
}

/**
 * Each channel convolved with its own kernel.
 * @param x [n, h, w, c]
 * @param kernel [size, size, c, 1], size odd
 * @returns [n, ⌈h/stride⌉, ⌈w/stride⌉, c]; without padding [n, ⌊(h-size)/stride⌋+1, ⌊(w-size)/stride⌋+1, c]
 */
export function depthwiseConv(x: tf.Tensor4D, kernel: tf.Tensor4D, { stride = 1, pad = "same" }: Placing = {}): tf.Tensor4D {
  const size = kernel.shape[0];
  if (size % 2 === 0) throw new RangeError(`depthwiseConv: the kernel's side must be odd, got ${size}`);
  return convolve(x, kernel, { size, stride, pad, height: x.shape[1], width: x.shape[2] });
}

/** ∂T/∂y of x and k. */
function convolve(x: tf.Tensor4D, kernel: tf.Tensor4D, geometry: Geometry): tf.Tensor4D {
  return tf.customGrad((input, filter, save) => {
    const [a, k] = [input as tf.Tensor4D, filter as tf.Tensor4D];
    (save as tf.GradSaveFunc)([a, k]);
    return {
      value: tf.depthwiseConv2d(a, k, geometry.stride, geometry.pad),
      gradFunc: (dy: tf.Tensor4D, saved: tf.Tensor[]) => {
        const [b, l] = saved as [tf.Tensor4D, tf.Tensor4D];
        return [inputGradient(l, dy, geometry), kernelGradient(b, dy, geometry)];
      },
    };
  })(x, kernel);
}

/** ∂T/∂x of k and dy. */
function inputGradient(kernel: tf.Tensor4D, dy: tf.Tensor4D, geometry: Geometry): tf.Tensor4D {
  const { stride, pad, height, width } = geometry;
  if (stride === 1 && pad === "same") return convolve(dy, tf.reverse(kernel, [0, 1]), geometry); // faster than the op for it
  return tf.customGrad((filter, gradient, save) => {
    const [k, d] = [filter as tf.Tensor4D, gradient as tf.Tensor4D];
    (save as tf.GradSaveFunc)([k, d]);
    const attributes = { strides: [stride, stride], pad, dilations: [1, 1], inputShape: [d.shape[0], height, width, k.shape[2]] };
    return {
      value: hasNativeOps()
        ? tf.engine().runKernel<tf.Tensor4D>(tf.DepthwiseConv2dNativeBackpropInput, { dy: d, filter: k }, attributes)
        : composedInputGradient(k, d, geometry),
      gradFunc: (g: tf.Tensor4D, saved: tf.Tensor[]) => {
        const [l, e] = saved as [tf.Tensor4D, tf.Tensor4D];
        return [kernelGradient(g, e, geometry), convolve(g, l, geometry)];
      },
    };
  })(kernel, dy);
}

/** ∂T/∂k of x and dy: [size, size, c, 1]. */
function kernelGradient(x: tf.Tensor4D, dy: tf.Tensor4D, geometry: Geometry): tf.Tensor4D {
  return tf.customGrad((input, gradient, save) => {
    const [a, d] = [input as tf.Tensor4D, gradient as tf.Tensor4D];
    (save as tf.GradSaveFunc)([a, d]);
    return {
      value: hasNativeOps() && !isSmall(d, geometry) ? nativeKernelGradient(a, d, geometry) : composedKernelGradient(a, d, geometry),
      gradFunc: (g: tf.Tensor4D, saved: tf.Tensor[]) => {
        const [b, e] = saved as [tf.Tensor4D, tf.Tensor4D];
        return [inputGradient(g, e, geometry), convolve(b, g, geometry)];
      },
    };
  })(x, dy);
}

/**
 * Whether the composed gradient is faster: TensorFlow's op makes a kernel an image and adds them up, except for one of 3 × 3 on an input
 * that is larger. Measured at 32 and 64 images, sides of 2 to 24, 80 to 1152 channels.
 */
const isSmall = (dy: tf.Tensor4D, { size, stride }: Geometry): boolean =>
  dy.shape[1] * dy.shape[2] * stride ** 2 <= (size > 3 ? 0.75 * size ** 3 : 4);

function nativeKernelGradient(x: tf.Tensor4D, dy: tf.Tensor4D, { size, stride, pad }: Geometry): tf.Tensor4D {
  const attributes = { strides: [stride, stride], pad, dilations: [1, 1], filterShape: [size, size, x.shape[3], 1] };
  return tf.engine().runKernel<tf.Tensor4D>(tf.DepthwiseConv2dNativeBackpropFilter, { x, dy }, attributes);
}

/** ∂T/∂x as a convolution of stride 1: of dy with zeros where the stride jumped, by the kernel turned by 180°. */
export function composedInputGradient(kernel: tf.Tensor4D, dy: tf.Tensor4D, { size, stride, pad, height, width }: Geometry): tf.Tensor4D {
  return tf.tidy(() => {
    const spaced = spread(dy, stride);
    const around = (length: number, found: number): [number, number] => {
      const before = size - 1 - paddingBefore(length, { size, stride, pad });
      return [before, length + size - 1 - before - found];
    };
    const padded = tf.pad(spaced, [[0, 0], around(height, spaced.shape[1]), around(width, spaced.shape[2]), [0, 0]]);
    return tf.depthwiseConv2d(padded, tf.reverse(kernel, [0, 1]), 1, "valid");
  });
}

/**
 * ∂T/∂k as a depthwise convolution, for engines that have no op for it, and for small maps: images become channels, dy the kernel;
 * the output's pixels are the taps, of each image, and are then added up.
 */
export function composedKernelGradient(x: tf.Tensor4D, dy: tf.Tensor4D, { size, stride, pad }: Geometry): tf.Tensor4D {
  const [n, height, width, channels] = x.shape;
  return tf.tidy(() => {
    const spaced = spread(dy, stride);
    const [, rows, columns] = spaced.shape;
    const before = [height, width].map((length) => paddingBefore(length, { size, stride, pad }));
    const after = [Math.max(0, rows + size - 1 - before[0] - height), Math.max(0, columns + size - 1 - before[1] - width)];
    const padded = tf.pad(x, [[0, 0], [before[0], after[0]], [before[1], after[1]], [0, 0]]); // prettier-ignore
    const reached = tf.slice(padded, [0, 0, 0, 0], [n, rows + size - 1, columns + size - 1, channels]); // a stride may leave rows over
    const images = tf.reshape<tf.Rank.R4>(tf.transpose(reached, [1, 2, 0, 3]), [1, rows + size - 1, columns + size - 1, n * channels]);
    const kernels = tf.reshape<tf.Rank.R4>(tf.transpose(spaced, [1, 2, 0, 3]), [rows, columns, n * channels, 1]);
    const taps = tf.depthwiseConv2d(images, kernels, 1, "valid");
    return tf.reshape<tf.Rank.R4>(tf.sum(tf.reshape(taps, [size, size, n, channels]), 2), [size, size, channels, 1]);
  });
}

/** Rows of zeros before the input: half of all, rounded down. */
function paddingBefore(length: number, { size, stride, pad }: Pick<Geometry, "size" | "stride" | "pad">): number {
  if (pad === "valid") return 0;
  return Math.floor(Math.max(0, (Math.ceil(length / stride) - 1) * stride + size - length) / 2);
}

/** y [n, h, w, c] with `stride` - 1 zeros between neighbours: [n, stride·(h-1)+1, stride·(w-1)+1, c]. */
function spread(y: tf.Tensor4D, stride: number): tf.Tensor4D {
  if (stride === 1) return y;
  const [n, h, w, c] = y.shape;
  const rows = tf.pad(tf.reshape(y, [n * h, 1, w * c]), [[0, 0], [0, stride - 1], [0, 0]]); // prettier-ignore
  const columns = tf.pad(tf.reshape(rows, [n * h * stride * w, 1, c]), [[0, 0], [0, stride - 1], [0, 0]]); // prettier-ignore
  const spaced = tf.reshape<tf.Rank.R4>(columns, [n, h * stride, w * stride, c]);
  return tf.slice(spaced, [0, 0, 0, 0], [n, stride * (h - 1) + 1, stride * (w - 1) + 1, c]);
}
