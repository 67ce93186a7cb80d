/**
 * @file Test-time augmentation: mean logits over a few fixed views of an image. Means of logits, not of probabilities: what comes out is still a
 * logit, which a temperature divides and an ensemble averages.
 * Reference: Krizhevsky et al. 2012, ImageNet classification with deep convolutional neural networks, §4.1 (crops and their reflections).
 */
import { batchOf, type GreyFrames } from "../../src/augment/batch.ts";
import { tf } from "../../src/engine/tf.ts";
import type { TrainedClassifier } from "../../src/explain/trained-classifier.ts";
import { range } from "../../src/util/rng.ts";
import { INFERENCE_BATCH, logitsOf } from "../train-classifier.ts";

/** Side of a crop, as a share of the image's. */
const SIDE = 0.9;
/** Share of the image that crops keep from its border: a sample that rounding puts beyond the last pixel would be black. */
const MARGIN = 1e-6;
/** Where crops lie, 0–1 down and across: the centre, then the corners. */
const PLACES = [
  [0.5, 0.5],
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
] as const;

/** The image and its mirror image, then each crop and its own. Depth is never turned. */
export const MOST_VIEWS = 2 + 2 * PLACES.length;

/** View `number` of each image, 0 the images themselves; x [n, s, s, 1] → [n, s, s, 1], belongs to the caller's tidy. */
export function viewOf(x: tf.Tensor4D, number: number): tf.Tensor4D {
  if (!(Number.isInteger(number) && number >= 0 && number < MOST_VIEWS))
    throw new RangeError(`viewOf: number must be a whole number from 0 to ${MOST_VIEWS - 1}, got ${number}`);
  const shown = number < 2 ? x : cropped(x, PLACES[(number >> 1) - 1]);
  return number % 2 === 0 ? shown : tf.reverse(shown, 2);
}

function cropped(x: tf.Tensor4D, [down, across]: readonly [number, number]): tf.Tensor4D {
  const [n, size] = x.shape;
  const room = 1 - SIDE - 2 * MARGIN;
  const [top, left] = [MARGIN + down * room, MARGIN + across * room];
  const boxes = tf.tensor2d(
    range(n).flatMap(() => [top, left, top + SIDE, left + SIDE]),
    [n, 4],
  );
  return tf.image.cropAndResize(x, boxes, tf.tensor1d(Int32Array.from(range(n)), "int32"), [size, size], "bilinear");
}

/**
 * Raw logits of some images, the mean over their first `views` views; with 1 the plain prediction, to the last bit. No draw is made: the same images
 * give the same logits.
 * @returns [images][classes]
 */
export function predictViews(
  trained: Pick<TrainedClassifier, "logits">,
  frames: GreyFrames,
  images: readonly number[],
  views: number,
): Float32Array[] {
  if (!(Number.isInteger(views) && views >= 1 && views <= MOST_VIEWS))
    throw new RangeError(`predictViews: views must be a whole number from 1 to ${MOST_VIEWS}, got ${views}`);
  if (views === 1) return logitsOf(trained, frames, images);
  const rows: Float32Array[] = [];
  for (let at = 0; at < images.length; at += INFERENCE_BATCH) {
    const found = tf.tidy(() => {
      const x = batchOf(frames, images.slice(at, at + INFERENCE_BATCH));
      const sum = range(views)
        .map((number) => tf.tidy(() => trained.logits(viewOf(x, number))))
        .reduce((a, b) => tf.add(a, b));
      return tf.div<tf.Tensor2D>(sum, views).arraySync();
    });
    rows.push(...found.map((row) => Float32Array.from(row)));
  }
  return rows;
}
