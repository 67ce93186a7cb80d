import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { drawn } from "../testing/picture-files.ts";
import { OUTSIDE, zoneNames, zonesOf } from "./zones.ts";

const size = 64;
const all = new Uint8Array(size * size).fill(1);
const sizes = { innerRim: 0.15, rim: 0.35, behind: 1, skin: 0.07 };
const disk = (row: number, column: number, radius: number) =>
  drawn(size, size, (x, y) => (Math.hypot(x - column, y - row) <= radius ? 1 : 0));
const union = (a: Uint8Array, b: Uint8Array) => a.map((value, i) => value | b[i]);
const nameAt = (zones: Uint8Array, row: number, column: number) => zoneNames[zones[row * size + column]] ?? "outside";

describe("zonesOf", (test) => {
  test("puts every zone where it belongs", () => {
    // diameter 20 around (24, 32): rims 3 and 7 wide, the band behind reaches 20 below row 34, the skin is 4 of 64 rows
    const zones = zonesOf(disk(24, 32, 10), all, size, sizes);
    const at = (row: number, column: number) => nameAt(zones, row, column);
    const places: [row: number, column: number, name: string][] = [
      [24, 32, "lesion"],
      [12, 32, "inner-rim"],
      [24, 44, "inner-rim"],
      [24, 20, "inner-rim"],
      [8, 32, "outer-rim"],
      [24, 48, "outer-rim"],
      [36, 32, "behind"],
      [53, 32, "behind"],
      [53, 24, "behind"],
      [4, 32, "in-front"],
      [6, 32, "in-front"],
      [6, 24, "in-front"],
      [0, 32, "skin"],
      [3, 2, "skin"],
      [4, 2, "elsewhere"],
      [13, 52, "elsewhere"],
      [15, 52, "flanks"],
      [24, 2, "flanks"],
      [33, 60, "flanks"],
      [35, 60, "far-field"],
      [45, 52, "far-field"],
      [56, 32, "far-field"],
    ];
    for (const [row, column, name] of places) assert.is(at(row, column), name, `${row}, ${column}`);
  });
  test("skin follows the upper edge of a fan, and its depth is a share of the image's height, not of the frame's", () => {
    const top = (x: number) => 20 + Math.floor(Math.abs(x - 32) / 4);
    const inside = drawn(size, size, (x, y) => (y >= top(x) && y < 50 ? 1 : 0));
    const zones = zonesOf(disk(38, 32, 5), inside, size, sizes);
    for (const column of [2, 20, 32, 60]) {
      const rows = Array.from({ length: size }, (_, row) => row).filter((row) => nameAt(zones, row, column) === "skin");
      assert.equal(rows, [top(column), top(column) + 1]); // 7 % of 30 rows
    }
  });
  test("below the lesion the band wins over the rim, and it begins at the lesion's lower edge in each column", () => {
    const zones = zonesOf(disk(24, 32, 10), all, size, sizes);
    for (let column = 23; column <= 41; column++) {
      const column_ = Array.from({ length: size }, (_, row) => nameAt(zones, row, column));
      const last = column_.lastIndexOf("lesion");
      if (last >= 0) assert.is(column_[last + 1], "behind", `column ${column}`);
    }
  });
  test("does not see the outline: a spiky and a smooth mask of equal moments get the same zones", () => {
    // off the pixels' centres, so that no border lies on one and turns with the last digit
    const smooth = disk(28.4, 32.4, 9);
    // spikes that keep the symmetry of four quarters keep the ellipse a circle
    const spiky = drawn(size, size, (x, y) => {
      const angle = Math.atan2(y - 28.4, x - 32.4);
      return Math.hypot(x - 32.4, y - 28.4) <= 8.43 + 2 * Math.cos(12 * angle) ? 1 : 0;
    });
    const [a, b] = [zonesOf(smooth, all, size, sizes), zonesOf(spiky, all, size, sizes)];
    const differ = a.filter((code, i) => code !== b[i]).length;
    assert.ok(smooth.some((value, i) => value !== spiky[i]));
    assert.ok(differ <= 0.03 * size * size, `${differ} pixels differ`);
    // the lesion zone of the spiky mask is round
    assert.is(nameAt(b, 28, 32 + 11), "inner-rim");
  });
  test("padding wins over every zone", () => {
    const inside = drawn(size, size, (x) => (x < 40 ? 1 : 0));
    const zones = zonesOf(disk(24, 38, 10), inside, size, sizes);
    zones.forEach((code, i) => assert.is(code === OUTSIDE, i % size >= 40));
  });
  test("artefacts win over every zone but padding, and are told without a lesion, too", () => {
    const inside = drawn(size, size, (x) => (x < 60 ? 1 : 0));
    const artefacts = drawn(size, size, (_, y) => (y % 5 === 0 ? 1 : 0));
    for (const lesion of [disk(24, 32, 10), new Uint8Array(size * size)]) {
      const [without, zones] = [zonesOf(lesion, inside, size, sizes), zonesOf(lesion, inside, size, sizes, artefacts)];
      zones.forEach((code, i) => assert.is(code, inside[i] && artefacts[i] ? zoneNames.indexOf("artefacts") : without[i]));
    }
  });
  test("everything is elsewhere without a lesion", () => {
    assert.ok(zonesOf(new Uint8Array(size * size), all, size, sizes).every((code) => zoneNames[code] === "elsewhere"));
  });
  test("two lesions each have a rim and a band, and the tissue between them is not a lesion", () => {
    const two = union(disk(20, 14, 6), disk(20, 48, 6));
    const zones = zonesOf(two, all, size, sizes);
    assert.equal(
      [14, 31, 48].map((column) => nameAt(zones, 20, column)),
      ["lesion", "flanks", "lesion"],
    );
    assert.equal(
      [14, 31, 48].map((column) => nameAt(zones, 32, column)),
      ["behind", "far-field", "behind"],
    );
  });
  test("beside a deeper lesion is flank, not the far field of a shallower one; between their rows it is far field", () => {
    const zones = zonesOf(union(disk(12, 14, 5), disk(48, 48, 5)), all, size, sizes);
    assert.equal(
      [12, 30, 48, 60].map((row) => nameAt(zones, row, 30)),
      ["flanks", "far-field", "flanks", "far-field"],
    );
  });
  test("a rim that reaches the skin stays a rim, and skin cuts the band in front", () => {
    const zones = zonesOf(disk(10, 32, 8), all, size, sizes);
    assert.is(nameAt(zones, 1, 32), "inner-rim");
    assert.is(nameAt(zones, 1, 10), "skin");
  });
  test("a lesion that lies behind another stays a lesion", () => {
    const two = union(disk(14, 32, 7), disk(32, 32, 5));
    assert.is(nameAt(zonesOf(two, all, size, { ...sizes, rim: 0.3, behind: 2 }), 32, 32), "lesion");
  });
  test("moves with the lesion and grows with it", () => {
    const count = (zones: Uint8Array, name: string) => zones.filter((code) => zoneNames[code] === name).length;
    const [a, b] = [zonesOf(disk(18, 24, 8), all, size, sizes), zonesOf(disk(22, 30, 8), all, size, sizes)];
    for (let row = 0; row < size - 4; row++)
      for (let column = 0; column < size - 6; column++)
        if (nameAt(a, row, column) !== "skin") assert.is(a[row * size + column], b[(row + 4) * size + column + 6], `${row}, ${column}`);
    const larger = zonesOf(disk(18, 32, 12), all, size, sizes);
    for (const name of ["lesion", "inner-rim", "outer-rim", "behind"])
      assert.ok(Math.abs(count(larger, name) / count(a, name) - 2.25) < 0.35, `${name} ${count(larger, name) / count(a, name)}`);
  });
  test("a lesion of one pixel and one at the lower border are no trouble", () => {
    assert.is(nameAt(zonesOf(disk(30, 30, 0), all, size, sizes), 30, 30), "lesion");
    assert.is(nameAt(zonesOf(disk(62, 30, 5), all, size, sizes), 63, 30), "lesion");
  });
  test("refuses planes of another size, by name", () => {
    const nine = new Uint8Array(9);
    assert.throws(() => zonesOf(nine, all, size, sizes), /zonesOf: lesion must have 64 × 64 pixels, got 9/);
    assert.throws(() => zonesOf(all, all, size, sizes, nine), /zonesOf: artefacts must have 64 × 64 pixels, got 9/);
  });
});
