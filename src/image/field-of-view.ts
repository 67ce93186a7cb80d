/**
 * @file The field of view: the fan or rectangle of an image that shows echoes, without black borders and without text or bars beside it.
 * It is found on blocks of pixels: those that are not black, opened so that text falls off, the largest component, its convex hull. Shadows
 * inside and dark corners of the field are in the hull.
 */
import { componentsOf } from "./components.ts";
import { hullMask } from "./convex-hull.ts";
import type { GreyImage, Mask } from "./decode.ts";
import { boundingBox } from "./geometry.ts";
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
  /** rows and columns beside the box at each side of the image: they show nothing of the field */
  borders: { top: number; right: number; bottom: number; left: number };
  /** pixels of the borders over pixels of the image */
  borderShare: number;
}

/** Blocks along the longer side. */
const BLOCKS = 128;
/** Mean level from which a block is not black: machines paint 0 around the field, and noise inside it lifts even a shadow to 1 or 2. */
const BLACK = 0.5;
/** Radius of the opening, in blocks: thicker than letters. */
const LETTERS = 2;
/** Share of its box that a field fills at least to be called a rectangle; a fan leaves the upper corners empty. */
const RECTANGLE = 0.88;

/** 1 where the mean of a `step` × `step` block is not black. */
function liveBlocks({ width, height, pixels }: GreyImage, step: number): Mask {
  const [columns, rows] = [Math.ceil(width / step), Math.ceil(height / step)];
  const sums = new Float64Array(columns * rows);
  const counts = new Float64Array(columns * rows);
  const blockOf = Int32Array.from({ length: width }, (_, x) => Math.floor(x / step));
  for (let y = 0; y < height; y++) {
    const base = Math.floor(y / step) * columns;
    for (let x = 0, i = y * width; x < width; x++, i++) {
      sums[base + blockOf[x]] += pixels[i];
      counts[base + blockOf[x]]++;
    }
  }
  return { width: columns, height: rows, pixels: Uint8Array.from(sums, (sum, i) => (sum >= BLACK * counts[i] ? 1 : 0)) };
}

function largestComponent(mask: Mask): Mask {
  const { areas, labels } = componentsOf(mask, 4);
  const largest = areas.indexOf(Math.max(...areas)) + 1;
  return { ...mask, pixels: Uint8Array.from(labels, (label) => (label === largest && label > 0 ? 1 : 0)) };
}

/** The field of view of an image in its native size. An image without any echo is one rectangle. */
export function fieldOfViewOf(image: GreyImage): FieldOfView {
  const { width, height } = image;
  const step = Math.max(1, Math.ceil(Math.max(width, height) / BLOCKS));
  const hull = hullMask(largestComponent(open(liveBlocks(image, step), LETTERS)));
  const small = boundingBox(hull) ?? { x: 0, y: 0, width: hull.width, height: hull.height };
  const filled = hull.pixels.reduce((sum, value) => sum + value, 0) / (small.width * small.height);
  const kind = filled === 0 || filled >= RECTANGLE ? "rectangle" : "fan";
  const [left, top] = [small.x * step, small.y * step];
  const [right, bottom] = [Math.min(width, (small.x + small.width) * step), Math.min(height, (small.y + small.height) * step)];
  const pixels = new Uint8Array(width * height);
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++)
      if (kind === "rectangle" || hull.pixels[Math.floor(y / step) * hull.width + Math.floor(x / step)]) pixels[y * width + x] = 1;
  const box = { x: left, y: top, width: right - left, height: bottom - top };
  return {
    kind,
    mask: { width, height, pixels },
    box,
    share: pixels.reduce((sum, value) => sum + value, 0) / pixels.length,
    borders: { top, right: width - right, bottom: height - bottom, left },
    borderShare: 1 - (box.width * box.height) / (width * height),
  };
}
