/**
 * @file The lesion that a baseline describes: the largest piece of a mask in a frame of its own, and the same with a smooth outline.
 * Reference: Merriman, Bence & Osher 1992, "Diffusion generated motion by mean curvature", UCLA CAM report 92-18 (blur, and cut at one half).
 */
import { componentsOf } from "../../src/image/components.ts";
import type { Mask } from "../../src/image/decode.ts";
import { diameterOf, ellipseOf } from "../../src/image/ellipse.ts";
import { boundingBox } from "../../src/image/geometry.ts";

/** Standard deviation of the Gaussian that smooths an outline, in diameters of the fitted ellipse. */
export const SMOOTHING = 0.1;

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
  const reach = Math.ceil(3 * sigma);
  const wide = framed(piece, reach + 1)!;
  const { width, height } = wide;
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, k) => Math.exp(-((k - reach) ** 2) / (2 * sigma ** 2)));
  const blur = blurred(wide, kernel);
  const half = kernel.reduce((sum, weight) => sum + weight, 0) ** 2 / 2;
  const smooth = largestPiece({ width, height, pixels: Uint8Array.from(blur, (value) => Number(value >= half)) });
  if (!smooth) return piece;
  return { ...smooth, top: smooth.top + piece.top + wide.top, left: smooth.left + piece.left + wide.left };
}

/** Weighted sums along rows, then along columns; what lies beyond the border is 0. [height, width] */
function blurred({ width, height, pixels }: Mask, kernel: Float64Array): Float64Array {
  const reach = (kernel.length - 1) / 2;
  const [across, out] = [new Float64Array(pixels.length), new Float64Array(pixels.length)];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (!pixels[y * width + x]) continue;
      const last = Math.min(width - 1, x + reach);
      for (let to = Math.max(0, x - reach); to <= last; to++) across[y * width + to] += kernel[to - x + reach];
    }
  for (let y = 0; y < height; y++)
    for (let to = Math.max(0, y - reach); to <= Math.min(height - 1, y + reach); to++) {
      const weight = kernel[to - y + reach];
      for (let x = 0; x < width; x++) out[to * width + x] += weight * across[y * width + x];
    }
  return out;
}
