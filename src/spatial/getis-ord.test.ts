/** @file Gi* against esda (with its sign mended), hot spots, and their pieces. */
import * as assert from "uvu/assert";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { goldenCases } from "../testing/golden.ts";
import { range, rngOf } from "../util/rng.ts";
import { distinctDraws } from "./draws.ts";
import { getisOrdStar } from "./getis-ord.ts";
import { adjacency, standardise, stepsWithin, type Grid } from "./grid.ts";
import { components, hotSpots } from "./hot-spots.ts";
import { getisOrdPermutation } from "./permutation.ts";

const file = new URL("./fixtures/golden-spatial.json", import.meta.url);
type Inputs = { grid: number[][]; mask: number[][] };

/** A 10×10 map of unit noise with a square of `side` cells lifted by `lift`, its corner at row 3, column 4. */
function planted(seed: number, lift: number, side = 4): Grid {
  const rng = rngOf(seed, "planted");
  const inside = (at: number) => Math.floor(at / 10) >= 3 && Math.floor(at / 10) < 3 + side && at % 10 >= 4 && at % 10 < 4 + side;
  return { values: range(100).map((at) => rng.normal() + (inside(at) ? lift : 0)), rows: 10, columns: 10 };
}

const options = (seed: number) => ({ neighbours: "queen" as const, permutations: 999, alpha: 0.05, rng: rngOf(seed, "hot") });

describe("getisOrdStar", (test) => {
  test("equals esda within a distance, with the sign of the local sum also where values are negative, and in a fan", () => {
    for (const { inputs, params, expected, name } of goldenCases<Inputs, { Gi_star_z: number[] }>(file, "getis_ord_local")) {
      const grid = { values: inputs.grid.flat(), rows: inputs.grid.length, columns: inputs.grid[0].length, mask: inputs.mask.flat() };
      const z = getisOrdStar(grid, stepsWithin(Number(params.distance)));
      const used = Array.from(z).filter((_, at) => grid.mask[at]);
      assertClose(used, expected.Gi_star_z, { rtol: 1e-9, atol: 1e-11 }, name);
      assert.ok(Array.from(z).every((value, at) => Number.isNaN(value) !== Boolean(grid.mask[at])));
    }
  });

  test("turns over with the map and does not change with its scale", () => {
    const { values, rows, columns } = planted(1, 2);
    const z = getisOrdStar({ values, rows, columns }, "queen");
    const scaled = (a: number, b: number) => getisOrdStar({ values: Array.from(values, (v) => a * v + b), rows, columns }, "queen");
    assertClose(scaled(7, 3), z, { atol: 1e-10 });
    assertClose(
      scaled(-1, 0),
      z.map((value) => -value),
      { atol: 1e-10 },
    );
  });

  test("is NaN where the neighbourhood is the whole map or the map is constant", () => {
    assert.ok(getisOrdStar({ values: [1, 2, 3, 4], rows: 2, columns: 2 }, "queen").every(Number.isNaN));
    assert.ok(getisOrdStar({ values: [2, 2, 2, 2, 2, 2], rows: 2, columns: 3 }, "queen").every(Number.isNaN));
  });
});

describe("hotSpots", (test) => {
  test("find the inside of a planted square, in one piece, and hardly reach beyond its rim", () => {
    for (const seed of range(10)) {
      const { spots } = hotSpots(planted(seed, 3), options(seed));
      const largest = spots.reduce((a, b) => (b.length > a.length ? b : a));
      for (const inner of [45, 46, 55, 56]) assert.ok(largest.includes(inner), `seed ${seed}: ${[...largest].join(" ")}`);
      const outside = spots.flatMap((spot) => [...spot]).filter((at) => at < 20 || at >= 80 || at % 10 < 3 || at % 10 > 8);
      assert.ok(outside.length <= 2, `seed ${seed}: ${outside.join(" ")} lie two cells away`);
    }
  });

  test("can be smaller than Benjamini-Hochberg lets pass at 999 permutations", () => {
    const sizes = range(10).map((seed) => {
      const rng = rngOf(seed, "small");
      const values = range(256).map((at) => rng.normal() + ([119, 120, 121, 135, 136, 137, 151, 152, 153].includes(at) ? 2.5 : 0));
      const { spots } = hotSpots({ values, rows: 16, columns: 16 }, options(seed));
      return spots.reduce((cells, spot) => cells + spot.length, 0);
    });
    // at 999 permutations p ≥ .001, and 256 · .001 / cells ≤ .05 needs six cells at least
    assert.ok(sizes.filter((cells) => cells > 0).length >= 9 && sizes.some((cells) => cells > 0 && cells < 6), sizes.join(" "));
  });

  test("are none in a constant map, an all-zero map, a 2×2 map and a map without used cells", () => {
    for (const [rows, columns, values, mask] of [
      [4, 4, range(16).map(() => 0.1)],
      [3, 3, range(9).map(() => 0)],
      [2, 2, [1, 2, 3, 4]],
      [2, 2, [1, 2, 3, 4], [0, 0, 0, 0]],
      [1, 1, [5]],
    ] as [number, number, number[], number[]?][]) {
      const { spots, p } = hotSpots({ values, rows, columns, mask }, options(1));
      assert.equal(spots, []);
      assert.ok(p.every((value) => (mask ? Number.isNaN(value) : value > 0.05)));
    }
  });

  test("do not take a lone spike among low neighbours, or a cold square, for hot", () => {
    const rng = rngOf(3, "spike");
    const values = range(100).map((at) => (at === 55 ? 30 : [44, 45, 46, 54, 56, 64, 65, 66].includes(at) ? -1.5 : rng.normal()));
    assert.ok(!hotSpots({ values, rows: 10, columns: 10 }, options(3)).spots.some((spot) => spot.includes(55)));
    const cold = planted(4, -3);
    const { spots, z, adjusted } = hotSpots(cold, options(4));
    assert.ok(
      adjusted.some((p, at) => p <= 0.05 && z[at] < -3),
      "the cold square itself is significant",
    );
    assert.ok(spots.flatMap((spot) => [...spot]).every((at) => z[at] > 0));
  });

  test("ignore what lies outside the mask", () => {
    const { values, rows, columns } = planted(6, 3);
    const mask = range(100).map((at) => (at % 10 === 0 ? 0 : 1));
    const outside = (value: number) =>
      hotSpots({ values: Array.from(values, (v, at) => (mask[at] ? v : value)), rows, columns, mask }, options(6));
    const { spots, z, p, adjusted } = outside(NaN);
    assert.ok(spots.length > 0);
    assert.equal(outside(1e9).spots, spots);
    assertClose(outside(1e9).adjusted, adjusted, {});
    assert.ok(spots.every((spot) => spot.every((at) => mask[at])));
    for (const field of [z, p, adjusted]) assert.ok(field.every((value, at) => Number.isNaN(value) === !mask[at]));
  });

  test("are the same for the same seed", () => {
    assert.equal(hotSpots(planted(2, 2), options(9)), hotSpots(planted(2, 2), options(9)));
  });
});

describe("components", (test) => {
  test("join cells over corners, in order of their first cell", () => {
    const mask = [1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1];
    assert.equal(
      components({ values: mask, rows: 4, columns: 4, mask }).map((piece) => [...piece]),
      [[0, 5], [3], [12, 13], [15]],
    );
  });
});

describe("getisOrdPermutation", (test) => {
  test("equals counting cell by cell over the same draws, with ties and a mask", () => {
    for (const seed of range(10)) {
      const rng = rngOf(seed, "naive");
      const mask = range(30).map(() => (rng.next() < 0.2 ? 0 : 1));
      const grid = { values: mask.map(() => rng.int(4)), rows: 5, columns: 6, mask };
      const { p } = getisOrdPermutation(grid, { neighbours: "queen", permutations: 200, rng: rngOf(seed, "draws") });
      const { n, cells, starts, neighbours } = adjacency(grid, "queen");
      const z = standardise(grid, adjacency(grid, "queen"))!;
      const degree = (i: number) => starts[i + 1] - starts[i];
      const width = Math.max(...range(n).map(degree)) + 1;
      const table = distinctDraws(n, width, 200, rngOf(seed, "draws"));
      const sumOf = (chosen: ArrayLike<number>) => Array.from(chosen).reduce((sum, cell) => sum + z[cell], 0);
      for (const i of range(n)) {
        const centre = (-degree(i) * z[i]) / (n - 1);
        const observed = Math.abs(sumOf(neighbours.subarray(starts[i], starts[i + 1])) - centre);
        const drawn = range(200).map((r) => Array.from(table.subarray(r * width, (r + 1) * width)).filter((cell) => cell !== i));
        const count = drawn.filter((row) => Math.abs(sumOf(row.slice(0, degree(i))) - centre) >= observed - 1e-9).length;
        assert.is(p[cells[i]], degree(i) === 0 ? 1 : (count + 1) / 201, `seed ${seed}, cell ${i}`);
      }
    }
  });

  test("approaches the exact conditional tails of the golden cases", () => {
    // the held cell's local Moran is its z times its neighbours' sum: with z ≠ 0 the tails of I are those of the sum
    type Expected = { cell: number; I_observed: number; p_greater: number; p_less: number };
    for (const { inputs, params, expected, name } of goldenCases<Inputs, Expected>(file, "moran_local_exact_conditional")) {
      const values = inputs.grid.flat();
      const grid = { values, rows: inputs.grid.length, columns: inputs.grid[0].length };
      const { p, excess } = getisOrdPermutation(grid, {
        neighbours: params.contiguity as "rook" | "queen",
        permutations: 20_000,
        rng: rngOf(1, name),
      });
      const exact = conditionalP(grid, params.contiguity as "rook" | "queen", expected.cell);
      // the enumeration is right because its tails are the reference's
      const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
      const [up, down] = values[expected.cell] > mean ? [exact.greater, exact.less] : [exact.less, exact.greater];
      assertClose([up, down], [expected.p_greater, expected.p_less], { rtol: 1e-9 }, name);
      assertClose(p[expected.cell], exact.twoSided, { atol: 4 * Math.sqrt(0.25 / 20_000) }, name);
      assertClose(excess[expected.cell], exact.excess, { atol: 1e-9 }, name);
    }
  });
});

/** All ways to deal the other cells' values to the neighbours of `cell`: tails of their sum, and of its distance from its mean. */
function conditionalP({ values, rows, columns }: Grid, neighbourhood: "rook" | "queen", cell: number) {
  const near = (at: number) => {
    const [down, right] = [Math.abs(Math.floor(at / columns) - Math.floor(cell / columns)), Math.abs((at % columns) - (cell % columns))];
    return neighbourhood === "rook" ? down + right === 1 : Math.max(down, right) === 1;
  };
  const others = range(rows * columns).filter((at) => at !== cell);
  const k = others.filter(near).length;
  const sums = range(2 ** others.length)
    .filter((bits) => range(others.length).filter((q) => (bits >> q) & 1).length === k)
    .map((bits) => others.reduce((sum, at, q) => sum + ((bits >> q) & 1 ? values[at] : 0), 0));
  const observed = others.filter(near).reduce((sum, at) => sum + values[at], 0);
  const centre = sums.reduce((a, b) => a + b, 0) / sums.length;
  const mean = Array.from(values).reduce((a, b) => a + b, 0) / values.length;
  const spread = Math.sqrt(Array.from(values).reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
  const share = (keep: (sum: number) => boolean) => sums.filter(keep).length / sums.length;
  return {
    greater: share((sum) => sum >= observed - 1e-9),
    less: share((sum) => sum <= observed + 1e-9),
    twoSided: share((sum) => Math.abs(sum - centre) >= Math.abs(observed - centre) - 1e-9),
    excess: (observed - centre) / spread,
  };
}
