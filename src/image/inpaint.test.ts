import { readFileSync } from "node:fs";
import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { drawn } from "../testing/picture-files.ts";
import { range, rngOf } from "../util/rng.ts";
import { decodeGrey } from "./decode.ts";
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
  test("solves Laplace's equation: each filled pixel is the mean of its neighbours within rounding, also in a far corner of a ragged hole", () => {
    const rng = rngOf(3);
    const before = image(() => rng.int(256));
    const mask = image((x, y) => (x > 38 || (y > 20 && y < 40 && x > 3) || (x + y) % 7 === 0 ? 1 : 0));
    const { pixels } = inpaint(before, mask);
    pixels.forEach((value, i) => {
      const [x, y] = [i % SIZE, Math.floor(i / SIZE)];
      if (!mask.pixels[i] || x === 0 || y === 0 || x === SIZE - 1 || y === SIZE - 1) return;
      const mean = (pixels[i - 1] + pixels[i + 1] + pixels[i - SIZE] + pixels[i + SIZE]) / 4;
      assert.ok(Math.abs(value - mean) <= 1.1, `${x} ${y}: ${value} ${mean}`);
    });
  });
  test("on real speckle, under crosses and a dotted line, it is off by less than half of what the mean level is off by", async () => {
    const path = new URL("../../experiments/sample/BUSBRA/Images/bus_0156-l.png", import.meta.url);
    const truth = await decodeGrey(readFileSync(path), "bus_0156-l.png");
    const { width, height } = truth;
    const ink = drawn(width, height, (x, y) => {
      const [u, v] = [x % 70, y % 70];
      const cross = (Math.abs(u - 20) <= 2 && Math.abs(v - 30) <= 8) || (Math.abs(v - 30) <= 2 && Math.abs(u - 20) <= 8);
      return cross || (v >= 50 && v < 54 && u % 6 < 4) ? 1 : 0;
    });
    const hidden = { width, height, pixels: truth.pixels.map((value, i) => (ink[i] ? 255 : value)) };
    const { pixels } = inpaint(hidden, { width, height, pixels: ink });
    const known = range(ink.length).filter((i) => !ink[i]);
    const level = known.reduce((sum, i) => sum + truth.pixels[i], 0) / known.length;
    const flagged = range(ink.length).filter((i) => ink[i]);
    const error = (value: (i: number) => number) =>
      flagged.reduce((sum, i) => sum + Math.abs(value(i) - truth.pixels[i]), 0) / flagged.length;
    const [filled, flat] = [error((i) => pixels[i]), error(() => level)];
    assert.ok(filled < flat / 2, `${filled} ${flat}`);
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
