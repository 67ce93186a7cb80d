/** @file Filters against their closed forms and naive loops. */
import * as assert from "uvu/assert";
import { assertClose } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import { drawn } from "../../testing/picture-files.ts";
import { blurred, fineDetail, halved, shrunk, softDetail, toPlane, type Plane } from "./plane.ts";

const impulse: Plane = { width: 61, height: 61, values: Float32Array.from({ length: 61 * 61 }, (_, i) => (i === 30 * 61 + 30 ? 1 : 0)) };

describe("blurred", (test) => {
  for (const sigma of [0.6, 1.6, 2.5, 5, 8])
    test(`spreads a point by sigma ${sigma} in x and y, and is close to the Gaussian`, () => {
      const { values } = blurred(impulse, sigma);
      const moments = [0, 0, 0];
      let apart = 0;
      for (let y = 0; y < 61; y++)
        for (let x = 0; x < 61; x++) {
          const value = values[y * 61 + x];
          const gaussian = Math.exp(-((x - 30) ** 2 + (y - 30) ** 2) / (2 * sigma ** 2)) / (2 * Math.PI * sigma ** 2);
          apart = Math.max(apart, Math.abs(value - gaussian) * 2 * Math.PI * sigma ** 2);
          moments[0] += value;
          moments[1] += value * (x - 30) ** 2;
          moments[2] += value * (y - 30) ** 2;
        }
      assertClose(moments, [1, sigma ** 2, sigma ** 2], { rtol: 1e-4 });
      assert.ok(apart < (sigma < 1 ? 0.2 : 0.13), `differs from the Gaussian by ${apart} of its peak`);
    });

  test("keeps an even picture even, up to the border", () => {
    const { values } = blurred({ width: 9, height: 5, values: new Float32Array(45).fill(7) }, 3);
    assertClose(values, Array(45).fill(7), { rtol: 1e-6 });
  });
});

describe("shrunk", (test) => {
  test("averages the area under each cell, parts of pixels by their part", () => {
    const image = { width: 3, height: 2, pixels: Uint8Array.of(10, 20, 60, 30, 40, 80) };
    // cells are 1.5 pixels wide: (10 + 30 + (20 + 40)/2)/3, (60 + 80 + (20 + 40)/2)/3
    assertClose(shrunk(image, 2, 1).values, [70 / 3, 170 / 3], { rtol: 1e-6 });
  });

  test("repeats pixels where there are fewer than cells", () => {
    assertClose(shrunk({ width: 2, height: 1, pixels: Uint8Array.of(5, 9) }, 4, 2).values, [5, 5, 9, 9, 5, 5, 9, 9], { rtol: 1e-6 });
  });
});

describe("halved", (test) => {
  test("averages two by two and drops an odd last row and column", () => {
    const half = halved({ width: 3, height: 3, values: Float32Array.of(1, 3, 9, 5, 7, 9, 9, 9, 9) });
    assert.equal(half, { width: 1, height: 1, values: Float32Array.of(4) });
  });
});

describe("fineDetail and softDetail", (test) => {
  const texture = (x: number, y: number) => 60 + ((x * 37 + y * 101 + x * y) % 80);
  const plane = (level: (x: number, y: number) => number) => toPlane({ width: 64, height: 48, pixels: drawn(64, 48, level) });

  test("changes little when gain and brightness do", () => {
    const fine = fineDetail(plane(texture));
    const louder = fineDetail(plane((x, y) => 1.5 * texture(x, y) + 20));
    assertClose(louder.values, fine.values, { atol: 0.12 });
  });

  test("is finite and quiet where the picture is black beside bright tissue", () => {
    const dark = plane((x, y) => (x < 20 ? texture(x, y) : 0));
    const [fine, soft] = [fineDetail(dark), softDetail(dark)];
    assert.ok([...fine.values, ...soft.values].every(Number.isFinite));
    assert.ok(fine.values.every((value, i) => i % 64 < 50 || Math.abs(value) < 0.01));
  });
});
