/** @file Augments a whole batch inside TensorFlow: no pixel is touched in JavaScript, and no view knows of another. */
import type { AugmentConfig, ViewConfig } from "../config/augment.ts";
import { tf } from "../engine/tf.ts";
import { binomialBlur } from "./blur.ts";
import { cropViews } from "./crop.ts";
import { eraseDrawn } from "./erase.ts";
import { attenuationMap, gainMap, hazeMap, shadowMap } from "./light.ts";
import { noiseWindows } from "./noise.ts";
import { COLUMNS, type Column } from "./parameters.ts";

/** What the settings of some views leave to do: a step that none of them can reach is left out. Steps left out change no bit, but for gamma, which at exponent 1 changes last bits. */
export type Steps = Record<"rotate" | "gain" | "attenuate" | "shadow" | "haze" | "gamma" | "speckle" | "blur" | "erase", boolean>;

/** The steps that one of `views` may take. */
export function stepsOf(views: readonly ViewConfig[]): Steps {
  const some = (takes: (view: ViewConfig) => boolean) => views.some(takes);
  return {
    rotate: some(({ rotation }) => rotation > 0),
    gain: some(({ jitter, gain, depthGain }) => jitter > 0 && (gain > 0 || depthGain > 0)),
    attenuate: some(({ attenuation }) => attenuation > 0),
    shadow: some(({ shadow }) => shadow > 0),
    haze: some(({ haze }) => haze > 0),
    gamma: some(({ jitter, gamma }) => jitter > 0 && gamma > 0),
    speckle: some(({ speckle, speckled }) => speckle > 0 && speckled > 0),
    blur: some(({ blur }) => blur > 0),
    erase: some(({ erase }) => erase > 0),
  };
}

export interface AugmentOptions {
  /** side of the views, in pixels */
  size: number;
  steps: Steps;
  blurWidth: AugmentConfig["blurWidth"];
  /** from `noiseStrip`, for views of this side or larger ones */
  noise: tf.Tensor2D;
  /** 1 on what was drawn into the images, [n, h, w, 1]; without it nothing is erased */
  drawn?: tf.Tensor4D;
}

/**
 * Erase, crop, flip and turn, then gain, attenuation, shadow, haze and gamma, then speckle, then blur: the order in which an image comes about.
 * Fixed shapes, nothing read back, every draw in `parameters`: a step with it can be recorded as a graph.
 * @param images [n, h, w, 1] in 0–1
 * @param parameters [v·n, COLUMNS.length] from `drawParameters`; row r belongs to image r mod n
 * @returns [v·n, size, size, 1] in 0–1; belongs to the caller's tidy
 */
export function augmentBatch(images: tf.Tensor4D, parameters: tf.Tensor2D, options: AugmentOptions): tf.Tensor4D {
  const { size, steps, blurWidth, noise, drawn } = options;
  const n = images.shape[0];
  const rows = parameters.shape[0];
  if (rows % n !== 0) throw new RangeError(`augmentBatch: parameters must have a multiple of ${n} rows, got ${rows}`);
  if (parameters.shape[1] !== COLUMNS.length)
    throw new RangeError(`augmentBatch: parameters must have ${COLUMNS.length} columns, got ${parameters.shape[1]}`);
  return tf.tidy(() => {
    const columns = tf.split<tf.Tensor2D>(parameters, COLUMNS.length, 1); // each [v·n, 1]
    const column = (name: Column): tf.Tensor2D => columns[COLUMNS.indexOf(name)];
    const perView = (name: Column): tf.Tensor4D => column(name).reshape([rows, 1, 1, 1]);

    const of = tf.tensor1d(
      Int32Array.from({ length: rows }, (_, r) => r % n),
      "int32",
    );
    const erases = steps.erase && drawn !== undefined;
    const candidates: tf.Tensor4D = erases ? tf.concat([images, eraseDrawn(images, drawn)], 0) : images; // [n or 2n, h, w, 1]
    const source: tf.Tensor1D = erases ? tf.add(of, tf.mul(tf.cast(column("erase").reshape([rows]), "int32"), tf.scalar(n, "int32"))) : of;
    const box = { top: column("top"), left: column("left"), bottom: column("bottom"), right: column("right"), angle: column("angle") };
    let views = cropViews(candidates, source, box, size, steps.rotate); // [v·n, size, size, 1]

    // columns of one pixel's width are multiplied first: the image is passed over once
    const columnwise = [...(steps.gain ? [gainMap(perView, size)] : []), ...(steps.attenuate ? [attenuationMap(perView, size)] : [])];
    if (columnwise.length > 0)
      views = tf.mul(
        views,
        columnwise.reduce((a, b) => tf.mul(a, b)),
      );
    if (steps.shadow) views = tf.mul(views, shadowMap(perView, size));
    if (steps.haze) views = tf.add(views, hazeMap(perView, size));
    if (steps.gain || steps.haze) views = tf.clipByValue(views, 0, 1);
    // x^e for x ≥ 0, in half the time of pow
    if (steps.gamma) views = tf.exp(tf.mul(tf.log(views), perView("exponent")));

    if (steps.speckle) {
      const window = noiseWindows(noise, column("noiseRow"), size);
      views = tf.mul(views, tf.add(1, tf.mul(perView("speckle"), window)));
    }
    if (steps.blur) views = tf.add(views, tf.mul(perView("blur"), tf.sub(binomialBlur(views, blurWidth), views)));
    return tf.clipByValue(views, 0, 1);
  });
}
