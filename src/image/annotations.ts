/**
 * @file What was drawn into an image after it was taken: text, calipers, dotted lines, pictograms. Ink has edges one pixel wide; echoes are
 * blurred by the beam, so that neighbouring pixels differ little.
 */
import type { GreyImage, Mask } from "./decode.ts";
import type { FieldOfView } from "./field-of-view.ts";

export interface Annotations {
  /** 1 on drawn pixels, [height, width] */
  mask: Mask;
  /** pixels of the mask over pixels of the image */
  share: number;
  /** whether something was drawn into the field of view */
  flagged: boolean;
}

/** Levels between neighbouring pixels that no echo reaches. */
const STEP = 80;
/** Pixels with such a neighbour that make an annotation. */
const LEAST = 12;

/** @param field where to look; by default everywhere */
export function annotationsOf({ width, height, pixels }: GreyImage, field?: FieldOfView): Annotations {
  const ink = new Uint8Array(width * height);
  let count = 0;
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      if (field && !field.mask.pixels[i]) continue;
      const least = Math.min(pixels[i - 1], pixels[i + 1], pixels[i - width], pixels[i + width]);
      if (pixels[i] - least < STEP) continue;
      ink[i] = 1;
      count++;
    }
  return { mask: { width, height, pixels: ink }, share: count / ink.length, flagged: count >= LEAST };
}
