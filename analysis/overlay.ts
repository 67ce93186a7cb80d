/** @file A frame with its map laid over it and the lesion outlined: for eyes, on one absolute colour scale. */
import sharp from "sharp";
import { DIVERGING, divergingStep } from "./colour.ts";
import { enlarge } from "./enlarge.ts";

export interface OverlayInput {
  /** grey levels 0–255, [size, size] */
  frame: Uint8Array;
  size: number;
  /** 1 on the lesion, [size, size] */
  lesion: Uint8Array;
  /** signed map, [rows, columns]; null shows the frame alone */
  map: { values: ArrayLike<number>; rows: number; columns: number; limit: number } | null;
}

/** Opacity of a saturated colour. It falls to 0 with the map, so that the image stays readable where the map says nothing. */
const OPACITY = 0.75;

/** Red, green, blue of the overlay, [side, side, 3]. */
export function overlayPixels({ frame, size, lesion, map }: OverlayInput, side: number): Uint8Array {
  const grey = enlarge(frame, size, size, side);
  const tint = map && enlarge(map.values, map.rows, map.columns, side);
  const out = new Uint8Array(side * side * 3);
  for (let p = 0; p < side * side; p++) {
    const strength = map && tint ? OPACITY * Math.min(1, Math.abs(tint[p]) / map.limit) : 0;
    const colour = map && tint ? divergingStep(tint[p], map.limit) * 3 : 0;
    for (let c = 0; c < 3; c++) out[p * 3 + c] = Math.round(grey[p] * (1 - strength) + DIVERGING[colour + c] * strength);
  }
  for (const p of outline(lesion, size, side)) out.fill(255, p * 3, p * 3 + 3);
  return out;
}

/** Pixels of the enlarged mask that touch its outside, in [side, side]. */
function outline(lesion: Uint8Array, size: number, side: number): number[] {
  const source = (i: number) => Math.min(size - 1, Math.floor(((i + 0.5) * size) / side));
  const on = (y: number, x: number) => y >= 0 && x >= 0 && y < side && x < side && lesion[source(y) * size + source(x)] === 1;
  const pixels: number[] = [];
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      if (on(y, x) && !(on(y - 1, x) && on(y + 1, x) && on(y, x - 1) && on(y, x + 1))) pixels.push(y * side + x);
  return pixels;
}

/** The overlay as an image file of `side` × `side` pixels. */
export async function encodeOverlay(input: OverlayInput, side: number, format: "png" | "jpeg"): Promise<Buffer> {
  const image = sharp(overlayPixels(input, side), { raw: { width: side, height: side, channels: 3 } });
  return (format === "png" ? image.png() : image.jpeg({ quality: 85 })).toBuffer();
}

/** Lays encoded overlays of `side` pixels out in rows of `columns`, as one PNG. */
export async function montage(images: readonly Buffer[], side: number, columns: number): Promise<Buffer> {
  const rows = Math.ceil(images.length / columns);
  const canvas = sharp({
    create: { width: side * Math.min(columns, images.length), height: side * rows, channels: 3, background: "#000" },
  });
  const raw = await Promise.all(images.map((image) => sharp(image).resize(side, side).raw().toBuffer()));
  return canvas
    .composite(
      raw.map((input, i) => ({
        input,
        raw: { width: side, height: side, channels: 3 as const },
        left: (i % columns) * side,
        top: Math.floor(i / columns) * side,
      })),
    )
    .png()
    .toBuffer();
}
