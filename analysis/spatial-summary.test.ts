/** @file Tests of spatial statistics of single maps and of their summary. */
import * as assert from "uvu/assert";
import { OUTSIDE, zoneNames, zonesOf } from "../src/image/zones.ts";
import { assertClose } from "../src/testing/close.ts";
import { describe } from "../src/testing/describe.ts";
import { rngOf } from "../src/util/rng.ts";
import { imageSpatial, placeOf, spatialSummary, type SpatialInput, type SpatialObservation } from "./spatial-summary.ts";

const SIZE = 32;
const grid = { size: SIZE, rows: 16, columns: 16 };
const options = (seed = 0) => ({ permutations: 999, alpha: 0.05, neighbours: "queen" as const, rng: rngOf(seed, "test") });

/** 1 on rows and columns from … to - 1. */
function block(rows: [number, number], columns: [number, number]): Uint8Array {
  const mask = new Uint8Array(SIZE * SIZE);
  for (let row = rows[0]; row < rows[1]; row++) mask.fill(1, row * SIZE + columns[0], row * SIZE + columns[1]);
  return mask;
}
const lesion = block([8, 14], [12, 18]);
const zones = zonesOf(lesion, new Uint8Array(SIZE * SIZE).fill(1), SIZE, { innerRim: 0.15, rim: 0.35, behind: 1, skin: 0.07 });

/** Noise with a plateau of cells: rows 8–9, columns 7–8, that is pixels 16–19 down and 14–17 across, behind the lesion. */
function plateau(sign: 1 | -1): SpatialInput {
  const rng = rngOf(4, "plateau");
  const values = Float64Array.from({ length: 256 }, () => 0.1 * rng.normal());
  for (const cell of [8 * 16 + 7, 8 * 16 + 8, 9 * 16 + 7, 9 * 16 + 8]) values[cell] = sign * 5;
  return { values, grid, used: new Uint8Array(256).fill(1), zones, lesion: placeOf(lesion, SIZE) };
}

describe("placeOf", (test) => {
  test("counts from the frame's edge: a block's centre is halfway", () => {
    const { row, column } = placeOf(lesion, SIZE)!;
    assertClose([row, column], [11, 15], { atol: 1e-9 });
  });

  test("takes the largest of several lesions, and nothing of an empty mask", () => {
    const two = lesion.slice();
    two.set([1, 1], 0);
    assert.equal(placeOf(two, SIZE), placeOf(lesion, SIZE));
    assert.is(placeOf(new Uint8Array(SIZE * SIZE), SIZE), undefined);
  });
});

describe("imageSpatial", (test) => {
  test("finds a plateau of either sign and tells its centre, zone, distance and bearing", () => {
    for (const sign of [1, -1] as const) {
      const { moran, p, spots } = imageSpatial(plateau(sign), options());
      assert.ok(moran > 0.2 && p < 0.01, `I ${moran}, p ${p}`);
      assert.is(spots.length, 1);
      const [spot] = spots;
      assertClose([spot.row, spot.column], [18, 16], { atol: 0.2 });
      assert.is(spot.zone, "behind");
      assertClose(spot.distance!, Math.hypot(7, 1) / placeOf(lesion, SIZE)!.diameter, { atol: 0.05 });
      assertClose(spot.bearing!, 180 - (Math.atan2(1, 7) * 180) / Math.PI, { atol: 2 });
      assert.ok(spot.mass > 0.3 && spot.mass < 1);
      assertClose(spot.area, spot.cells / 256, { atol: 1e-12 });
    }
  });

  test("knows no zone, distance or bearing without a mask", () => {
    const [spot] = imageSpatial({ ...plateau(1), zones: null, lesion: undefined }, options()).spots;
    assert.equal([spot.zone, spot.distance, spot.bearing], [null, null, null]);
  });

  test("does not see cells that are not used", () => {
    const input = plateau(1);
    const used = input.used.slice();
    for (const row of [7, 8, 9, 10]) used.fill(0, row * 16 + 6, row * 16 + 10);
    assert.is(imageSpatial({ ...input, used }, options()).spots.length, 0);
  });

  test("says that a constant map is not autocorrelated and has no hot spot", () => {
    const { moran, p, spots } = imageSpatial({ ...plateau(1), values: new Float32Array(256) }, options());
    assert.ok(Number.isNaN(moran));
    assert.equal([p, spots.length], [1, 0]);
  });

  test("places a spot whose centre falls on padding elsewhere", () => {
    const [spot] = imageSpatial({ ...plateau(1), zones: new Uint8Array(SIZE * SIZE).fill(OUTSIDE) }, options()).spots;
    assert.is(spot.zone, "elsewhere");
  });

  test("depends on the seed in p only, and gives equal results for equal seeds", () => {
    assert.equal(imageSpatial(plateau(1), options(1)), imageSpatial(plateau(1), options(1)));
    assert.is(imageSpatial(plateau(1), options(1)).moran, imageSpatial(plateau(1), options(2)).moran);
  });
});

describe("spatialSummary", (test) => {
  const spot = { row: 1, column: 1, cells: 1, area: 0.1, mass: 0.1, distance: 1, bearing: 0 };
  const image = (group: string, label: number, moran: number, zones: ("lesion" | "behind")[]): SpatialObservation => ({
    group,
    label,
    moran,
    p: moran > 0.3 ? 0.01 : 0.5,
    spots: zones.map((zone) => ({ ...spot, zone })),
  });
  const images = [
    image("a", 0, 0.4, ["lesion"]),
    image("a", 0, 0.2, []),
    image("b", 0, 0.6, ["lesion", "lesion"]),
    image("c", 1, NaN, ["behind"]),
  ];

  test("counts a group once, whatever the number of its images, and leaves constant maps out of Moran's I", () => {
    const summary = spatialSummary("m", { rows: 8, columns: 8 }, images, 0.05);
    assertClose(summary.meanMoran, (0.3 + 0.6) / 2, { atol: 1e-12 });
    assertClose(summary.shareAutocorrelated, 2 / 3, { atol: 1e-12 });
    assert.equal([summary.hotSpotsNegative, summary.hotSpotsPositive], [(0.5 + 2) / 2, 1]);
    assert.equal(Object.keys(summary.hotSpotZones), [...zoneNames]);
    assert.equal(
      Object.entries(summary.hotSpotZones).filter(([, share]) => share > 0),
      [
        ["lesion", 0.75],
        ["behind", 0.25],
      ],
    );
  });
});
