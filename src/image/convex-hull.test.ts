import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { range, rngOf } from "../util/rng.ts";
import { drawn } from "../testing/picture-files.ts";
import { hullMask, hullOf, type Point } from "./convex-hull.ts";

/** Whether a point lies in a hull or on it: no side may have it on its right. */
const holds = (corners: Point[], { x, y }: Point): boolean =>
  corners.every((a, k) => {
    const b = corners[(k + 1) % corners.length];
    return (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x) >= 0;
  });

describe("hullOf", (test) => {
  test("of a square with points inside and on its sides is its four corners", () => {
    const points = range(9).map((i) => ({ x: i % 3, y: Math.floor(i / 3) }));
    assert.equal(hullOf(points), [
      { x: 0, y: 0 },
      { x: 2, y: 0 },
      { x: 2, y: 2 },
      { x: 0, y: 2 },
    ]);
  });
  test("holds every point, and each corner is one of them, 20 seeds", () => {
    for (const seed of range(20)) {
      const rng = rngOf(seed);
      const points = range(30).map(() => ({ x: rng.int(12), y: rng.int(12) }));
      const corners = hullOf(points);
      assert.ok(points.every((point) => holds(corners, point)));
      assert.ok(corners.every((corner) => points.some(({ x, y }) => x === corner.x && y === corner.y)));
    }
  });
});

describe("hullMask", (test) => {
  test("is what lies in the hull of the midpoints of all pixels' sides, 20 seeds", () => {
    for (const seed of range(20)) {
      const rng = rngOf(seed);
      const [width, height] = [13, 9];
      const pixels = Uint8Array.from({ length: width * height }, () => (rng.next() < 0.06 ? 1 : 0));
      const sides = range(width * height).flatMap((i) => {
        const [x, y] = [i % width, Math.floor(i / width)];
        return pixels[i]
          ? [
              { x: x - 0.5, y },
              { x: x + 0.5, y },
              { x, y: y - 0.5 },
              { x, y: y + 0.5 },
            ]
          : [];
      });
      if (sides.length === 0) continue;
      const corners = hullOf(sides);
      const naive = drawn(width, height, (x, y) => (holds(corners, { x, y }) ? 1 : 0));
      assert.equal(hullMask({ width, height, pixels }).pixels, naive, `seed ${seed}`);
    }
  });
  test("of an empty mask is empty, of one pixel that pixel", () => {
    assert.equal([...hullMask({ width: 2, height: 2, pixels: new Uint8Array(4) }).pixels], [0, 0, 0, 0]);
    assert.equal([...hullMask({ width: 2, height: 2, pixels: Uint8Array.of(0, 0, 1, 0) }).pixels], [0, 0, 1, 0]);
  });
});
