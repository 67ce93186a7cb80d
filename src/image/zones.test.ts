import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { drawn } from "../testing/picture-files.ts";
import { OUTSIDE, zoneNames, zonesOf } from "./zones.ts";

const size = 64;
const all = new Uint8Array(size * size).fill(1);
const sizes = { rim: 0.35, behind: 1 };
const disk = (row: number, column: number, radius: number) =>
  drawn(size, size, (x, y) => (Math.hypot(x - column, y - row) <= radius ? 1 : 0));
const union = (a: Uint8Array, b: Uint8Array) => a.map((value, i) => value | b[i]);
const nameAt = (zones: Uint8Array, row: number, column: number) => zoneNames[zones[row * size + column]] ?? "outside";

describe("zonesOf", (test) => {
  test("puts the lesion, its rim, the band behind it and the rest where they belong", () => {
    // diameter 20: the rim is 7 wide, the band reaches 20 below row 34
    const zones = zonesOf(disk(24, 32, 10), all, size, sizes);
    const at = (row: number, column: number) => nameAt(zones, row, column);
    assert.is(at(24, 32), "lesion");
    assert.equal([at(12, 32), at(24, 46), at(24, 18)], ["around", "around", "around"]);
    assert.equal([at(4, 32), at(24, 52), at(45, 52)], ["elsewhere", "elsewhere", "elsewhere"]);
    assert.equal([at(36, 32), at(53, 32), at(53, 24)], ["behind", "behind", "behind"]);
    assert.is(at(56, 32), "elsewhere");
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
    const smooth = disk(28, 32, 9);
    // spikes that keep the symmetry of four quarters keep the ellipse a circle
    const spiky = drawn(size, size, (x, y) => {
      const angle = Math.atan2(y - 28, x - 32);
      return Math.hypot(x - 32, y - 28) <= 8.43 + 2 * Math.cos(12 * angle) ? 1 : 0;
    });
    const [a, b] = [zonesOf(smooth, all, size, sizes), zonesOf(spiky, all, size, sizes)];
    const differ = a.filter((code, i) => code !== b[i]).length;
    assert.ok(smooth.some((value, i) => value !== spiky[i]));
    assert.ok(differ <= 0.03 * size * size, `${differ} pixels differ`);
    // the lesion zone of the spiky mask is round
    assert.is(nameAt(b, 28, 32 + 11), "around");
  });
  test("padding wins over every zone", () => {
    const inside = drawn(size, size, (x) => (x < 40 ? 1 : 0));
    const zones = zonesOf(disk(24, 38, 10), inside, size, sizes);
    zones.forEach((code, i) => assert.is(code === OUTSIDE, i % size >= 40));
  });
  test("everything is elsewhere without a lesion", () => {
    assert.ok(zonesOf(new Uint8Array(size * size), all, size, sizes).every((code) => zoneNames[code] === "elsewhere"));
  });
  test("two lesions each have a rim and a band, and the tissue between them is not a lesion", () => {
    const two = union(disk(20, 14, 6), disk(20, 48, 6));
    const zones = zonesOf(two, all, size, sizes);
    assert.equal(
      [14, 31, 48].map((column) => nameAt(zones, 20, column)),
      ["lesion", "elsewhere", "lesion"],
    );
    assert.equal(
      [14, 31, 48].map((column) => nameAt(zones, 32, column)),
      ["behind", "elsewhere", "behind"],
    );
  });
  test("a lesion that lies behind another stays a lesion", () => {
    const two = union(disk(14, 32, 7), disk(32, 32, 5));
    assert.is(nameAt(zonesOf(two, all, size, { rim: 0.3, behind: 2 }), 32, 32), "lesion");
  });
  test("moves with the lesion and grows with it", () => {
    const count = (zones: Uint8Array, name: string) => zones.filter((code) => zoneNames[code] === name).length;
    const [a, b] = [zonesOf(disk(18, 24, 8), all, size, sizes), zonesOf(disk(22, 30, 8), all, size, sizes)];
    for (let row = 0; row < size - 4; row++)
      for (let column = 0; column < size - 6; column++) assert.is(a[row * size + column], b[(row + 4) * size + column + 6]);
    const larger = zonesOf(disk(18, 32, 12), all, size, sizes);
    for (const name of ["lesion", "around", "behind"]) assert.ok(Math.abs(count(larger, name) / count(a, name) - 2.25) < 0.25, name);
  });
  test("a lesion of one pixel and one at the lower border are no trouble", () => {
    assert.is(nameAt(zonesOf(disk(30, 30, 0), all, size, sizes), 30, 30), "lesion");
    assert.is(nameAt(zonesOf(disk(62, 30, 5), all, size, sizes), 63, 30), "lesion");
  });
  test("refuses masks of another size", () =>
    assert.throws(() => zonesOf(new Uint8Array(9), all, size, sizes), /zonesOf: .* 64 × 64 pixels, got 9/));
});
