/**
 * @file How bright each pixel of a view becomes by its place: gain, depth gain and attenuation, a shadow, a band of haze.
 * Reference: usaugment (Tupper & Gagné 2025, arXiv 2501.13193), after Smistad et al. 2018 (shadow) and Østvik et al. 2021 (attenuation, haze).
 */
import { tf } from "../engine/tf.ts";
import type { Column } from "./parameters.ts";

/** A column of the parameters as [v·n, 1, 1, 1]. */
export type PerView = (column: Column) => tf.Tensor4D;

/** Depth 0 … 1 from the first row to the last, [1, size, 1, 1]; or the place across, [1, 1, size, 1]. */
const ramp = (size: number, axis: "down" | "across"): tf.Tensor4D =>
  tf.linspace(0, 1, size).reshape(axis === "down" ? [1, size, 1, 1] : [1, 1, size, 1]);

/** `gain · (1 + depthGain·(d - 1/2))` at depth d, [v·n, size, 1, 1]. */
export function gainMap(of: PerView, size: number): tf.Tensor4D {
  const depth = tf.linspace(-0.5, 0.5, size).reshape([1, size, 1, 1]);
  return tf.mul(of("gain"), tf.add(1, tf.mul(of("depthGain"), depth)));
}

/** `A = (1 - λ)·exp(-μ·d) + λ`, [v·n, size, 1, 1]; d is the depth in the view, since a linear array's beams run straight down. */
export function attenuationMap(of: PerView, size: number): tf.Tensor4D {
  const fall = tf.exp(tf.neg(tf.mul(of("attenuationRate"), ramp(size, "down"))));
  return tf.add(tf.mul(tf.sub(1, of("attenuationFloor")), fall), of("attenuationFloor"));
}

/** `exp(-(u - centre)² / 2σ²)` */
const bell = (u: tf.Tensor4D, centre: tf.Tensor4D, sigma: tf.Tensor4D): tf.Tensor4D =>
  tf.exp(tf.mul(-0.5, tf.square(tf.div(tf.sub(u, centre), sigma))));

/** `1 - strength·exp(-(x - x₀)²/2σx² - (y - y₀)²/2σy²)`, [v·n, size, size, 1]. */
export function shadowMap(of: PerView, size: number): tf.Tensor4D {
  const down = bell(ramp(size, "down"), of("shadowTop"), of("shadowHeight"));
  const across = bell(ramp(size, "across"), of("shadowLeft"), of("shadowWidth"));
  return tf.sub(1, tf.mul(tf.mul(of("shadowStrength"), down), across));
}

/**
 * `strength·exp(-(d - d₀)²/2σ²)`, [v·n, size, 1, 1]. usaugment bends the band round the probe and multiplies it by uniform noise;
 * a linear array's band is straight, and the speckle that follows roughens it.
 */
export const hazeMap = (of: PerView, size: number): tf.Tensor4D =>
  tf.mul(of("hazeStrength"), bell(ramp(size, "down"), of("hazeTop"), of("hazeHeight")));
