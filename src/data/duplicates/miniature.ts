/**
 * @file The centre square of an image at 28 × 28: all that BreastMNIST keeps of a frame, and enough to recognise the frame there.
 * Reference: Yang et al. 2023, "MedMNIST v2", doi:10.1038/s41597-022-01721-8. That its images are centre squares was found by comparison: cut so,
 * each of the 780 has a partner in BUSI (`npm run bench -- duplicates`), and squeezed or padded they have not.
 */
import type { GreyImage } from "../../image/decode.ts";
import { refined } from "./alignment.ts";
import { blurred, difference, shrunk, toBytes, toPlane, type Plane } from "./plane.ts";

/** Side of a miniature. */
export const MINIATURE = 28;

/** Images of at most so many pixels a side have too little detail for keypoints, and are compared by their miniatures. */
export const TINY = 64;

/** Correlation below which a pair is given up before it is refined. */
const hopeless = 0.35;
const unmoved = { xx: 1, xy: 0, tx: 0, yx: 0, yy: 1, ty: 0 };
/** Logistic curve of the confidence, read from BreastMNIST: pairs of one frame lie above it, neighbouring views below. */
const centre = 0.79;
const width = 0.02;

/** The centre square at MINIATURE × MINIATURE bytes. */
export function miniatureOf({ width: w, height: h, pixels }: GreyImage): Uint8Array {
  const side = Math.min(w, h);
  const [left, top] = [(w - side) >> 1, (h - side) >> 1];
  const square = new Uint8Array(side * side);
  for (let y = 0; y < side; y++) square.set(pixels.subarray((top + y) * w + left, (top + y) * w + left + side), y * side);
  return toBytes(shrunk({ width: side, height: side, pixels: square }, MINIATURE, MINIATURE)).pixels;
}

/** Edges of a miniature, with mean 0 and norm 1, so that a dot product of two is their correlation. */
export function edgesOf(miniature: Uint8Array): Plane {
  const plane = toPlane({ width: MINIATURE, height: MINIATURE, pixels: miniature });
  const edges = difference(plane, blurred(plane, 2.5));
  const mean = edges.values.reduce((sum, value) => sum + value, 0) / edges.values.length;
  const norm = Math.sqrt(edges.values.reduce((sum, value) => sum + (value - mean) ** 2, 0)) || 1;
  return { ...edges, values: edges.values.map((value) => (value - mean) / norm) };
}

/** Correlation of two miniatures once they are laid upon each other, and how sure it is that they show one frame; nothing where it is hopeless. */
export function miniaturesAgree(a: Plane, b: Plane): { score: number; confidence: number } | undefined {
  let dot = 0;
  for (let i = 0; i < a.values.length; i++) dot += a.values[i] * b.values[i];
  if (dot < hopeless) return undefined;
  const { score } = refined(a, b, unmoved);
  return { score, confidence: 1 / (1 + Math.exp(-(score - centre) / width)) };
}
