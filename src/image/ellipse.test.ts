import * as assert from "uvu/assert";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { goldenCases } from "../testing/golden.ts";
import { drawn } from "../testing/picture-files.ts";
import { componentsOf } from "./components.ts";
import { diameterOf, ellipseMask, ellipseOf, formOf } from "./ellipse.ts";

interface Region {
  area: number;
  centroid: number[];
  axis_major: number;
  axis_minor: number;
  eccentricity: number;
  orientation: number | "undefined";
  equivalent_diameter: number;
}

/** A filled ellipse: semi-axes a and b, the major one at `angle` from the row axis. */
const filled = (size: number, row: number, column: number, a: number, b: number, angle: number) => ({
  width: size,
  height: size,
  pixels: drawn(size, size, (x, y) => {
    const u = (y - row) * Math.cos(angle) + (x - column) * Math.sin(angle);
    const v = -(y - row) * Math.sin(angle) + (x - column) * Math.cos(angle);
    return (u / a) ** 2 + (v / b) ** 2 <= 1 ? 1 : 0;
  }),
});

describe("ellipseOf", (test) => {
  for (const { name, inputs, expected } of goldenCases<{ mask: number[][] }, { regions: Region[] }>(
    new URL("fixtures/image.json", import.meta.url),
    "region_props",
  ))
    test(`centre, axes and angle of the regions of ${name} are scikit-image's`, () => {
      const [width, height] = [inputs.mask[0].length, inputs.mask.length];
      const { labels } = componentsOf({ width, height, pixels: Uint8Array.from(inputs.mask.flat()) }, 8);
      expected.regions.forEach((region, k) => {
        const ellipse = ellipseOf({ width, height, pixels: Uint8Array.from(labels, (label) => (label === k + 1 ? 1 : 0)) })!;
        const tolerance = { rtol: 1e-8, atol: 1e-7 };
        assert.is(ellipse.area, region.area);
        assertClose([ellipse.row, ellipse.column], region.centroid, tolerance);
        assertClose([ellipse.major, ellipse.minor], [region.axis_major, region.axis_minor], tolerance);
        assertClose(ellipse.eccentricity, region.eccentricity, tolerance);
        assertClose(ellipse.equivalentDiameter, region.equivalent_diameter, tolerance);
        if (region.orientation !== "undefined") assertClose(ellipse.orientation, region.orientation, tolerance);
      });
    });
  test("finds the ellipse that was drawn, within half a pixel and a degree", () => {
    for (const angle of [-1.2, -0.4, 0, 0.3, 0.9]) {
      const ellipse = ellipseOf(filled(128, 60, 70, 40, 20, angle))!;
      assertClose([ellipse.row, ellipse.column], [60, 70], { atol: 0.1 });
      assertClose([ellipse.major, ellipse.minor], [80, 40], { atol: 0.5 });
      assertClose(ellipse.orientation, angle, { atol: 0.02 });
      assertClose(diameterOf(ellipse), Math.sqrt(80 * 40), { atol: 0.5 });
    }
  });
  test("there is none for an empty mask", () => assert.is(ellipseOf({ width: 4, height: 4, pixels: new Uint8Array(16) }), undefined));
});

describe("ellipseMask", (test) => {
  test("draws an ellipse from its own fit again, but for pixels at the edge", () => {
    const mask = filled(128, 60, 70, 40, 20, 0.7);
    const again = ellipseMask(ellipseOf(mask)!, 128, 128);
    const differ = mask.pixels.filter((value, i) => value !== again.pixels[i]).length;
    assert.ok(differ <= 0.02 * Math.PI * 40 * 20, `${differ} pixels differ`);
  });
  test("draws the one pixel that the mask has", () => {
    const pixels = drawn(5, 5, (x, y) => (x === 3 && y === 1 ? 1 : 0));
    assert.equal(ellipseMask(ellipseOf({ width: 5, height: 5, pixels })!, 5, 5).pixels, pixels);
  });
});

describe("formOf", (test) => {
  test("its bounding box just holds the ellipse's mask", () => {
    const ellipse = ellipseOf(filled(128, 64, 64, 44, 15, 0.6))!;
    const { halfHeight, halfWidth } = formOf(ellipse);
    const { pixels } = ellipseMask(ellipse, 128, 128);
    let [down, right] = [0, 0];
    pixels.forEach((value, i) => {
      if (!value) return;
      down = Math.max(down, Math.floor(i / 128) - ellipse.row);
      right = Math.max(right, (i % 128) - ellipse.column);
    });
    assert.ok(down <= halfHeight && down > halfHeight - 1.5, `${down} of ${halfHeight}`);
    assert.ok(right <= halfWidth && right > halfWidth - 1.5, `${right} of ${halfWidth}`);
  });
});
