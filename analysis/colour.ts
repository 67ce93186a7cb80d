/** @file Colours of signed maps: blue against, red for the positive class, on one absolute scale; perceptually ordered. */
import { interpolateRdBu, rgb } from "d3";
import { quantile } from "../src/metrics/quantile.ts";

/** Share of |values| that the scale shows without clipping: one outlier does not make every other map pale. */
const SHOWN = 0.99;

/** The |value| at which colours saturate, for every map of a method that is shown together; 1 where all values are 0. */
export function scaleLimit(values: ArrayLike<number>): number {
  return quantile(Float64Array.from(values, Math.abs), SHOWN) || 1;
}

/** Red, green and blue (0–255) of 256 steps from -limit (blue) through 0 (white) to +limit (red), [256, 3]. */
export const DIVERGING: Uint8Array = Uint8Array.from(
  Array.from({ length: 256 }, (_, i) => rgb(interpolateRdBu(1 - i / 255))).flatMap(({ r, g, b }) => [r, g, b]),
);

/** Row of {@link DIVERGING} for a value. */
export const step = (value: number, limit: number): number => Math.round(127.5 * (1 + Math.max(-1, Math.min(1, value / limit))));
