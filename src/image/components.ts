/**
 * @file Connected components of a mask, by union-find.
 * Reference: Rosenfeld & Pfaltz 1966, "Sequential operations in digital picture processing", J. ACM 13(4), §4.
 */
import { disjointSets } from "../util/disjoint-sets.ts";
import type { Mask } from "./decode.ts";

export interface Components {
  count: number;
  /** 0 on background, else 1 … count in raster order of each component's first pixel, [height, width] */
  labels: Int32Array;
  /** pixels of each component, [count]; component `label` stands at `label - 1` */
  areas: Int32Array;
}

/** @param connectivity 4: pixels touch by sides; 8: by corners too */
export function componentsOf({ width, height, pixels }: Mask, connectivity: 4 | 8): Components {
  const sets = disjointSets(pixels.length);
  // neighbours that raster order has already passed: left, up, and for 8 the two upper corners
  const passed = [
    { dx: -1, dy: 0 },
    { dx: 0, dy: -1 },
    { dx: -1, dy: -1 },
    { dx: 1, dy: -1 },
  ].slice(0, connectivity / 2);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (!pixels[y * width + x]) continue;
      for (const { dx, dy } of passed) {
        const [nx, ny] = [x + dx, y + dy];
        if (nx >= 0 && nx < width && ny >= 0 && pixels[ny * width + nx]) sets.join(y * width + x, ny * width + nx);
      }
    }
  const labels = new Int32Array(pixels.length);
  const areas: number[] = [];
  for (let i = 0; i < pixels.length; i++) {
    if (!pixels[i]) continue;
    const first = sets.find(i); // the smallest index of a set: its first pixel, which has its label by now
    const label = first === i ? areas.push(0) : labels[first];
    labels[i] = label;
    areas[label - 1]++;
  }
  return { count: areas.length, labels, areas: Int32Array.from(areas) };
}
