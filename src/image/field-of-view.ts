/**
 * @file The field of view: the fan or rectangle of an image that shows echoes, without black borders and without text or bars beside it.
 * It is found on blocks of pixels: those that are not black, opened so that text falls off, the largest component. The field is the box
 * around it, or for a fan its convex hull without the hollow under a curved probe. So shadows inside and dark corners belong to it.
 */
import { componentsOf } from "./components.ts";
import { hullMask } from "./convex-hull.ts";
import type { GreyImage, Mask } from "./decode.ts";
import { boundingBox } from "./geometry.ts";
import type { Box } from "./letterbox.ts";
import { dilate, open } from "./morphology.ts";

export interface FieldOfView {
  kind: "rectangle" | "fan";
  /** 1 in the field, [height, width] */
  mask: Mask;
  /** the smallest box that holds the field, pixels */
  box: Box;
  /** pixels of the field over pixels of the image */
  share: number;
  /** rows and columns between each side of the image and the box: they show nothing of the field */
  borders: { top: number; right: number; bottom: number; left: number };
  /** pixels of the borders over pixels of the image */
  borderShare: number;
}

/** Blocks along the longer side. */
const BLOCKS = 64;
/** Share of a block's pixels above 0 from which it may show echoes: machines paint 0 around the field, letters leave most of it 0. */
const LIVE = 0.7;
/** A block whose pixels all have one level above this is no echo but a painted bar; the dark levels of a shadow may well be equal. */
const BAR = 16;
/** Radius of the opening, in blocks: with 9 pixels a block, what is less than 27 pixels thick falls off. */
const LETTERS = 1;
/** Share of its box that the hull of a field fills at least to be called a rectangle; a fan leaves the upper corners empty. */
const RECTANGLE = 0.88;
/** Share of a row or column of a rectangle that is not black at least. */
const SHOWS = 0.3;
/** Depth of the hollow under a curved probe at most, over the height of the field. */
const HOLLOW = 0.15;

const count = (pixels: Uint8Array): number => {
  let sum = 0;
  for (let i = 0; i < pixels.length; i++) sum += pixels[i];
  return sum;
};

/** 1 where a `step` × `step` block may show echoes, by every second pixel of every second row. */
function liveBlocks({ width, height, pixels }: GreyImage, step: number): Mask {
  const [columns, rows] = [Math.ceil(width / step), Math.ceil(height / step)];
  const out = new Uint8Array(columns * rows);
  const stride = step < 4 ? 1 : 2;
  for (let by = 0; by < rows; by++)
    for (let bx = 0; bx < columns; bx++) {
      const [bottom, right] = [Math.min(height, (by + 1) * step), Math.min(width, (bx + 1) * step)];
      let [live, n, least, most] = [0, 0, 255, 0];
      for (let y = by * step; y < bottom; y += stride)
        for (let x = bx * step; x < right; x += stride, n++) {
          const level = pixels[y * width + x];
          if (level > 0) live++;
          if (level < least) least = level;
          if (level > most) most = level;
        }
      if (live >= LIVE * n && (least < most || most <= BAR)) out[by * columns + bx] = 1;
    }
  return { width: columns, height: rows, pixels: out };
}

/** The largest component of the blocks without letters, and the blocks beside it, which its edge may cross. */
function largestComponent(blocks: Mask): Mask {
  const { areas, labels } = componentsOf(open(blocks, LETTERS), 4);
  const largest = areas.indexOf(Math.max(...areas)) + 1;
  return dilate({ ...blocks, pixels: Uint8Array.from(labels, (label) => (label > 0 && label === largest ? 1 : 0)) }, 1);
}

/** The box without outer rows and columns that show little. */
function trimmed({ width, pixels }: GreyImage, box: Box): Box {
  const shows = (from: number, count: number, stride: number): boolean => {
    let live = 0;
    for (let k = 0, i = from; k < count; k++, i += stride) if (pixels[i] > 0) live++;
    return live >= SHOWS * count;
  };
  let [top, left, bottom, right] = [box.y, box.x, box.y + box.height, box.x + box.width];
  while (top < bottom - 1 && !shows(top * width + left, right - left, 1)) top++;
  while (bottom > top + 1 && !shows((bottom - 1) * width + left, right - left, 1)) bottom--;
  while (left < right - 1 && !shows(top * width + left, bottom - top, width)) left++;
  while (right > left + 1 && !shows(top * width + right - 1, bottom - top, width)) right--;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** 1 on the pixels above 0 in the blocks, [height, width]. */
function livePixels({ width, height, pixels }: GreyImage, blocks: Mask, step: number): Mask {
  const column = Int32Array.from({ length: width }, (_, x) => Math.floor(x / step));
  const out = new Uint8Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    const row = Math.floor(y / step) * blocks.width;
    for (let x = 0; x < width; x++, i++) if (pixels[i] > 0 && blocks.pixels[row + column[x]]) out[i] = 1;
  }
  return { width, height, pixels: out };
}

/** Takes away what lies above the first live pixel of each column, where the hull spans the hollow under a curved probe. */
function takeHollow(hull: Mask, live: Mask, box: Box): void {
  const { width } = hull;
  for (let x = box.x; x < box.x + box.width; x++) {
    let depth = box.y;
    while (depth < box.y + box.height && !live.pixels[depth * width + x]) depth++;
    // a column that is black to a greater depth lies in a shadow from the skin on, or at a dark side of the fan
    if (depth - box.y <= HOLLOW * box.height) for (let y = box.y; y < depth; y++) hull.pixels[y * width + x] = 0;
  }
}

/** The field of view of an image in its native size. An image without any echo is one rectangle. */
export function fieldOfViewOf(image: GreyImage): FieldOfView {
  const { width, height } = image;
  const step = Math.max(1, Math.ceil(Math.max(width, height) / BLOCKS));
  const blocks = liveBlocks(image, step);
  if (count(blocks.pixels) === blocks.pixels.length) return rectangle(image, { x: 0, y: 0, width, height });
  const part = largestComponent(blocks);
  const around = boundingBox(part);
  if (!around) return rectangle(image, { x: 0, y: 0, width, height });
  if (count(hullMask(part).pixels) >= RECTANGLE * around.width * around.height) {
    const [x, y] = [around.x * step, around.y * step];
    return rectangle(
      image,
      trimmed(image, { x, y, width: Math.min(width - x, around.width * step), height: Math.min(height - y, around.height * step) }),
    );
  }
  const live = livePixels(image, part, step);
  const [hull, box] = [hullMask(live), boundingBox(live)!];
  takeHollow(hull, live, box);
  return fieldOf("fan", hull, box);
}

function rectangle({ width, height }: GreyImage, box: Box): FieldOfView {
  const mask = { width, height, pixels: new Uint8Array(width * height) };
  for (let y = box.y; y < box.y + box.height; y++) mask.pixels.fill(1, y * width + box.x, y * width + box.x + box.width);
  return fieldOf("rectangle", mask, box);
}

function fieldOf(kind: FieldOfView["kind"], mask: Mask, box: Box): FieldOfView {
  const { width, height } = mask;
  return {
    kind,
    mask,
    box,
    share: count(mask.pixels) / (width * height),
    borders: { top: box.y, right: width - box.x - box.width, bottom: height - box.y - box.height, left: box.x },
    borderShare: 1 - (box.width * box.height) / (width * height),
  };
}
