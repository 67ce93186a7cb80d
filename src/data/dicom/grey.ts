/**
 * @file A box of a frame as grey levels 0–255.
 * - Colours: luminance, exactly as `decodeGrey` gives it for a PNG of the same pixels; of samples over 8 bits the high 8.
 * - Grey of up to 8 bits stored: `255 · (v − v_min) / (2^bits − 1)`, so that 8 bits stay as they are; a display window is not applied.
 * - Grey of more bits: through the first display window where there is one, else as above.
 * - MONOCHROME1: 255 minus that.
 *
 * Reference: DICOM PS3.3 §C.11.2.1.2 (window), §C.11.1.1.2 (rescale).
 */
import sharp from "sharp";
import type { GreyImage } from "../../image/decode.ts";
import type { Frame, Samples } from "./colour.ts";
import type { PixelFormat } from "./format.ts";
import { applyPalette, paletteBits, type Palette } from "./palette.ts";
import type { Box } from "./regions.ts";

export interface Window {
  centre: number;
  /** ≥ 1 */
  width: number;
  slope: number;
  intercept: number;
}

export interface Display {
  format: PixelFormat;
  window?: Window;
  palette?: Palette;
}

/** The samples of a box, row by row, [box.height, box.width, samples]. */
function crop({ columns, samples, data }: Frame, box: Box): Samples {
  const part = data.slice(0, box.width * box.height * samples);
  for (let row = 0; row < box.height; row++) {
    const from = ((box.y + row) * columns + box.x) * samples;
    part.set(data.subarray(from, from + box.width * samples), row * box.width * samples);
  }
  return part;
}

/** @param rgb [pixels, 3] */
async function luminance(rgb: Samples, bits: number, { width, height }: Box): Promise<Uint8Array> {
  const bytes = bits === 8 ? Uint8Array.from(rgb) : Uint8Array.from(rgb, (v) => (bits > 8 ? v >> (bits - 8) : v << (8 - bits)));
  const data = await sharp(bytes, { raw: { width, height, channels: 3 } })
    .toColourspace("b-w")
    .raw({ depth: "uchar" })
    .toBuffer();
  return new Uint8Array(data.buffer, data.byteOffset, data.length);
}

/** Stored value to grey level, not yet rounded nor clamped. */
function levelOf({ bitsStored, signed }: PixelFormat, window: Window | undefined): (v: number) => number {
  if (window && bitsStored > 8) {
    const { centre, width, slope, intercept } = window;
    if (width === 1) return (v) => (v * slope + intercept > centre - 0.5 ? 255 : 0);
    return (v) => ((v * slope + intercept - (centre - 0.5)) / (width - 1) + 0.5) * 255;
  }
  const least = signed ? -(2 ** (bitsStored - 1)) : 0;
  return (v) => (255 * (v - least)) / (2 ** bitsStored - 1);
}

function greyLevels(data: Samples, { format, window }: Display): Uint8Array {
  const level = levelOf(format, window);
  const isInverted = format.photometric === "MONOCHROME1";
  const levels = new Uint8ClampedArray(data.length); // rounds and clamps
  for (let i = 0; i < data.length; i++) levels[i] = isInverted ? 255 - level(data[i]) : level(data[i]);
  return new Uint8Array(levels.buffer);
}

export async function greyOf(frame: Frame, box: Box, display: Display): Promise<GreyImage> {
  const { format, palette } = display;
  const part = crop(frame, box);
  const { width, height } = box;
  if (palette) return { width, height, pixels: await luminance(applyPalette(part, palette), paletteBits(palette), box) };
  if (frame.samples === 3) return { width, height, pixels: await luminance(part, format.bitsStored, box) };
  return { width, height, pixels: greyLevels(part, display) };
}
