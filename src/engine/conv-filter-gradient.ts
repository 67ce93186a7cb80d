/**
 * @file The gradient of a convolution by its kernel, composed from kernels that WebAssembly has: tfjs 4.22 lacks this one there,
 * so nothing could be trained without it. A kernel's gradient is itself a convolution, of the input with the output's gradient:
 * channels and images change places, and the stride becomes a dilation.
 */
import { tf } from "./tf.ts";

/** What the kernel `Conv2DBackpropFilter` is given besides x and dy. */
interface Attributes {
  filterShape: [height: number, width: number, from: number, to: number];
  strides: number | [number, number];
  pad: "valid" | "same" | number | tf.backend_util.ExplicitPadding;
  dimRoundingMode?: "floor" | "round" | "ceil";
}

/**
 * @param x input of the convolution [n, h, w, from]
 * @param dy gradient by its output [n, h', w', to]
 * @returns gradient by its kernel [height, width, from, to]; belongs to the caller's tidy
 */
export function convFilterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  { filterShape, strides, pad, dimRoundingMode }: Attributes,
): tf.Tensor4D {
  const [height, width, from, to] = filterShape;
  const { padInfo, strideHeight, strideWidth } = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode);
  return tf.tidy(() => {
    const padded = tf.pad(x, [
      [0, 0],
      [padInfo.top, padInfo.bottom],
      [padInfo.left, padInfo.right],
      [0, 0],
    ]);
    const input: tf.Tensor4D = tf.transpose(padded, [3, 1, 2, 0]); // [from, h, w, n]
    const kernel: tf.Tensor4D = tf.transpose(dy, [1, 2, 0, 3]); // [h', w', n, to]
    const shifts = tf.conv2d(input, kernel, 1, "valid", "NHWC", [strideHeight, strideWidth]); // one row and column a shift of the kernel
    return tf.transpose(tf.slice(shifts, [0, 0, 0, 0], [from, height, width, to]), [1, 2, 0, 3]); // rows left over by the stride are dropped
  });
}

/** Gives WebAssembly the missing kernel; call before training there. */
export function registerWasmKernels(): void {
  if (tf.getKernel(tf.Conv2DBackpropFilter, "wasm")) return;
  tf.registerKernel({
    kernelName: tf.Conv2DBackpropFilter,
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs }) =>
      convFilterGradient(inputs.x as tf.Tensor4D, inputs.dy as tf.Tensor4D, attrs as unknown as Attributes),
  });
}
