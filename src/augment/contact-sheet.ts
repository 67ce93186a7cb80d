/** @file A picture of what augmentation does: one row an image, the image first, then its views. */
import sharp from "sharp";
import type { AugmentConfig } from "../config/augment.ts";
import { tf } from "../engine/tf.ts";
import { range } from "../util/rng.ts";
import { makeAugmenter, type AugmentFrames, type AugmenterKey } from "./augmenter.ts";
import { batchOf } from "./batch.ts";

/** Square grey pixels in 0–1, [size, size]. */
export interface Tile {
  size: number;
  levels: ArrayLike<number>;
}

export interface SheetRow {
  label: string;
  tiles: readonly Tile[];
}

/** Pixels: shortest side of a tile as it is shown, space between tiles, height of a line of text. */
const [SHOWN, GAP, LINE] = [96, 4, 18];
const PAPER = 255;

/**
 * Lays tiles out, each enlarged by the whole factor that makes the largest one at least 96 pixels wide.
 * @param headings of the columns
 * @returns a grey PNG; labels stand above their rows, cut off at the sheet's border
 */
export async function contactSheet(headings: readonly string[], rows: readonly SheetRow[]): Promise<Buffer> {
  const largest = Math.max(1, ...rows.flatMap(({ tiles }) => tiles.map(({ size }) => size)));
  const factor = Math.max(1, Math.ceil(SHOWN / largest));
  const cell = largest * factor + GAP;
  const width = GAP + headings.length * cell;
  const height = LINE + rows.length * (LINE + cell);
  const pixels = new Uint8Array(width * height).fill(PAPER);
  const topOf = (row: number) => LINE + row * (LINE + cell);
  rows.forEach(({ tiles }, row) =>
    tiles.forEach((tile, column) => {
      const origin = (topOf(row) + LINE) * width + GAP + column * cell;
      const side = tile.size * factor;
      for (let y = 0; y < side; y++)
        for (let x = 0; x < side; x++)
          pixels[origin + y * width + x] = Math.round(255 * tile.levels[Math.floor(y / factor) * tile.size + Math.floor(x / factor)]);
    }),
  );
  const sheet = { pixels, width };
  for (const [column, heading] of headings.entries()) await write(sheet, heading, { left: GAP + column * cell, top: 0, room: cell - GAP });
  for (const [row, { label }] of rows.entries()) await write(sheet, label, { left: GAP, top: topOf(row), room: width - GAP });
  return sharp(pixels, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
}

/** Writes one line, black on white, as much of it as there is room for. (Not as SVG: where images are decoded, no SVG may be.) */
async function write(sheet: { pixels: Uint8Array; width: number }, words: string, place: { left: number; top: number; room: number }) {
  if (words.trim() === "") return;
  const safe = words
    .slice(0, 200)
    .replace(/[<>&]|\p{C}/gu, (character) => (/[<>&]/.test(character) ? `&#${character.charCodeAt(0)};` : " "));
  const ink = await sharp({ text: { text: safe, font: "sans-serif 9", dpi: 96 } })
    .toColourspace("b-w")
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = ink.info;
  for (let y = 0; y < Math.min(height, LINE); y++)
    for (let x = 0; x < Math.min(width, place.room); x++)
      sheet.pixels[(place.top + y) * sheet.width + place.left + x] = PAPER - ink.data[y * width + x];
}

export interface PreviewOptions extends AugmenterKey {
  /** indices of the images to show */
  images: readonly number[];
  /** what to call the image of an index */
  nameOf: (image: number) => string;
  epoch: number;
}

/** The images at `images` with all their views of an epoch, as pretraining would see them; a grey PNG. */
export async function previewViews(config: AugmentConfig, frames: AugmentFrames, options: PreviewOptions): Promise<Buffer> {
  const { images, nameOf, epoch } = options;
  const augmenter = makeAugmenter(config, frames, options);
  try {
    const [originals, ...groups] = tf.tidy(() =>
      [batchOf(frames, images), ...augmenter.viewsBySize(images, epoch)].map((views) => ({
        size: views.shape[1],
        levels: views.dataSync(),
      })),
    );
    const tile = ({ size, levels }: typeof originals, r: number): Tile => ({
      size,
      levels: levels.subarray(r * size ** 2, (r + 1) * size ** 2),
    });
    const names = augmenter.groups.map(({ views }, g) => views.map((_, view) => `${g === 0 ? "view" : "local"} ${view + 1}`));
    const rows = images.map((image, i) => ({
      label: nameOf(image),
      tiles: [
        tile(originals, i),
        ...groups.flatMap((group, g) => range(names[g].length).map((view) => tile(group, view * images.length + i))),
      ],
    }));
    return await contactSheet(["image", ...names.flat()], rows);
  } finally {
    augmenter.dispose();
  }
}
