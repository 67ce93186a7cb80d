/** @file The box of each frame that shows the image, without the padding around it. */
import type { Box } from "./parameters.ts";

/** Frames that may say where they show the image: 1 there, 0 on padding; in memory [count, size, size], or read with the frame. */
export interface InsideFrames {
  size: number;
  inside?: Uint8Array;
  read?(images: ArrayLike<number>): { inside: Uint8Array };
}

/** Looks each image up once. */
export function insideBoxes(frames: InsideFrames): (image: number) => Box {
  const boxes = new Map<number, Box>();
  return (image) => {
    const box = boxes.get(image) ?? boxOf(insideOf(frames, image), frames.size);
    boxes.set(image, box);
    return box;
  };
}

function insideOf(frames: InsideFrames, image: number): Uint8Array {
  const area = frames.size ** 2;
  if (frames.inside) return frames.inside.subarray(image * area, (image + 1) * area);
  if (frames.read) return frames.read([image]).inside;
  throw new RangeError("insideBoxes: cropInside needs frames with their inside plane, got frames without it");
}

/** The smallest box around the pixels that are not 0, from first to last pixel centre; all of it where there are none. */
function boxOf(plane: Uint8Array, size: number): Box {
  let [top, left, bottom, right] = [size, size, -1, -1];
  for (let p = 0; p < plane.length; p++) {
    if (plane[p] === 0) continue;
    const [y, x] = [Math.floor(p / size), p % size];
    [top, bottom] = [Math.min(top, y), y];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
  }
  if (bottom <= top || right <= left) return [0, 0, 1, 1];
  const last = size - 1;
  return [top / last, left / last, bottom / last, right / last];
}
