import * as assert from "uvu/assert";
import { describe } from "../../src/testing/describe.ts";
import { ellipseOf } from "../../src/image/ellipse.ts";
import { areaOf, geometryOf } from "../../src/image/geometry.ts";
import { assertClose } from "../../src/testing/close.ts";
import { largestPiece, smoothed } from "./lesion-piece.ts";
import { drawnLesion } from "./testing/drawn-lesions.ts";

describe("largestPiece", (test) => {
  test("takes the largest of several, and says where it lies", () => {
    const [large, small] = [
      drawnLesion(100, { major: 40, minor: 30, x: 70, y: 60 }),
      drawnLesion(100, { major: 12, minor: 8, x: 15, y: 12 }),
    ];
    const piece = largestPiece({ ...large, pixels: large.pixels.map((value, i) => value | small.pixels[i]) })!;
    assert.is(areaOf(piece), areaOf(large));
    const [own, whole] = [ellipseOf(piece)!, ellipseOf(large)!];
    assertClose(own.row + piece.top, whole.row, { atol: 1e-9 });
    assertClose(own.column + piece.left, whole.column, { atol: 1e-9 });
  });

  test("there is none in an empty mask", () => {
    assert.is(largestPiece({ width: 3, height: 3, pixels: new Uint8Array(9) }), undefined);
  });
});

describe("smoothed", (test) => {
  const piece = (jags?: { height: number; count: number }, at = {}) =>
    largestPiece(drawnLesion(200, { major: 110, minor: 80, jags, ...at }))!;

  test("shrinks a disk of radius r by σ² / 2r", () => {
    const disk = largestPiece(drawnLesion(200, { major: 120, minor: 120 }))!;
    const radius = Math.sqrt(areaOf(smoothed(disk, 0.15)) / Math.PI);
    assertClose(radius, 60 - 18 ** 2 / 120, { atol: 0.3 }); // boxes of whole pixels; the next term is of order σ⁴ / r³
  });

  test("leaves a smooth ellipse as it is, within 6 % of its area", () => {
    const [before, after] = [piece(), smoothed(piece())];
    assertClose(areaOf(after), areaOf(before), { rtol: 0.06 }); // σ²/2r is 2 % of a radius, 4 % of the area
  });

  test("takes most of the solidity that jags cost, and moves the ellipse by less than 5 %", () => {
    const jagged = piece({ height: 0.1, count: 24 });
    const [steady, raw, smooth] = [geometryOf(piece())!, geometryOf(jagged)!, geometryOf(smoothed(jagged))!];
    assert.ok(steady.solidity - raw.solidity > 0.08);
    assert.ok(steady.solidity - smooth.solidity < 0.02, `solidity ${smooth.solidity}`);
    assertClose(smooth.major, raw.major, { rtol: 0.05 });
    assertClose(smooth.minor, raw.minor, { rtol: 0.05 });
  });

  test("keeps lobes that are wider than the Gaussian", () => {
    const lobed = geometryOf(smoothed(piece({ height: 0.5, count: 3 })))!.solidity;
    assert.ok(lobed < geometryOf(piece())!.solidity - 0.05, `solidity ${lobed}`);
  });

  test("knows where the piece lies, also at the border of the image", () => {
    for (const at of [
      { x: 100, y: 90 },
      { x: 30, y: 20 },
    ]) {
      const before = piece({ height: 0.05, count: 30 }, at);
      const after = smoothed(before);
      const [a, b] = [ellipseOf(before)!, ellipseOf(after)!];
      assertClose(a.row + before.top, b.row + after.top, { atol: 1.5 });
      assertClose(a.column + before.left, b.column + after.left, { atol: 1.5 });
    }
  });

  test("a line is too thin to be left over and stays", () => {
    const line = largestPiece(drawnLesion(100, { major: 60, minor: 1 }))!;
    assert.is(smoothed(line, 0.5), line);
  });
});
