/**
 * @file The lesion that a baseline describes: the largest piece of a mask in a frame of its own, and the same with a smooth outline.
 * Reference: Merriman, Bence & Osher 1992, "Diffusion generated motion by mean curvature", UCLA CAM report 92-18 (blur, and cut at one half); Kovesi 2010,
 * "Fast almost-Gaussian filtering", DICTA, doi:10.1109/DICTA.2010.30 (boxes in turn for a Gaussian).
 */
import { componentsOf } from "../../src/image/components.ts";
import type { Mask } from "../../src/image/decode.ts";
import { diameterOf, ellipseOf } from "../../src/image/ellipse.ts";
import { boundingBox } from "../../src/image/geometry.ts";
import { range } from "../../src/util/rng.ts";

/** Standard deviation of the Gaussian that smooths an outline, in diameters of the fitted ellipse. */
export const SMOOTHING = 0.1;
/** Boxes in turn that stand for a Gaussian: with three the kernel is within 3 % of it. */
const BOXES = 3;

/** A part of an image that holds one connected component. */
export interface LesionPiece extends Mask {
  /** where its first row and column lie in the image; may be negative, for a border is added */
  top: number;
  left: number;
}

/** The largest connected component, with an empty border of one pixel; undefined for an empty mask. Of several lesions the others are left out. */
export function largestPiece(mask: Mask): LesionPiece | undefined {
  const whole = framed(mask, 1);
  if (!whole) return undefined;
  const { labels, areas } = componentsOf(whole, 8);
  if (areas.length === 1) return whole;
  const largest = 1 + areas.indexOf(Math.max(...areas));
  const piece = framed({ ...whole, pixels: Uint8Array.from(labels, (label) => (label === largest ? 1 : 0)) }, 1)!;
  return { ...piece, top: whole.top + piece.top, left: whole.left + piece.left };
}

/** What the mask holds, with an empty border. */
function framed(mask: Mask, border: number): LesionPiece | undefined {
  const box = boundingBox(mask);
  if (!box) return undefined;
  const [width, height] = [box.width + 2 * border, box.height + 2 * border];
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < box.height; y++) {
    const from = (box.y + y) * mask.width + box.x;
    pixels.set(mask.pixels.subarray(from, from + box.width), (y + border) * width + border);
  }
  return { width, height, pixels, top: box.y - border, left: box.x - border };
}

/**
 * The piece with a smooth outline: blurred by a Gaussian and cut at one half, so that jags and gaps give way alike and area is kept; a disk of radius r shrinks by
 * `σ² / 2r`. The fitted ellipse hardly moves. A piece too thin to be left over stays as it is.
 * @param share standard deviation of the Gaussian, in diameters of the fitted ellipse
 */
export function smoothed(piece: LesionPiece, share = SMOOTHING): LesionPiece {
  const sigma = share * diameterOf(ellipseOf(piece)!);
  const widths = boxesOf(sigma);
  const wide = framed(
    piece,
    widths.reduce((sum, width) => sum + (width - 1) / 2, 1),
  )!;
  const { width, height } = wide;
  let blur = Float64Array.from(wide.pixels);
  for (const box of widths) blur = boxed(boxed(blur, width, height, box), height, width, box); // turned over and back
  const smooth = largestPiece({ width, height, pixels: Uint8Array.from(blur, (value) => Number(value >= 0.5 - 1e-9)) });
  if (!smooth) return piece;
  return { ...smooth, top: smooth.top + piece.top + wide.top, left: smooth.left + piece.left + wide.left };
}

/** Odd widths of the boxes whose blurs in turn have the Gaussian's variance, as nearly as whole pixels can: `Σ (w² - 1) / 12 = σ²`. */
function boxesOf(sigma: number): number[] {
  const ideal = Math.sqrt((12 * sigma ** 2) / BOXES + 1);
  const low = 2 * Math.floor((ideal - 1) / 2) + 1;
  const lows = Math.round((BOXES * (low + 2) ** 2 - BOXES - 12 * sigma ** 2) / (4 * low + 4));
  return range(BOXES).map((k) => (k < lows ? low : low + 2));
}

/** Mean over a box along rows, by a running sum; what lies beyond the border is 0. @returns with rows and columns in each other's place, [width, height] */
function boxed(plane: Float64Array, width: number, height: number, box: number): Float64Array<ArrayBuffer> {
  const reach = (box - 1) / 2;
  const out = new Float64Array(plane.length);
  for (let y = 0; y < height; y++) {
    let sum = 0;
    for (let x = 0; x < Math.min(reach, width); x++) sum += plane[y * width + x];
    for (let x = 0; x < width; x++) {
      if (x + reach < width) sum += plane[y * width + x + reach];
      if (x > reach) sum -= plane[y * width + x - reach - 1];
      out[x * height + y] = sum / box;
    }
  }
  return out;
}
