/** @file What is kept of an image to find it again: a thumbnail with its keypoints, and a miniature. About 16 kB, from any size. */
import type { GreyImage } from "../../image/decode.ts";
import { keypointsOf, type Keypoints } from "./keypoints.ts";
import { MINIATURE, miniatureOf } from "./miniature.ts";
import { shrunk, toBytes, toPlane } from "./plane.ts";

/** Longest side of a thumbnail. */
export const THUMB = 128;

export interface Signature {
  /** size of the image */
  width: number;
  height: number;
  /** the image at THUMB pixels on its longer side; smaller images as they are */
  thumb: GreyImage;
  points: Keypoints;
  /** the centre square at MINIATURE × MINIATURE bytes */
  miniature: Uint8Array;
}

/** Computes the signature of a decoded image at native size. */
export function signatureOf(image: GreyImage): Signature {
  const { width, height } = image;
  const scale = Math.min(1, THUMB / Math.max(width, height));
  const thumb = toBytes(shrunk(image, Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))));
  return { width, height, thumb, points: keypointsOf(toPlane(thumb)), miniature: miniatureOf(thumb) };
}

/** Words of the head: version, native width and height, thumbnail width and height, number of points. */
const head = 6;
/** Raise it when the layout changes, or what a signature holds of an image. */
const version = 2;

/** The signature as bytes, little-endian, for a cache. */
export function encodeSignature({ width, height, thumb, points, miniature }: Signature): Uint8Array {
  const { n, x, y, sigma, bits } = points;
  const bytes = new Uint8Array(4 * (head + 5 * n) + miniature.length + thumb.pixels.length);
  new Uint32Array(bytes.buffer, 0, head).set([version, width, height, thumb.width, thumb.height, n]);
  let at = 4 * head;
  for (const array of [x, y, sigma, bits, miniature, thumb.pixels]) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  return bytes;
}

/** @throws RangeError where the bytes are of another version, or too few or too many */
export function decodeSignature(bytes: Uint8Array): Signature {
  const { buffer } = Uint8Array.from(bytes); // a copy starts at a multiple of 4
  const [written, width, height, thumbWidth, thumbHeight, n] = new Uint32Array(buffer, 0, bytes.length < 4 * head ? 0 : head);
  const size = 4 * (head + 5 * n) + MINIATURE ** 2 + thumbWidth * thumbHeight;
  if (written !== version || bytes.length !== size)
    throw new RangeError(
      `decodeSignature: the bytes must be a signature of version ${version}, got ${bytes.length} bytes of version ${written}`,
    );
  let at = 4 * head;
  const take = <T>(array: new (buffer: ArrayBuffer, offset: number, length: number) => T, length: number, width: number): T => {
    const taken = new array(buffer, at, length);
    at += width * length;
    return taken;
  };
  const points: Keypoints = {
    n,
    x: take(Float32Array, n, 4),
    y: take(Float32Array, n, 4),
    sigma: take(Float32Array, n, 4),
    bits: take(Uint32Array, 2 * n, 4),
  };
  const miniature = take(Uint8Array, MINIATURE ** 2, 1);
  return {
    width,
    height,
    points,
    miniature,
    thumb: { width: thumbWidth, height: thumbHeight, pixels: take(Uint8Array, thumbWidth * thumbHeight, 1) },
  };
}
