/**
 * @file What happens to each view of a batch, drawn in JavaScript from a stream of its own: the same image, epoch and view get
 * the same draw whatever the batch holds or in which order it comes.
 */
import type { ViewConfig } from "../config/augment.ts";
import { range, rngOf, type Rng } from "../util/rng.ts";
import { NOISE_ROWS } from "./noise.ts";

/** Parameters that change nothing, for views of the frames' own size; their names are the columns of a parameter row. */
const IDENTITY = {
  // a box as `cropAndResize` takes it, 0–1 from first to last pixel centre
  top: 0,
  left: 0,
  bottom: 1,
  right: 1,
  gain: 1,
  exponent: 1,
  depthGain: 0,
  speckle: 0,
  noiseRow: 0,
  /** share of the blurred image */
  blur: 0,
  /** radians about the box's centre; positive angles turn the sampled box clockwise */
  angle: 0,
  /** 1: what was drawn into the image is filled in */
  erase: 0,
  attenuationRate: 0,
  attenuationFloor: 0,
  // places and standard deviations as shares of the side
  shadowStrength: 0,
  shadowTop: 0.5,
  shadowLeft: 0.5,
  shadowHeight: 1,
  shadowWidth: 1,
  hazeStrength: 0,
  hazeTop: 0.5,
  hazeHeight: 1,
};
export type Column = keyof typeof IDENTITY;

/** Columns of a parameter row, in order. */
export const COLUMNS = Object.keys(IDENTITY) as Column[];
/** Place of each column. */
const AT = Object.fromEntries(COLUMNS.map((column, place) => [column, place])) as Record<Column, number>;

/** Which stream the draws come from. */
export interface DrawKey {
  seed: number;
  /** Who draws, for example the task's name. */
  stream: string;
  epoch: number;
}

/** Top, left, bottom and right of the part of an image that crops may show, 0–1 from first to last pixel centre. */
export type Box = readonly [top: number, left: number, bottom: number, right: number];
const WHOLE: Box = [0, 0, 1, 1];

/** How to draw some of an image's views. */
export interface DrawOptions {
  /** The settings of each view, [v]. */
  views: readonly ViewConfig[];
  /** Number of the first of these views among all of the image's views. */
  first?: number;
  /** Where crops with `cropInside` may lie in an image; everywhere without it. */
  boxOf?: (image: number) => Box;
}

/**
 * One row of parameters a view: view 0 of every image, then view 1, and so on.
 * @param images indices of the batch's images in the data set [n]; they, not the position in the batch, choose the draw
 * @returns [v·n, COLUMNS.length], row-major
 */
export function drawParameters({ seed, stream, epoch }: DrawKey, images: ArrayLike<number>, options: DrawOptions): Float32Array {
  const { views, first = 0, boxOf = () => WHOLE } = options;
  const rows = new Float32Array(views.length * images.length * COLUMNS.length);
  views.forEach((config, view) => {
    for (let i = 0; i < images.length; i++) {
      const box = config.cropInside ? boxOf(images[i]) : WHOLE;
      const at = (view * images.length + i) * COLUMNS.length;
      const row = rows.subarray(at, at + COLUMNS.length);
      drawRow(config, box, rngOf(seed, "augment", stream, epoch, images[i], first + view), row);
    }
  });
  return rows;
}

/** Rows of parameters that change nothing. */
export const unchanged = (rows: number): Float32Array => Float32Array.from(range(rows).flatMap(() => Object.values(IDENTITY)));

/** Share of the image that boxes keep from its border: a sample that rounding puts beyond the last pixel would be black. */
const MARGIN = 1e-6;

const around = (most: number, u: number): number => between([-most, most], u);
const between = ([low, high]: readonly [number, number], u: number): number => low + (high - low) * u;

/**
 * A crop of the box: `scale` of its area as far as it goes, `aspect` = width : height.
 * @param place.down, place.across where it lies, 0–1
 * @param place.flip whether left and right are swapped; vertical order is depth and stays
 */
function cropBox([top, left, bottom, right]: Box, scale: number, aspect: number, place: { down: number; across: number; flip: boolean }) {
  const [height, width, root] = [bottom - top, right - left, Math.sqrt(aspect)];
  const side = (1 - 2 * MARGIN) * Math.min(Math.sqrt(scale * height * width), height * root, width / root);
  const [h, w] = [side / root, side * root];
  const y = between([top + MARGIN, bottom - MARGIN - h], place.down);
  const x = between([left + MARGIN, right - MARGIN - w], place.across);
  return { top: y, left: place.flip ? x + w : x, bottom: y + h, right: place.flip ? x : x + w };
}

/**
 * Draws a row in place. Every draw is made, used or not, so that changing one setting leaves the others' draws alone; new ones are made last.
 * Straight into the array: an object a row took ten times as long.
 */
function drawRow(config: ViewConfig, box: Box, rng: Rng, row: Float32Array): void {
  const { next } = rng;
  const [scale, down, across, flip, gain, exponent, depthGain] = [next(), next(), next(), next(), next(), next(), next()];
  const noiseRow = rng.int(NOISE_ROWS);
  const [blur, mix, aspect, angle, jitter, speckle, erase] = [next(), next(), next(), next(), next(), next(), next()];
  const [attenuation, rate] = [next(), next()];
  const [shadow, strength, shadowTop, shadowLeft, shadowHeight, shadowWidth] = [next(), next(), next(), next(), next(), next()];
  const [haze, hazeStrength, hazeTop, hazeHeight] = [next(), next(), next(), next()];

  const [narrowest, widest] = config.cropAspect;
  const shape = Math.exp(between([Math.log(narrowest), Math.log(widest)], aspect));
  const crop = cropBox(box, between(config.cropScale, scale), shape, { down, across, flip: flip < config.flip });
  row[AT.top] = crop.top;
  row[AT.left] = crop.left;
  row[AT.bottom] = crop.bottom;
  row[AT.right] = crop.right;
  const jittered = jitter < config.jitter;
  row[AT.gain] = jittered ? 1 + around(config.gain, gain) : 1;
  row[AT.exponent] = jittered ? 2 ** around(config.gamma, exponent) : 1;
  row[AT.depthGain] = jittered ? around(config.depthGain, depthGain) : 0;
  row[AT.speckle] = speckle < config.speckled ? config.speckle : 0;
  row[AT.noiseRow] = noiseRow;
  row[AT.blur] = blur < config.blur ? between(config.blurMix, mix) : 0;
  row[AT.angle] = (around(config.rotation, angle) * Math.PI) / 180;
  row[AT.erase] = erase < config.erase ? 1 : 0;
  row[AT.attenuationRate] = attenuation < config.attenuation ? between(config.attenuationRate, rate) : 0;
  row[AT.attenuationFloor] = config.attenuationFloor;
  row[AT.shadowStrength] = shadow < config.shadow ? between(config.shadowStrength, strength) : 0;
  row[AT.shadowTop] = shadowTop;
  row[AT.shadowLeft] = shadowLeft;
  row[AT.shadowHeight] = between(config.shadowSize, shadowHeight);
  row[AT.shadowWidth] = between(config.shadowSize, shadowWidth);
  row[AT.hazeStrength] = haze < config.haze ? config.hazeStrength * hazeStrength : 0;
  row[AT.hazeTop] = hazeTop;
  row[AT.hazeHeight] = between(config.hazeSize, hazeHeight);
}
