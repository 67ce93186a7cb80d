/** @file Windows bitmaps, which sharp cannot read: uncompressed, 1 or 8 bits through their palette, 24 bits, or 32 with transparency. */
import { decode } from "fast-bmp";

/** Samples of a bitmap, row-major from the top, [height, width, channels]. */
export interface Bitmap {
  width: number;
  height: number;
  /** red, green, blue, or these with opacity */
  channels: 3 | 4;
  pixels: Uint8Array;
}

export const isBmp = (bytes: Uint8Array): boolean => bytes[0] === 0x42 && bytes[1] === 0x4d; // "BM"

/** Bytes of the file header, which the image header follows. */
const FILE_HEADER = 14;
/** BITMAPINFOHEADER and its successors say width, height, bits and compression in one place; what is older is shorter. */
const INFO_HEADER = 40;

/**
 * What the header claims, before anything is decoded.
 * @returns undefined where it is no header of a kind that {@link decodeBmp} reads
 */
export function bmpSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  if (bytes.length < FILE_HEADER + INFO_HEADER) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [width, height] = [view.getInt32(18, true), view.getInt32(22, true)];
  const known = view.getUint32(FILE_HEADER, true) >= INFO_HEADER && [1, 8, 24, 32].includes(view.getUint16(28, true));
  const compression = view.getUint32(30, true); // 0: none, 3: none, and the header names the bits of each colour
  // a negative height is a bitmap that begins at its top
  return known && width > 0 && height > 0 && (compression === 0 || compression === 3) ? { width, height } : undefined;
}

/** Entries of the palette as red, green, blue, [256, 3]; those that the file lacks are black. */
function paletteOf(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const from = FILE_HEADER + view.getUint32(FILE_HEADER, true);
  const entries = Math.min(256, (Math.min(view.getUint32(10, true), bytes.length) - from) >> 2); // it ends where the pixels begin
  const palette = new Uint8Array(256 * 3);
  for (let i = 0; i < entries; i++) for (let c = 0; c < 3; c++) palette[3 * i + c] = bytes[from + 4 * i + 2 - c]; // blue, green, red, unused
  return palette;
}

/**
 * Decodes what {@link bmpSize} knows and the caller found small enough.
 * @throws RangeError where the file ends too early, Error for colours in an unusual order
 */
export function decodeBmp(bytes: Uint8Array): Bitmap {
  const { width, height, channels, data } = decode(bytes);
  const values = data as Uint8Array;
  if (channels !== 1) return { width, height, channels: channels as 3 | 4, pixels: values };
  const palette = paletteOf(bytes);
  const pixels = new Uint8Array(3 * values.length);
  for (let i = 0; i < values.length; i++) pixels.set(palette.subarray(3 * values[i], 3 * values[i] + 3), 3 * i);
  return { width, height, channels: 3, pixels };
}
