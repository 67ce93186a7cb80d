import * as assert from "uvu/assert";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { goldenCases } from "../testing/golden.ts";
import { drawn } from "../testing/picture-files.ts";
import { componentsOf } from "./components.ts";
import { geometryOf } from "./geometry.ts";

interface Region {
  area: number;
  bbox_half_open: [top: number, left: number, bottom: number, right: number];
  solidity: number;
  equivalent_diameter: number;
  perimeter_skimage: number;
}
const rectangle = (width: number, height: number) => ({
  width: 40,
  height: 40,
  pixels: drawn(40, 40, (x, y) => (x >= 5 && x < 5 + width && y >= 7 && y < 7 + height ? 1 : 0)),
});
const disk = (radius: number) => ({
  width: 128,
  height: 128,
  pixels: drawn(128, 128, (x, y) => (Math.hypot(x - 64, y - 64) <= radius ? 1 : 0)),
});

describe("geometryOf", (test) => {
  for (const { name, inputs, expected } of goldenCases<{ mask: number[][] }, { regions: Region[] }>(
    new URL("fixtures/image.json", import.meta.url),
    "region_props",
  ))
    test(`box, solidity, diameter and perimeter of the regions of ${name} are scikit-image's`, () => {
      const [width, height] = [inputs.mask[0].length, inputs.mask.length];
      const { labels } = componentsOf({ width, height, pixels: Uint8Array.from(inputs.mask.flat()) }, 8);
      expected.regions.forEach((region, k) => {
        const shape = geometryOf({ width, height, pixels: Uint8Array.from(labels, (label) => (label === k + 1 ? 1 : 0)) })!;
        const [top, left, bottom, right] = region.bbox_half_open;
        assert.is(shape.area, region.area);
        assert.equal(shape.box, { x: left, y: top, width: right - left, height: bottom - top });
        assertClose(shape.solidity, region.solidity, { rtol: 1e-12 });
        assertClose(shape.equivalentDiameter, region.equivalent_diameter, { rtol: 1e-12 });
        assertClose(shape.perimeter, region.perimeter_skimage, { rtol: 1e-12 });
      });
    });
  test("a rectangle is taller than wide by its sides, solid, and its outline runs through the centres of its border pixels", () => {
    const { heightToWidth, solidity, perimeter, compactness } = geometryOf(rectangle(10, 15))!;
    assert.is(heightToWidth, 1.5);
    assert.is(solidity, 1);
    assert.is(perimeter, 2 * (9 + 14));
    assertClose(compactness, (4 * Math.PI * 150) / 46 ** 2, { rtol: 1e-12 });
  });
  test("a disk is solid within 3 %, its outline at most 6 % too long, and a star is less of both", () => {
    const round = geometryOf(disk(40))!;
    assertClose(round.solidity, 1, { atol: 0.03 });
    assertClose(round.perimeter, 2 * Math.PI * 40, { rtol: 0.06 });
    const star = geometryOf({
      width: 128,
      height: 128,
      pixels: drawn(128, 128, (x, y) => (Math.hypot(x - 64, y - 64) <= 40 + 12 * Math.cos(9 * Math.atan2(y - 64, x - 64)) ? 1 : 0)),
    })!;
    assert.ok(star.solidity < 0.85 && star.compactness < 0.5 && round.compactness > 0.89, `${star.solidity} ${star.compactness}`);
  });
  test("there is none for an empty mask", () => assert.is(geometryOf({ width: 3, height: 3, pixels: new Uint8Array(9) }), undefined));
});
