/** @file Tests of how mass is shared out over zones. */
import * as assert from "uvu/assert";
import { codeOf, OUTSIDE, zoneNames, zonesOf } from "../src/image/zones.ts";
import { assertClose } from "../src/testing/close.ts";
import { describe } from "../src/testing/describe.ts";
import { range, rngOf } from "../src/util/rng.ts";
import { cellZones, zoneShares } from "./zone-shares.ts";

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

const [L, R, B, F] = (["lesion", "inner-rim", "behind", "flanks"] as const).map(codeOf);
/** Frame of 4 × 4 pixels in 2 × 2 cells: lesion but for one rim pixel, behind; flank, padding but for one pixel behind. */
const hand = Uint8Array.from([L, L, B, B, L, R, B, B, F, F, OUTSIDE, OUTSIDE, F, F, OUTSIDE, B]);
/** By zone, in the order lesion, rim, behind, flanks; all others must be 0. @param values [cells × zones] */
function ofHand(values: ArrayLike<number>): number[] {
  const zones = [L, R, B, F];
  assert.is(Array.from(values).filter((value, i) => value !== 0 && !zones.includes(i % zoneNames.length)).length, 0);
  return range(values.length / zoneNames.length).flatMap((cell) => zones.map((z) => values[cell * zoneNames.length + z]));
}
const grid = { size: 4, rows: 2, columns: 2 };

describe("cellZones", (test) => {
  test("gives the part of each zone in what the cell shows, counted by hand", () => {
    const { used, fractions } = cellZones(hand, grid);
    assert.equal([...used], [1, 1, 1, 0]);
    assert.equal(ofHand(fractions), [0.75, 0.25, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0]);
  });

  test("uses a cell of which exactly half is image", () => {
    const half = Uint8Array.from([F, OUTSIDE, F, OUTSIDE]);
    assert.equal([...cellZones(half, { size: 2, rows: 1, columns: 1 }).used], [1]);
  });

  test("counts every pixel of the image once on a grid that does not divide the frame", () => {
    const zones = new Uint8Array(49).fill(F);
    const { used, fractions } = cellZones(zones, { size: 7, rows: 3, columns: 2 });
    assert.is(sum(used), 6);
    assert.is(sum(fractions), 6);
  });
});

describe("zoneShares", (test) => {
  const cells = cellZones(hand, grid);

  test("splits a cell's absolute mass by area and leaves padding out", () => {
    const { shares, areas } = zoneShares([-4, 3, 1, 99], cells)!;
    assertClose(ofHand(shares), [3 / 8, 1 / 8, 3 / 8, 1 / 8], { atol: 1e-12 });
    assertClose(ofHand(areas), [0.75 / 3, 0.25 / 3, 1 / 3, 1 / 3], { atol: 1e-12 });
  });

  test("has shares equal to areas for a constant map, whatever its sign and scale", () => {
    const rng = rngOf(2, "frame");
    for (const scale of [-3, 1e-6, 5]) {
      const lesion = new Uint8Array(256);
      for (const row of range(4)) lesion.fill(1, (6 + row) * 16 + 5 + rng.int(2), (6 + row) * 16 + 10);
      const { used, fractions } = cellZones(
        zonesOf(lesion, new Uint8Array(256).fill(1), 16, { innerRim: 0.15, rim: 0.35, behind: 1, skin: 0.07 }),
        {
          size: 16,
          rows: 8,
          columns: 8,
        },
      );
      const { shares, areas } = zoneShares(new Float32Array(64).fill(scale), { used, fractions })!;
      assertClose(shares, areas, { atol: 1e-6 });
      assertClose(sum(shares), 1, { atol: 1e-9 });
    }
  });

  test("says nothing of a map that is zero where the image is", () => {
    assert.is(zoneShares([0, 0, 0, 5], cells), undefined);
  });
});
