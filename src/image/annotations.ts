/**
 * @file What was drawn into an image after it was taken: text, calipers, dotted lines, frames, pictograms, logos. Ink has edges one pixel wide
 * in both directions; echoes are as wide as the beam, so that pixels beside each other in a row differ little, even at bright layers. So a
 * drawing is known by its steps along rows; thin horizontal lines that touch one belong to it.
 * Reference: Szabo 2014, "Diagnostic Ultrasound Imaging: Inside Out", 2nd ed., ch. 7 (resolution across the beam is the coarser one).
 */
import { componentsOf } from "./components.ts";
import type { GreyImage, Mask } from "./decode.ts";
import type { FieldOfView } from "./field-of-view.ts";
import type { Box } from "./letterbox.ts";

export interface Annotations {
  /** 1 on drawn pixels and the ring of one pixel around them, [height, width] */
  mask: Mask;
  /** pixels of the mask over pixels of the image */
  share: number;
  /** whether a person or a caliper drew into the field of view; a machine's mark in an upper corner alone does not count */
  flagged: boolean;
}

/** A step of ink, in levels, at least … */
const STEP = 40;
/** … and in units of the image's own steps along rows, at their ninth decile. */
const STEP_TO_OWN = 7;
/** Side of the cells in which steps are counted, pixels; dots of a line are nearer than that. */
const CELL = 8;
/** Steps along rows that connected cells hold at least, to be a drawing. */
const LEAST = 10;
/** Reach of a corner, over the longer side of the image. */
const CORNER = 0.06;
/** Distance to the edge of the field below which a step may be the edge itself, pixels. */
const EDGE = 3;

/** Ninth decile of the differences between neighbours in a row, levels; every fourth row. */
function ownStep({ width, height, pixels }: GreyImage): number {
  const histogram = new Uint32Array(256);
  let left = 0;
  for (let y = 0; y < height; y += 4)
    for (let i = y * width + 1; i < (y + 1) * width; i++, left++) histogram[Math.abs(pixels[i] - pixels[i - 1])]++;
  left *= 0.1;
  let level = 255;
  while (level > 0 && (left -= histogram[level]) > 0) level--;
  return level;
}

interface Ink {
  /** indices of the pixels that stand out */
  pixels: number[];
  /** how many of them do so from a neighbour in their row; the others are lines of one or two pixels across the beam */
  steps: number;
}

/** Pixels that stand out by `step` levels: those of steps along rows first, then those of thin lines only. */
function inkOf({ width, height, pixels }: GreyImage, step: number, field: Uint8Array | undefined): Ink {
  const [steps, lines]: [number[], number[]] = [[], []];
  for (let y = 2; y < height - 2; y++)
    for (let x = EDGE, i = y * width + EDGE; x < width - EDGE; x++, i++) {
      const dark = pixels[i] - step;
      if (dark < 0) continue;
      const stands = pixels[i - 1] <= dark || pixels[i + 1] <= dark;
      const [up, down] = [pixels[i - width] <= dark, pixels[i + width] <= dark];
      const thin = up ? down || pixels[i + 2 * width] <= dark : down && pixels[i - 2 * width] <= dark;
      if (!(stands || thin) || (field && !(field[i - EDGE] && field[i + EDGE]))) continue;
      (stands ? steps : lines).push(i);
    }
  return { pixels: [...steps, ...lines], steps: steps.length };
}

/** Indices of the ink of each drawing: of cells that touch and hold steps enough. */
function drawingsOf(ink: Ink, { width, height }: GreyImage): number[][] {
  const [columns, rows] = [Math.ceil(width / CELL), Math.ceil(height / CELL)];
  const cells = ink.pixels.map((i) => Math.floor(Math.floor(i / width) / CELL) * columns + Math.floor((i % width) / CELL));
  const used = new Uint8Array(columns * rows);
  for (const cell of cells) used[cell] = 1;
  const { count, labels } = componentsOf({ width: columns, height: rows, pixels: used }, 8);
  const groups = Array.from({ length: count }, (): Ink => ({ pixels: [], steps: 0 }));
  ink.pixels.forEach((i, k) => {
    const group = groups[labels[cells[k]] - 1];
    group.pixels.push(i);
    if (k < ink.steps) group.steps++;
  });
  return groups.filter(({ steps }) => steps >= LEAST).map(({ pixels }) => pixels);
}

/** Whether a drawing lies within `reach` of an upper corner of the box. */
function inCorner(drawing: readonly number[], width: number, box: Pick<Box, "x" | "y" | "width">, reach: number): boolean {
  const columns = drawing.map((i) => (i % width) - box.x);
  return (
    drawing.every((i) => Math.floor(i / width) - box.y < reach) &&
    (columns.every((x) => x < reach) || columns.every((x) => x >= box.width - reach))
  );
}

/** Draws each ink pixel as 3 × 3, then the pixels between: strokes of up to five pixels are whole. */
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
  const reach = CORNER * Math.max(width, height);
  return {
    mask,
    share: mask.pixels.reduce((sum, value) => sum + value, 0) / mask.pixels.length,
    flagged: !drawings.every((drawing) => inCorner(drawing, width, field?.box ?? { x: 0, y: 0, width }, reach)),
  };
}
