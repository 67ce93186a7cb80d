/** @file Fits images and masks into a square frame: aspect ratio kept, centred, the rest padded with 0. */
import sharp from "sharp";
import type { GreyImage, Mask } from "./decode.ts";

/** Where the image lies in its frame, in frame pixels. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The largest centred box of the image's shape in a `size` × `size` frame; at least one pixel wide and high. */
export function boxOf(image: { width: number; height: number }, size: number): Box {
  const scale = size / Math.max(image.width, image.height);
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  return { x: (size - width) >> 1, y: (size - height) >> 1, width, height };
}

/** Copies box pixels, row-major, into `frame`. */
function paste(pixels: Uint8Array, box: Box, frame: Uint8Array, size: number): void {
  for (let row = 0; row < box.height; row++)
    frame.set(pixels.subarray(row * box.width, (row + 1) * box.width), (box.y + row) * size + box.x);
}

/**
 * Resamples a grey image into `frame` (size × size bytes, all 0), anti-aliased (Lanczos 3).
 * @returns where the image lies in the frame
 */
export async function letterbox(image: GreyImage, size: number, frame: Uint8Array): Promise<Box> {
  const box = boxOf(image, size);
  const { width, height } = image;
  const small = await sharp(image.pixels, { raw: { width, height, channels: 1 } })
    .resize(box.width, box.height, { fit: "fill", kernel: "lanczos3" })
    .toColourspace("b-w")
    .raw()
    .toBuffer();
  paste(small, box, frame, size);
  return box;
}

/** Samples a mask into `frame` (size × size bytes, all 0): each frame pixel takes the mask pixel under its centre. */
export function letterboxMask(mask: Mask, size: number, frame: Uint8Array): Box {
  const box = boxOf(mask, size);
  const columns = Int32Array.from({ length: box.width }, (_, i) => Math.floor(((i + 0.5) * mask.width) / box.width));
  for (let row = 0; row < box.height; row++) {
    const from = Math.floor(((row + 0.5) * mask.height) / box.height) * mask.width;
    const to = (box.y + row) * size + box.x;
    for (let i = 0; i < box.width; i++) frame[to + i] = mask.pixels[from + columns[i]]!;
  }
  return box;
}

/** Fits a mask into `frame` (size × size bytes, all 0) so that nothing is lost: 1 on each frame pixel that some pixel of the mask touches. */
export function letterboxCover({ width, height, pixels }: Mask, size: number, frame: Uint8Array): Box {
  const box = boxOf({ width, height }, size);
  // from the first frame pixel that each column, or row, of the mask touches to the one after the last
  const touched = (from: number, to: number) =>
    Array.from({ length: from }, (_, i) => [Math.floor((i * to) / from), Math.ceil(((i + 1) * to) / from)] as const);
  const [columns, rows] = [touched(width, box.width), touched(height, box.height)];
  for (const [y, [top, bottom]] of rows.entries())
    for (const [x, [left, right]] of columns.entries()) {
      if (!pixels[y * width + x]) continue;
      for (let row = box.y + top; row < box.y + bottom; row++) frame.fill(1, row * size + box.x + left, row * size + box.x + right);
    }
  return box;
}

/** Fills the box with 1. */
export function fillBox(box: Box, size: number, frame: Uint8Array): void {
  for (let row = box.y; row < box.y + box.height; row++) frame.fill(1, row * size + box.x, row * size + box.x + box.width);
}
