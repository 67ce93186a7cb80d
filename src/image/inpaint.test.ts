import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { drawn } from "../testing/picture-files.ts";
import { inpaint } from "./inpaint.ts";

const SIZE = 64;
const image = (level: (x: number, y: number) => number) => ({ width: SIZE, height: SIZE, pixels: drawn(SIZE, SIZE, level) });
const largest = (a: Uint8Array, b: Uint8Array) => a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

describe("inpaint", (test) => {
  test("restores harmonic functions under a disk, a ring of letters' width and a band, within rounding", () => {
    const harmonic = [
      (x: number, y: number) => Math.round(20 + 2 * x + y),
      (x: number, y: number) => Math.round(128 + ((x - 30) ** 2 - (y - 34) ** 2) / 16),
    ];
    const holes = [
      (x: number, y: number) => (Math.hypot(x - 30, y - 30) <= 14 ? 1 : 0),
      (x: number, y: number) => (Math.abs(Math.hypot(x - 30, y - 30) - 14) <= 2 ? 1 : 0),
      (x: number, y: number) => (x >= 20 && x < 26 && y > 2 && y < 60 ? 1 : 0),
    ];
    for (const level of harmonic)
      for (const hole of holes) {
        const truth = image(level);
        const mask = image(hole);
        const drawnOver = { ...truth, pixels: truth.pixels.map((value, i) => (mask.pixels[i] ? 255 : value)) };
        const { pixels } = inpaint(drawnOver, mask);
        assert.ok(largest(pixels, truth.pixels) <= 2, `off by ${largest(pixels, truth.pixels)}`);
      }
  });
  test("touches no other pixel, nor its input", () => {
    const before = image((x, y) => (x * 37 + y * 91) % 251);
    const copy = before.pixels.slice();
    const mask = image((x, y) => (x > 50 && y > 50 ? 1 : 0));
    const after = inpaint(before, mask);
    assert.equal(before.pixels, copy);
    assert.ok(after.pixels.every((value, i) => mask.pixels[i] || value === copy[i]));
  });
  test("an empty and a full mask leave the image as it is", () => {
    const before = image((x, y) => (x * 37 + y * 91) % 251);
    for (const value of [0, 1])
      assert.equal(
        inpaint(
          before,
          image(() => value),
        ).pixels,
        before.pixels,
      );
  });
  test("refuses a mask of another size", () =>
    assert.throws(
      () =>
        inpaint(
          image(() => 1),
          { width: 2, height: 2, pixels: new Uint8Array(4) },
        ),
      /inpaint: .* 64 × 64, got 2 × 2/,
    ));
});
