/**
 * @file A shard: one file of frames. First the SHA-256 of the rest (32 bytes), then the grey levels [n, size²], then lesion and inside, a bit a
 * pixel, least significant first, every frame from a whole byte, [n, ⌈size² / 8⌉] each.
 */
import { createHash } from "node:crypto";
import type { Frames } from "./frames.ts";

const HASH = 32;

/** Bytes of a frame's bit plane. */
const bitBytes = (size: number): number => Math.ceil((size * size) / 8);

/** Where the planes of `n` frames begin in a shard, and where it ends; with the bytes that a frame takes of each. */
export function layoutOf(n: number, size: number) {
  const pixels = HASH;
  const lesion = pixels + n * size * size;
  const inside = lesion + n * bitBytes(size);
  return { pixels, lesion, inside, end: inside + n * bitBytes(size), frame: size * size, bits: bitBytes(size) };
}

const hashOf = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes.subarray(HASH)).digest();

/** Whether the bytes are those that were written. */
export const isWhole = (bytes: Buffer): boolean => bytes.subarray(0, HASH).equals(hashOf(bytes));

/** Bits of `n` planes of 0 and 1, [n, area] → [n, ⌈area / 8⌉]. */
function packBits(values: Uint8Array, n: number, area: number, bits: Uint8Array): void {
  const width = Math.ceil(area / 8);
  for (let i = 0; i < n; i++) for (let p = 0; p < area; p++) bits[i * width + (p >> 3)] |= values[i * area + p] << (p & 7);
}

/** Undoes {@link packBits}; `values` must be all 0. */
export function unpackBits(bits: Uint8Array, n: number, area: number, values: Uint8Array): void {
  const width = Math.ceil(area / 8);
  for (let i = 0; i < n; i++)
    for (let b = 0; b < width; b++) {
      const from = i * area + 8 * b;
      for (let byte = bits[i * width + b], p = from; byte !== 0; byte >>= 1, p++) values[p] = byte & 1;
    }
}

export function encodeShard({ n, size, pixels, lesion, inside }: Frames): Buffer {
  const layout = layoutOf(n, size);
  const bytes = Buffer.alloc(layout.end);
  bytes.set(pixels, layout.pixels);
  packBits(lesion, n, layout.frame, bytes.subarray(layout.lesion, layout.inside));
  packBits(inside, n, layout.frame, bytes.subarray(layout.inside));
  bytes.set(hashOf(bytes));
  return bytes;
}
