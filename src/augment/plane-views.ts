/** @file What else is known of the pixels of an image (a mask), seen as its views are: cropped, flipped and turned alike, not lit. */
import { tf } from "../engine/tf.ts";
import { cropViews } from "./crop.ts";
import { COLUMNS, type Column } from "./parameters.ts";

/**
 * The geometry of `augmentBatch` alone. Outside of the image is 0.
 * @param planes [n, h, w, 1], one an image of the batch
 * @param parameters the batch's own, [v·n, COLUMNS.length]; row r belongs to image r mod n
 * @param options.size side of the views, in pixels
 * @param options.rotate whether any view turns
 * @returns [v·n, size, size, 1]; belongs to the caller's tidy
 */
export function planeViews(planes: tf.Tensor4D, parameters: tf.Tensor2D, { size, rotate }: { size: number; rotate: boolean }): tf.Tensor4D {
  const [n, rows] = [planes.shape[0], parameters.shape[0]];
  if (rows % n !== 0 || parameters.shape[1] !== COLUMNS.length)
    throw new RangeError(`planeViews: parameters must be [a multiple of ${n}, ${COLUMNS.length}], got [${parameters.shape}]`);
  return tf.tidy(() => {
    const columns = tf.split<tf.Tensor2D>(parameters, COLUMNS.length, 1); // each [v·n, 1]
    const column = (name: Column): tf.Tensor2D => columns[COLUMNS.indexOf(name)];
    const source = tf.tensor1d(
      Int32Array.from({ length: rows }, (_, r) => r % n),
      "int32",
    );
    const box = { top: column("top"), left: column("left"), bottom: column("bottom"), right: column("right"), angle: column("angle") };
    return cropViews(planes, source, box, size, rotate);
  });
}
