import * as assert from "uvu/assert";
import { assertClose } from "../../src/testing/close.ts";
import { describe } from "../../src/testing/describe.ts";
import { range } from "../../src/util/rng.ts";
import { coarseShape, ellipsePerimeter, outlineShape } from "./shape.ts";
import { drawnLesion } from "./testing/drawn-lesions.ts";

const IMAGE = { width: 160, height: 160 };
const coarse = (lesion: Parameters<typeof drawnLesion>[1]) => coarseShape(drawnLesion(160, lesion), IMAGE);
const outline = (lesion: Parameters<typeof drawnLesion>[1]) => outlineShape(drawnLesion(160, lesion));

describe("coarseShape", (test) => {
  test("tells the ellipse that was drawn: its size, height over width and tilt", () => {
    for (const angle of [0, 30, 60, 90, 150]) {
      const found = coarse({ major: 90, minor: 45, angle });
      assertClose(found.size, Math.sqrt(90 * 45) / 160, { rtol: 0.01 });
      assertClose(found.tilt, angle > 90 ? 180 - angle : angle, { atol: 0.5 });
      const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
      assertClose(found["height / width"], Math.log(Math.hypot(90 * sin, 45 * cos) / Math.hypot(90 * cos, 45 * sin)), { atol: 0.01 });
    }
  });

  test("hardly knows the hand: jags of a tenth of the radius change size and height over width by less than 2 %, and tilt by less than a degree", () => {
    const [steady, shaky] = [undefined, { height: 0.1, count: 24 }].map((jags) => coarse({ major: 90, minor: 60, angle: 20, jags }));
    assertClose(shaky.size, steady.size, { rtol: 0.02 });
    assertClose(shaky["height / width"], steady["height / width"], { atol: 0.02 });
    assertClose(shaky.tilt, steady.tilt, { atol: 1 });
  });

  test("does not know where the lesion lies", () => {
    assert.equal(coarse({ major: 60, minor: 30, x: 50, y: 60 }), coarse({ major: 60, minor: 30 }));
  });

  test("refuses an empty mask", () => {
    const empty = { width: 4, height: 4, pixels: new Uint8Array(16) };
    assert.throws(() => coarseShape(empty, IMAGE), /must hold a pixel/);
    assert.throws(() => outlineShape(empty), /must hold a pixel/);
  });
});

describe("outlineShape", (test) => {
  test("an ellipse is solid, fills its own ellipse, and its perimeter is about that of its hull", () => {
    const found = outline({ major: 100, minor: 60, angle: 25 });
    assert.ok(found.solidity > 0.97 && found["ellipse overlap"] > 0.97 && found.convexity > 0.97);
    // a stepped outline counts up to 6 % too long
    assert.ok(found["perimeter ratio"] > 0.93 && found["perimeter ratio"] < 1.01);
  });

  test("roughness of a wavy circle is the mean step of its radii: height · (4/π) · sin(count · 1°)", () => {
    for (const [height, count] of [
      [0.1, 9],
      [0.15, 12],
      [0.08, 20],
    ]) {
      const found = outline({ major: 120, minor: 120, jags: { height, count } }).roughness;
      assertClose(found, height * (4 / Math.PI) * Math.sin((count * Math.PI) / 180), { rtol: 0.12 }); // radii in half pixels
    }
  });

  test("every number tells a shaky hand from a steady one", () => {
    const [steady, shaky] = [undefined, { height: 0.1, count: 16 }].map((jags) => outline({ major: 100, minor: 70, jags }));
    for (const name of ["solidity", "convexity", "compactness", "perimeter ratio", "ellipse overlap"] as const)
      assert.ok(shaky[name] < steady[name] - 0.03, `${name}: ${shaky[name]} against ${steady[name]}`);
    assert.ok(shaky.roughness > 2 * steady.roughness);
  });

  test("a single pixel and a line have finite numbers", () => {
    for (const length of [1, 7]) {
      const pixels = Uint8Array.from({ length: 81 }, (_, i) => (i >= 36 && i < 36 + length ? 1 : 0));
      assert.ok(Object.values(outlineShape({ width: 9, height: 9, pixels })).every(Number.isFinite));
    }
  });
});

describe("ellipsePerimeter", (test) => {
  test("is the length of the curve", () => {
    for (const [major, minor] of [
      [10, 10],
      [10, 5],
      [30, 7],
    ]) {
      const points = range(20_001).map((k) => (2 * Math.PI * k) / 20_000);
      const length = points
        .slice(1)
        .reduce(
          (sum, at, k) =>
            sum + Math.hypot((major / 2) * (Math.cos(at) - Math.cos(points[k])), (minor / 2) * (Math.sin(at) - Math.sin(points[k]))),
          0,
        );
      assertClose(ellipsePerimeter({ major, minor }), length, { rtol: 1e-4 });
    }
  });
});
