/** @file Colours of maps on one absolute scale, perceptually ordered: signed ones blue against and red for the positive class. */
import { interpolateMagma, interpolateRdBu, rgb } from "d3";
import { quantile } from "../src/metrics/quantile.ts";

/** Share of |values| that the scale shows without clipping: one outlier does not make every other map pale. */
const SHOWN = 0.99;

/** The |value| at which colours saturate, for every map of a method that is shown together; 1 where all values are 0. */
export function scaleLimit(values: ArrayLike<number>): number {
  return quantile(Float64Array.from(values, Math.abs), SHOWN) || 1;
}

const table = (colourAt: (t: number) => string): Uint8Array =>
  Uint8Array.from(Array.from({ length: 256 }, (_, i) => rgb(colourAt(i / 255))).flatMap(({ r, g, b }) => [r, g, b]));

/** Red, green and blue (0–255) of 256 steps from -limit (blue) through 0 (white) to +limit (red), [256, 3]. */
export const DIVERGING = table((t) => interpolateRdBu(1 - t));

/** Red, green and blue of 256 steps from 0 (dark) to the limit (light), [256, 3]. */
export const SEQUENTIAL = table(interpolateMagma);

/** Row of {@link DIVERGING} for a signed value. */
export const divergingStep = (value: number, limit: number): number => Math.round(127.5 * (1 + Math.max(-1, Math.min(1, value / limit))));

/** Row of {@link SEQUENTIAL} for a value of at least 0. */
export const sequentialStep = (value: number, limit: number): number => Math.round(255 * Math.max(0, Math.min(1, value / limit)));
