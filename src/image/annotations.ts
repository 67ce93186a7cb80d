/**
 * @file What was drawn into an image after it was taken: text, calipers, dotted lines, frames, pictograms, logos. Ink has edges of one or two
 * pixels in both directions; echoes are as wide as the beam, so that pixels beside each other in a row differ little, even at bright layers. So a
 * drawing is known by strokes across rows; thin lines along a row that touch one belong to it. Nothing here is learnt: the constants were chosen
 * on labelled images (fixtures/annotated-busi.json), and its test measures precision and recall.
 */
import { componentsOf } from "./components.ts";
import type { GreyImage, Mask } from "./decode.ts";
import type { FieldOfView } from "./field-of-view.ts";
import { areaOf } from "./geometry.ts";
import type { Box } from "./letterbox.ts";

export interface Annotations {
  /** 1 on drawn pixels and the ring of one pixel around them, [height, width] */
  mask: Mask;
  /** pixels of the mask over pixels of the image */
  share: number;
  /** whether a person or a caliper drew into the field of view; a machine's mark in an upper corner alone does not count */
  flagged: boolean;
}

/** Pixels over which a step of ink is taken: letters that were resampled have soft edges. */
const OVER = 2;
/** A step of ink, in levels, at least … */
const STEP = 50;
/** … and in units of the image's own steps along rows, at their ninth decile. */
const STEP_TO_OWN = 4;
/** Side of the cells in which strokes are counted, pixels; dots of a line are nearer than that. */
const CELL = 8;
/** Strokes that cross two rows in one place, which connected cells hold at least, to be a drawing. */
const LEAST = 7;
/** Widths of strokes at most, pixels: across rows, where letters are bold, and across columns, where bright layers are thin. */
const WIDEST = { row: 8, column: 3 };
/** An upper corner, where machines put their mark: shares of the width and height of the field. */
const CORNER = { width: 0.2, height: 0.1 };

/** Ninth decile of the steps along rows, levels; every fourth row. */
function ownStep({ width, height, pixels }: GreyImage): number {
  const histogram = new Uint32Array(256);
  let above = 0;
  for (let y = 0; y < height; y += 4)
    for (let i = y * width + OVER; i < (y + 1) * width; i++, above += 0.1) histogram[Math.abs(pixels[i] - pixels[i - OVER])]++;
  let level = 255;
  while (level > 0 && (above -= histogram[level]) > 0) level--;
  return level;
}

interface Ink {
  /** pixels of strokes; a pixel may be there more than once */
  pixels: number[];
  /** first pixels of strokes that cross a row and the row above in one place; an oblique layer crosses them far apart */
  strokes: number[];
}

/**
 * Strokes: runs along a row or a column that stand out on both sides by `step` levels. So the edge of a fan or of a bar is none.
 * @param field where strokes begin, [height, width]
 */
function inkOf({ width, height, pixels }: GreyImage, step: number, field: Uint8Array | undefined): Ink {
  const ink: Ink = { pixels: [], strokes: [] };
  const starts = new Uint8Array(pixels.length);
  /** Length of the run of at most `widest` pixels from i on, 0 where it does not end so soon. */
  const run = (i: number, dark: number, stride: number, widest: number): number => {
    for (let k = 1; k <= widest; k++) if (pixels[i + k * stride] <= dark) return k;
    return 0;
  };
  for (let y = 1; y < height; y++)
    for (let x = OVER, i = y * width + OVER; x < width; x++, i++) {
      const dark = pixels[i] - step;
      const [left, above] = [pixels[i - OVER] <= dark, pixels[i - width] <= dark];
      if ((!left && !above) || (field && !field[i])) continue;
      const across = left ? run(i, dark, 1, Math.min(WIDEST.row, width - x - 1)) : 0;
      const down = above ? run(i, dark, width, Math.min(WIDEST.column, height - y - 1)) : 0;
      if (across) {
        starts[i] = 1;
        if (starts[i - width - 1] || starts[i - width] || starts[i - width + 1]) ink.strokes.push(i);
      }
      for (let k = 0; k < across; k++) ink.pixels.push(i + k);
      for (let k = 0; k < down; k++) ink.pixels.push(i + k * width);
    }
  return ink;
}

/** Indices of the ink of each drawing: of cells that touch and hold strokes enough. */
function drawingsOf({ pixels, strokes }: Ink, { width, height }: GreyImage): number[][] {
  const [columns, rows] = [Math.ceil(width / CELL), Math.ceil(height / CELL)];
  const cellOf = (i: number): number => Math.floor(Math.floor(i / width) / CELL) * columns + Math.floor((i % width) / CELL);
  const used = new Uint8Array(columns * rows);
  for (const i of pixels) used[cellOf(i)] = 1;
  const { count, labels } = componentsOf({ width: columns, height: rows, pixels: used }, 8);
  const held = new Int32Array(count + 1);
  for (const i of strokes) held[labels[cellOf(i)]]++;
  const drawings = Array.from(held, (): number[] => []);
  for (const i of pixels) drawings[labels[cellOf(i)]].push(i);
  return drawings.filter((_, label) => held[label] >= LEAST);
}

/** Whether a drawing lies in an upper corner of the box. */
function inCorner(drawing: readonly number[], width: number, box: Box): boolean {
  const columns = drawing.map((i) => (i % width) - box.x);
  const reach = CORNER.width * box.width;
  return (
    drawing.every((i) => Math.floor(i / width) - box.y < CORNER.height * box.height) &&
    (columns.every((x) => x < reach) || columns.every((x) => x >= box.width - reach))
  );
}

/** Draws each ink pixel as 3 × 3, as the soft edges of ink are drawn, too. */
function paint(mask: Mask, ink: readonly number[]): void {
  const { width, height, pixels } = mask;
  for (const i of ink) {
    const [x, y] = [i % width, Math.floor(i / width)];
    for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++)
      pixels.fill(1, ny * width + Math.max(0, x - 1), ny * width + Math.min(width, x + 2));
  }
}

/** @param field where to look; by default everywhere */
export function annotationsOf(image: GreyImage, field?: FieldOfView): Annotations {
  const { width, height } = image;
  const step = Math.max(STEP, STEP_TO_OWN * ownStep(image));
  const drawings = drawingsOf(inkOf(image, step, field?.mask.pixels), image);
  const mask = { width, height, pixels: new Uint8Array(width * height) };
  for (const drawing of drawings) paint(mask, drawing);
  const box = field?.box ?? { x: 0, y: 0, width, height };
  return {
    mask,
    share: areaOf(mask) / mask.pixels.length,
    flagged: !drawings.every((drawing) => inCorner(drawing, width, box)),
  };
}
