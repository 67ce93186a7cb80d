/** @file The refinement finds a map that is known, and no map where there is none. */
import * as assert from "uvu/assert";
import { assertClose } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import { frame } from "../../testing/ultrasound-frames.ts";
import { agreement, refined, type Affine } from "./alignment.ts";
import { detailOf, shrunk, type Plane } from "./plane.ts";

const whole = shrunk(frame(1), 128, 102);
const unmoved: Affine = { xx: 1, xy: 0, tx: 0, yx: 0, yy: 1, ty: 0 };

describe("agreement", (test) => {
  test("is 1 of a picture with itself, -1 with its negative, over all pixels but the last row and column", () => {
    const negative: Plane = { ...whole, values: whole.values.map((value) => 100 - value) };
    const area = 127 * 101;
    const same = agreement(whole, whole, unmoved);
    const opposite = agreement(whole, negative, unmoved);
    assertClose([same.score, opposite.score], [1, -1], { atol: 1e-6 });
    assert.equal([same.area, opposite.area], [area, area]);
  });

  test("is 0 where nothing overlaps or nothing varies", () => {
    assert.is(agreement(whole, whole, { ...unmoved, tx: 500 }).score, 0);
    assert.is(agreement(whole, { ...whole, values: new Float32Array(whole.values.length) }, unmoved).score, 0);
  });
});

describe("refined", (test) => {
  test("finds a rotation, a scale and a shift again from a guess two pixels off", () => {
    const truth: Affine = { xx: 0.97, xy: 0.05, tx: 3.3, yx: -0.04, yy: 1.02, ty: -1.7 };
    const soft = detailOf(whole).soft;
    // what `soft` is when seen through the truth
    const seen: Plane = { width: 100, height: 80, values: new Float32Array(8000) };
    for (let y = 0; y < 80; y++)
      for (let x = 0; x < 100; x++) {
        const [u, v] = [truth.xx * x + truth.xy * y + truth.tx, Math.max(0, truth.yx * x + truth.yy * y + truth.ty)];
        const i = Math.floor(v) * 128 + Math.floor(u);
        const [p, q] = [u % 1, v % 1];
        seen.values[y * 100 + x] =
          (1 - q) * ((1 - p) * soft.values[i] + p * soft.values[i + 1]) + q * ((1 - p) * soft.values[i + 128] + p * soft.values[i + 129]);
      }
    const found = refined(seen, soft, { ...unmoved, tx: 5.3, ty: -3.2 });
    assert.ok(found.score > 0.995, `score ${found.score}`);
    for (const key of ["xx", "xy", "yx", "yy"] as const) assertClose(found[key], truth[key], { atol: 0.006 });
    assertClose([found.tx, found.ty], [truth.tx, truth.ty], { atol: 0.15 });
  });

  test("never ends below where it began", () => {
    const other = detailOf(shrunk(frame(2), 128, 102)).soft;
    const start = agreement(detailOf(whole).soft, other, unmoved).score;
    assert.ok(refined(detailOf(whole).soft, other, unmoved).score >= start);
  });
});
