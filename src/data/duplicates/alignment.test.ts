/** @file The refinement finds a map that is known, and no map where there is none. */
import * as assert from "uvu/assert";
import { assertClose } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import { frame } from "../../testing/ultrasound-frames.ts";
import { agreement, refined, rescaled, type Affine } from "./alignment.ts";
import { blurred, difference, fineDetail, shrunk, type Plane } from "./plane.ts";

const whole = shrunk(frame(1), 128, 102);
const unmoved: Affine = { xx: 1, xy: 0, tx: 0, yx: 0, yy: 1, ty: 0 };

/** Edges, which forgive a start two pixels off. */
const blurredDetail = (plane: Plane): Plane => difference(blurred(plane, 1.5), blurred(plane, 6));

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

describe("rescaled", (test) => {
  test("tells of pictures of half the size where their pixels go", () => {
    const map: Affine = { xx: 0.9, xy: 0.1, tx: 5, yx: -0.2, yy: 1.1, ty: -3 };
    const half = rescaled(map, 2);
    // the centre of half pixel (3, 7) is 2 · (3, 7) + ½ among whole pixels
    const [x, y] = [6.5, 14.5];
    assertClose(half.xx * 3 + half.xy * 7 + half.tx, (0.9 * x + 0.1 * y + 5 - 0.5) / 2, { atol: 1e-12 });
    assertClose(half.yx * 3 + half.yy * 7 + half.ty, (-0.2 * x + 1.1 * y - 3 - 0.5) / 2, { atol: 1e-12 });
    assertClose(Object.values(rescaled(half, 0.5)), Object.values(map), { atol: 1e-12 });
  });
});

describe("refined", (test) => {
  test("finds a rotation, a scale and a shift again from a guess two pixels off", () => {
    const truth: Affine = { xx: 0.97, xy: 0.05, tx: 3.3, yx: -0.04, yy: 1.02, ty: -1.7 };
    const soft = blurredDetail(whole);
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
    const other = fineDetail(shrunk(frame(2), 128, 102));
    const start = agreement(blurredDetail(whole), other, unmoved).score;
    assert.ok(refined(blurredDetail(whole), other, unmoved).score >= start);
  });
});
