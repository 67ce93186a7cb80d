import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { goldenCases } from "../testing/golden.ts";
import { drawn } from "../testing/picture-files.ts";
import { close, dilate, erode, open } from "./morphology.ts";

const maskOf = (rows: number[][]) => ({ width: rows[0].length, height: rows.length, pixels: Uint8Array.from(rows.flat()) });

describe("morphology", (test) => {
  for (const { name, inputs, expected } of goldenCases<{ mask: number[][] }, Record<string, number[][]>>(
    new URL("fixtures/image.json", import.meta.url),
    "binary_morphology",
  ))
    test(`dilation and erosion of ${name} are scipy's`, () => {
      const mask = maskOf(inputs.mask);
      for (const radius of [1, 2, 3]) assert.equal([...dilate(mask, radius).pixels], expected[`dilation_r${radius}`].flat());
      assert.equal([...erode(mask, 1).pixels], expected.erosion_r1_border_true.flat());
    });
  test("opening takes a thin line away and leaves a disk", () => {
    const disk = (x: number, y: number) => Math.hypot(x - 12, y - 12) <= 6;
    const both = { width: 40, height: 25, pixels: drawn(40, 25, (x, y) => (disk(x, y) || y === 20 ? 1 : 0)) };
    const opened = open(both, 3).pixels;
    const share = opened.filter((value, i) => value && disk(i % 40, Math.floor(i / 40))).length / 113;
    assert.ok(share > 0.9, `${share} of the disk is left`);
    assert.ok(opened.every((value, i) => !value || disk(i % 40, Math.floor(i / 40))));
  });
  test("closing fills a slit and leaves a wide gap", () => {
    const bars = { width: 30, height: 9, pixels: drawn(30, 9, (x) => (x === 8 || (x > 14 && x < 24) ? 0 : 1)) };
    assert.equal(
      close(bars, 2).pixels,
      drawn(30, 9, (x) => (x > 14 && x < 24 ? 0 : 1)),
    );
  });
  test("all of them keep empty and full masks", () => {
    for (const value of [0, 1])
      for (const operation of [dilate, erode, open, close])
        assert.ok(operation({ width: 5, height: 4, pixels: new Uint8Array(20).fill(value) }, 2).pixels.every((v) => v === value));
  });
});
