/**
 * @file What happens to each view of a batch, drawn in JavaScript from a stream of its own: the same image, epoch and view get
 * the same draw whatever the batch holds or in which order it comes.
 */
import type { AugmentConfig } from "../config/augment.ts";
import { rngOf, type Rng } from "../util/rng.ts";
import { NOISE_SIDE } from "./noise.ts";

/** Columns of a parameter row; boxes are (top, left, bottom, right) as `cropAndResize` takes them, 0–1 from first to last pixel centre. */
export const COLUMNS = [
  "top",
  "left",
  "bottom",
  "right",
  "gain",
  "exponent",
  "depthGain",
  "speckle",
  "noiseTop",
  "noiseLeft",
  "blur",
] as const;
export type Column = (typeof COLUMNS)[number];

/** Which stream the draws come from. */
export interface DrawKey {
  seed: number;
  /** Who draws, for example the task's name. */
  stream: string;
  epoch: number;
  /** Views of an image, 1 or more. */
  views: number;
}

/**
 * One row of parameters a view: view 0 of every image, then view 1, and so on.
 * @param images indices of the batch's images in the data set [n]; they, not the position in the batch, choose the draw
 * @returns [views·n, COLUMNS.length], row-major
 */
export function drawParameters(config: AugmentConfig, { seed, stream, epoch, views }: DrawKey, images: ArrayLike<number>): Float32Array {
  const rows = new Float32Array(views * images.length * COLUMNS.length);
  for (let view = 0; view < views; view++)
    for (let i = 0; i < images.length; i++) {
      const row = drawRow(config, rngOf(seed, "augment", stream, epoch, images[i], view));
      rows.set(
        COLUMNS.map((column) => row[column]),
        (view * images.length + i) * COLUMNS.length,
      );
    }
  return rows;
}

/** Parameters that change nothing, for views of the frames' own size. */
export const unchanged = (rows: number): Float32Array =>
  Float32Array.from({ length: rows * COLUMNS.length }, (_, i) => IDENTITY[COLUMNS[i % COLUMNS.length]]);

const IDENTITY: Record<Column, number> = {
  top: 0,
  left: 0,
  bottom: 1,
  right: 1,
  gain: 1,
  exponent: 1,
  depthGain: 0,
  speckle: 0,
  noiseTop: 0,
  noiseLeft: 0,
  blur: 0,
};

/** Share of the image that boxes keep from its border: a sample that rounding puts beyond the last pixel would be black. */
const MARGIN = 1e-6;

/** Every draw is made, used or not, so that changing one setting leaves the others' draws alone. */
function drawRow(config: AugmentConfig, rng: Rng): Record<Column, number> {
  const between = (low: number, high: number) => low + (high - low) * rng.next();
  const [small, large] = config.cropScale;
  const side = (1 - 2 * MARGIN) * Math.sqrt(between(small, large)); // one side for both axes: "taller than wide" is a sign of malignancy
  const top = between(MARGIN, 1 - MARGIN - side);
  const left = between(MARGIN, 1 - MARGIN - side);
  const flip = rng.next() < config.flip; // a flipped box has its left and right swapped; vertical order is depth and stays
  return {
    top,
    left: flip ? left + side : left,
    bottom: top + side,
    right: flip ? left : left + side,
    gain: 1 + between(-config.gain, config.gain),
    exponent: 2 ** between(-config.gamma, config.gamma),
    depthGain: between(-config.depthGain, config.depthGain),
    speckle: config.speckle,
    noiseTop: rng.int(NOISE_SIDE),
    noiseLeft: rng.int(NOISE_SIDE),
    blur: rng.next() < config.blur ? 1 : 0,
  };
}
