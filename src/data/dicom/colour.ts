/** @file Decoded bytes to samples: sign and unused bits, planes to pixels, YBR to RGB. Reference: DICOM PS3.3 §C.7.6.3.1. */
import type { Decoded } from "./codecs.ts";
import type { PixelFormat } from "./format.ts";

export type Samples = Uint8Array | Int8Array | Uint16Array | Int16Array;

/** One frame as stored, but for colours: those are RGB, pixel by pixel; [rows, columns, samples]. */
export interface Frame {
  rows: number;
  columns: number;
  samples: 1 | 3;
  data: Samples;
}

/** YBR_FULL_422, plain: Y0 Y1 Cb Cr for each two pixels of a row, to Y Cb Cr for each. */
export function expand422(data: Uint8Array): Uint8Array {
  const full = new Uint8Array((data.length >> 2) * 6);
  for (let from = 0, to = 0; to < full.length; from += 4, to += 6) {
    full.set([data[from], data[from + 2], data[from + 3], data[from + 1], data[from + 2], data[from + 3]], to);
  }
  return full;
}

/** [samples, pixels] to [pixels, samples]. */
function interleave<T extends Samples>(planes: T, samples: number): T {
  const size = planes.length / samples;
  const pixels = planes.slice() as T;
  for (let c = 0; c < samples; c++) for (let i = 0; i < size; i++) pixels[i * samples + c] = planes[c * size + i];
  return pixels;
}

const toByte = (x: number): number => Math.max(0, Math.min(255, Math.floor(x + 0.5)));

/** YBR_FULL of 8 bits to RGB, in place. Reference: PS3.3 §C.7.6.3.1.2; factors as of ITU-T T.871 §7. */
export function ybrToRgb(data: Samples): void {
  for (let i = 0; i < data.length; i += 3) {
    const y = data[i];
    const cb = data[i + 1] - 128;
    const cr = data[i + 2] - 128;
    data[i] = toByte(y + 1.402 * cr);
    data[i + 1] = toByte(y - ((0.114 * 1.772) / 0.587) * cb - ((0.299 * 1.402) / 0.587) * cr);
    data[i + 2] = toByte(y + 1.772 * cb);
  }
}

function storedValues(data: Uint8Array, bytes: 1 | 2, { bitsAllocated, bitsStored, signed }: PixelFormat): Samples {
  const length = data.length / bytes;
  const to = bitsAllocated === 8 ? new (signed ? Int8Array : Uint8Array)(length) : new (signed ? Int16Array : Uint16Array)(length);
  const unused = 32 - bitsStored;
  for (let i = 0; i < length; i++) {
    const word = bytes === 1 ? data[i] : data[2 * i] | (data[2 * i + 1] << 8);
    to[i] = signed ? (word << unused) >> unused : (word << unused) >>> unused;
  }
  return to;
}

/** @throws RangeError where the decoded bytes are not those of one frame */
export function toFrame({ data, planar, isRgb }: Decoded, format: PixelFormat): Frame {
  const { rows, columns, samples, photometric } = format;
  const bytes = data.length / (rows * columns * samples);
  if ((bytes !== 1 && bytes !== 2) || bytes * 8 > format.bitsAllocated)
    throw new RangeError(`toFrame: a frame of ${rows} × ${columns} × ${samples} samples is needed, got ${data.length} bytes`);
  const stored = storedValues(data, bytes, format);
  const pixels = planar && samples > 1 ? interleave(stored, samples) : stored;
  if (!isRgb && photometric.startsWith("YBR_FULL")) ybrToRgb(pixels);
  return { rows, columns, samples, data: pixels };
}
