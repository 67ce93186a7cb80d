/** @file Augments a whole batch inside TensorFlow: no pixel is touched in JavaScript, and no view knows of another. */
import { tf } from "../engine/tf.ts";
import { COLUMNS, type Column } from "./parameters.ts";

/**
 * Crop and flip, then depth gain, gain and gamma, then speckle, then blur: the order in which an image comes about.
 * Fixed shapes, nothing read back, every draw in `parameters`: a step with it can be recorded as a graph.
 * @param images [n, h, w, 1] in 0–1
 * @param parameters [v·n, COLUMNS.length] from `drawParameters`; row r belongs to image r mod n
 * @param noise from `noiseField`, for views of side `size`
 * @param size side of the views, in pixels
 * @returns [v·n, size, size, 1] in 0–1; belongs to the caller's tidy
 */
export function augmentBatch(images: tf.Tensor4D, parameters: tf.Tensor2D, noise: tf.Tensor4D, size: number): tf.Tensor4D {
  const n = images.shape[0];
  const rows = parameters.shape[0];
  if (rows % n !== 0) throw new RangeError(`augmentBatch: parameters must have a multiple of ${n} rows, got ${rows}`);
  if (parameters.shape[1] !== COLUMNS.length)
    throw new RangeError(`augmentBatch: parameters must have ${COLUMNS.length} columns, got ${parameters.shape[1]}`);
  return tf.tidy(() => {
    const columns = tf.split<tf.Tensor2D>(parameters, COLUMNS.length, 1); // each [v·n, 1]
    const column = (name: Column): tf.Tensor2D => columns[COLUMNS.indexOf(name)];
    const perView = (name: Column): tf.Tensor4D => column(name).reshape([rows, 1, 1, 1]);

    const boxes = tf.concat([column("top"), column("left"), column("bottom"), column("right")], 1);
    const source = tf.tensor1d(
      Int32Array.from({ length: rows }, (_, r) => r % n),
      "int32",
    );
    const views = tf.image.cropAndResize(images, boxes, source, [size, size], "bilinear"); // [v·n, size, size, 1]

    const depth = tf.linspace(-0.5, 0.5, size).reshape([1, size, 1, 1]);
    const gain = tf.mul(perView("gain"), tf.add(1, tf.mul(perView("depthGain"), depth))); // [v·n, size, 1, 1]
    const levels = tf.pow(tf.clipByValue(tf.mul(views, gain), 0, 1), perView("exponent"));

    const window = noiseWindows(noise, column("noiseTop"), column("noiseLeft"), size);
    const speckled: tf.Tensor4D = tf.mul(levels, tf.add(1, tf.mul(perView("speckle"), window)));
    const blurred = tf.add(speckled, tf.mul(perView("blur"), tf.sub(binomialBlur(speckled), speckled)));
    return tf.clipByValue(blurred, 0, 1) as tf.Tensor4D;
  });
}

/** Windows [rows, size, size, 1] of the field at whole-pixel offsets. (Not "nearest": WebAssembly's differs from TensorFlow's.) */
function noiseWindows(noise: tf.Tensor4D, top: tf.Tensor2D, left: tf.Tensor2D, size: number): tf.Tensor4D {
  const last = noise.shape[1] - 1;
  const boxes: tf.Tensor2D = tf.div(tf.concat([top, left, tf.add(top, size - 1), tf.add(left, size - 1)], 1), last);
  return tf.image.cropAndResize(noise, boxes, tf.zeros([top.shape[0]], "int32"), [size, size], "bilinear");
}

/** 3 × 3 binomial blur, `[1 2 1]/4` along each axis, with the border repeated. */
function binomialBlur(x: tf.Tensor4D): tf.Tensor4D {
  const line = [1 / 4, 2 / 4, 1 / 4];
  const kernel = tf.tensor4d(
    line.flatMap((a) => line.map((b) => a * b)),
    [3, 3, 1, 1],
  );
  const padded = tf.mirrorPad(
    x,
    [
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ],
    "symmetric",
  );
  return tf.depthwiseConv2d(padded, kernel, 1, "valid");
}
