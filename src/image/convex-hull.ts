/**
 * @file Convex hull of a mask and the pixels in it, by scikit-image's convention: the hull of the midpoints of the pixels' sides, with every
 * pixel whose centre lies in it or on it.
 * Reference: Andrew 1979, "Another efficient algorithm for convex hulls in two dimensions", Inf. Process. Lett. 9(5):216–219.
 */
import type { Mask } from "./decode.ts";

export interface Point {
  x: number;
  y: number;
}

/** Twice the signed area of the triangle; positive where a → b → c turns left. */
const turn = (a: Point, b: Point, c: Point): number => (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);

/** Corners of the convex hull, counter-clockwise (y up), without points on its sides. */
export function hullOf(points: readonly Point[]): Point[] {
  const sorted = points.toSorted((a, b) => a.x - b.x || a.y - b.y);
  if (sorted.length < 3) return sorted;
  const chain = (ordered: readonly Point[]): Point[] => {
    const out: Point[] = [];
    for (const point of ordered) {
      while (out.length > 1 && turn(out.at(-2)!, out.at(-1)!, point) <= 0) out.pop();
      out.push(point);
    }
    return out.slice(0, -1);
  };
  return [...chain(sorted), ...chain(sorted.toReversed())];
}

/** Midpoints of the sides of each row's first and last pixel: no other pixel can carry the hull. */
function sidesOf({ width, height, pixels }: Mask): Point[] {
  const points: Point[] = [];
  for (let y = 0; y < height; y++) {
    const row = pixels.subarray(y * width, (y + 1) * width);
    const first = row.findIndex((value) => value > 0);
    if (first < 0) continue;
    const last = row.findLastIndex((value) => value > 0);
    points.push({ x: first - 0.5, y }, { x: last + 0.5, y });
    for (const x of [first, last]) points.push({ x, y: y - 0.5 }, { x, y: y + 0.5 });
  }
  return points;
}

/** 1 where the pixel's centre lies in the polygon or on it, [height, width]; the polygon is convex. */
export function convexMask(corners: readonly Point[], width: number, height: number): Mask {
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    let [left, right] = [Infinity, -Infinity];
    corners.forEach((a, k) => {
      const b = corners[(k + 1) % corners.length];
      if (Math.min(a.y, b.y) > y || Math.max(a.y, b.y) < y) return;
      const x = a.y === b.y ? [a.x, b.x] : [a.x + ((y - a.y) * (b.x - a.x)) / (b.y - a.y)];
      left = Math.min(left, ...x);
      right = Math.max(right, ...x);
    });
    // 1e-9: rounding of the crossing, so that a centre on a side counts
    const [from, to] = [Math.max(0, Math.ceil(left - 1e-9)), Math.min(width - 1, Math.floor(right + 1e-9))];
    if (from <= to) pixels.fill(1, y * width + from, y * width + to + 1);
  }
  return { width, height, pixels };
}

/** 1 in the convex hull of the mask, [height, width]. */
export const hullMask = (mask: Mask): Mask => convexMask(hullOf(sidesOf(mask)), mask.width, mask.height);
