/**
 * @file Dilation, erosion, opening and closing by a disk, through the exact distance transform: a pixel is in the dilation where the mask is
 * within the radius. So the cost does not grow with the disk.
 * Reference: Soille 2003, "Morphological Image Analysis", §3.2–3.3, §4.
 */
import type { Mask } from "./decode.ts";
import { squaredDistances } from "./distance.ts";

const inverse = ({ width, height, pixels }: Mask): Mask => ({ width, height, pixels: pixels.map((value) => (value ? 0 : 1)) });

/** 1 within `radius` of a pixel of the mask, `dx² + dy² ≤ radius²`; nothing comes in over the border. */
export function dilate(mask: Mask, radius: number): Mask {
  const distances = squaredDistances(inverse(mask));
  return { ...mask, pixels: Uint8Array.from(distances, (distance) => (distance <= radius * radius ? 1 : 0)) };
}

/** 1 where the whole disk lies in the mask; beyond the border the mask goes on, so that it is not eaten from there. */
export const erode = (mask: Mask, radius: number): Mask => inverse(dilate(inverse(mask), radius));

/** Takes away what is too narrow for the disk. */
export const open = (mask: Mask, radius: number): Mask => dilate(erode(mask, radius), radius);

/** Fills holes and gaps that are too narrow for the disk. */
export const close = (mask: Mask, radius: number): Mask => erode(dilate(mask, radius), radius);
