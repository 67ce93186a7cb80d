/** @file Square grey frames of a manifest, with lesion masks, in the manifest's order. */

/** `n` frames of `size` × `size` pixels. Arrays are row-major, frame after frame. */
export interface Frames {
  n: number;
  /** side in pixels */
  size: number;
  /** grey levels 0–255, [n, size, size]; padding is 0 */
  pixels: Uint8Array;
  /** 1 on the lesion, [n, size, size] */
  lesion: Uint8Array;
  /** 1 where the frame shows the image, 0 on padding, [n, size, size] */
  inside: Uint8Array;
}
