/**
 * @file The field of view: the fan or rectangle of an image that shows echoes, without black borders and without text or bars beside it.
 * It is found on blocks of pixels: those that are not black, opened so that text falls off, the largest component. The field is the box
 * around it, or for a fan its convex hull without the hollow under a curved probe. So shadows inside and dark corners belong to it.
 */
import { componentsOf } from "./components.ts";
import { hullMask } from "./convex-hull.ts";
import type { GreyImage, Mask } from "./decode.ts";
import { areaOf, boundingBox } from "./geometry.ts";
import type { Box } from "./letterbox.ts";
import { open } from "./morphology.ts";

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
/** Share of a block's pixels above black from which it may show echoes; letters leave most of a block black. */
const LIVE = 0.7;
/** A block whose pixels all have one level above this is no echo but a painted bar; the dark levels of a shadow may well be equal. */
const BAR = 16;
/** Side of the square in an upper corner that tells the level of black, pixels. */
const SQUARE = 4;
/** Radius of the opening, in blocks: with 9 pixels a block, what is less than 27 pixels thick falls off. */
const LETTERS = 1;
/** Share of the upper half of its box that the hull of a rectangle fills at least: a fan leaves the corners empty. Below, shadows do. */
const RECTANGLE = 0.98;
/** Share of a row or column of a rectangle that is not black at least. */
const SHOWS = 0.3;
/** Depth of the hollow under a curved probe at most, over the height of the field. */
const HOLLOW = 0.15;

/**
 * The level that the machine paints around the field: that of an upper corner of the image, where it is dark and even, else 0. A rectangle has
 * bright skin there; the lower corners may lie in a shadow, whose levels are as dark and as even.
 */
function blackOf({ width, height, pixels }: GreyImage): number {
  const side = Math.min(SQUARE, width, height);
  const levels = [0, width - side].flatMap((left) => {
    const level = pixels[left];
    for (let y = 0; y < side; y++) for (let x = left; x < left + side; x++) if (pixels[y * width + x] !== level) return [];
    return level <= BAR ? [level] : [];
  });
  return Math.min(...levels, BAR + 1) % (BAR + 1);
}

/** 1 where a `step` × `step` block may show echoes, by every second pixel of every second row. */
function liveBlocks({ width, height, pixels }: GreyImage, step: number, black: number): Mask {
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
          if (level > black) live++;
          if (level < least) least = level;
          if (level > most) most = level;
        }
      if (live >= LIVE * n && (least < most || most <= BAR)) out[by * columns + bx] = 1;
    }
  return { width: columns, height: rows, pixels: out };
}

/** The largest component of the blocks without letters. */
function largestComponent(blocks: Mask): Mask {
  const { areas, labels } = componentsOf(open(blocks, LETTERS), 4);
  const largest = areas.indexOf(Math.max(...areas)) + 1;
  return { ...blocks, pixels: Uint8Array.from(labels, (label) => (label > 0 && label === largest ? 1 : 0)) };
}

/** Whether a hull leaves an upper corner of its box empty. */
function isFan(hull: Mask, box: Box): boolean {
  const rows = Math.ceil(box.height / 2);
  const upper = { ...hull, height: rows, pixels: hull.pixels.subarray(box.y * hull.width, (box.y + rows) * hull.width) };
  return areaOf(upper) < RECTANGLE * box.width * rows;
}

/** The box without outer rows and columns that show little. */
function trimmed({ width, pixels }: GreyImage, box: Box, black: number): Box {
  const shows = (from: number, count: number, stride: number): boolean => {
    let live = 0;
    for (let k = 0, i = from; k < count; k++, i += stride) if (pixels[i] > black) live++;
    return live >= SHOWS * count;
  };
  let [top, left, bottom, right] = [box.y, box.x, box.y + box.height, box.x + box.width];
  while (top < bottom - 1 && !shows(top * width + left, right - left, 1)) top++;
  while (bottom > top + 1 && !shows((bottom - 1) * width + left, right - left, 1)) bottom--;
  while (left < right - 1 && !shows(top * width + left, bottom - top, width)) left++;
  while (right > left + 1 && !shows(top * width + right - 1, bottom - top, width)) right--;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** 1 on the pixels above black in the blocks, and beyond them as far as a row or column goes on without a gap, at most a block, [height, width]. */
function livePixels({ width, height, pixels }: GreyImage, blocks: Mask, step: number, black: number): Mask {
  const out = new Uint8Array(width * height);
  const column = Int32Array.from({ length: width }, (_, x) => Math.floor(x / step));
  for (let y = 0, i = 0; y < height; y++) {
    const row = Math.floor(y / step) * blocks.width;
    for (let x = 0; x < width; x++, i++) if (pixels[i] > black && blocks.pixels[row + column[x]]) out[i] = 1;
  }
  /** Goes on from the first live pixel of a line, against its direction. */
  const goOn = (start: number, length: number, stride: number): void => {
    let k = 0;
    while (k < length && !out[start + k * stride]) k++;
    if (k === length) return;
    const end = Math.max(0, k - step);
    while (--k >= end && pixels[start + k * stride] > black) out[start + k * stride] = 1;
  };
  for (let y = 0; y < height; y++) {
    goOn(y * width, width, 1);
    goOn((y + 1) * width - 1, width, -1);
  }
  for (let x = 0; x < width; x++) {
    goOn(x, height, width);
    goOn((height - 1) * width + x, height, -width);
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
  const black = blackOf(image);
  const blocks = liveBlocks(image, step, black);
  if (areaOf(blocks) === blocks.pixels.length) return rectangle(image, { x: 0, y: 0, width, height });
  const part = largestComponent(blocks);
  const around = boundingBox(part);
  if (!around) return rectangle(image, { x: 0, y: 0, width, height });
  if (isFan(hullMask(part), around)) {
    const live = livePixels(image, part, step, black);
    const [hull, box] = [hullMask(live), boundingBox(live)!];
    takeHollow(hull, live, box);
    return fieldOf("fan", hull, box);
  }
  // an edge may cross the blocks beside the component
  const [left, top] = [Math.max(0, around.x - 1) * step, Math.max(0, around.y - 1) * step];
  const [right, bottom] = [(around.x + around.width + 1) * step, (around.y + around.height + 1) * step];
  const box = { x: left, y: top, width: Math.min(width, right) - left, height: Math.min(height, bottom) - top };
  return rectangle(image, trimmed(image, box, black));
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
    share: areaOf(mask) / (width * height),
    borders: { top: box.y, right: width - box.x - box.width, bottom: height - box.y - box.height, left: box.x },
    borderShare: 1 - (box.width * box.height) / (width * height),
  };
}
