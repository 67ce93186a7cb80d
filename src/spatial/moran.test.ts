/** @file Moran's I against esda, against a dense weight matrix, and its moments against all orders of small grids. */
import * as assert from "uvu/assert";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { goldenCases } from "../testing/golden.ts";
import { range, rngOf } from "../util/rng.ts";
import { adjacency, standardise, stepsWithin, type Grid, type Neighbourhood } from "./grid.ts";
import { moran, moranOf, pairsOf, type Weights } from "./moran.ts";
import { orders } from "./permutation.ts";

const file = new URL("./fixtures/golden-spatial.json", import.meta.url);
const tight = { rtol: 1e-9, atol: 1e-11 };
type Inputs = { grid: number[][]; mask: number[][] };
type Params = Record<string, string | number>;

const gridOf = ({ grid, mask }: Inputs): Grid => ({ values: grid.flat(), rows: grid.length, columns: grid[0].length, mask: mask.flat() });
const optionsOf = (params: Params) => ({
  neighbours: params.contiguity as "rook" | "queen",
  weights: (params.transform === "R" ? "row" : "binary") as Weights,
});

/** A grid of normal values with about a quarter of its cells masked out, some of them NaN. */
function maskedGrid(seed: number): Grid {
  const rng = rngOf(seed, "masked");
  const mask = range(35).map(() => (rng.next() < 0.25 ? 0 : 1));
  return { values: mask.map((used) => (used || rng.next() < 0.5 ? rng.normal() : NaN)), rows: 5, columns: 7, mask };
}

/** The definition, with a dense matrix: n/S0 · z'Wz / z'z. */
function byMatrix({ values, rows, columns, mask }: Grid, neighbourhood: "rook" | "queen", weights: Weights): number {
  const cells = range(rows * columns).filter((at) => !mask || mask[at]);
  const mean = cells.reduce((sum, at) => sum + values[at], 0) / cells.length;
  let [above, total, below] = [0, 0, 0];
  for (const i of cells) {
    const near = cells.filter((j) => {
      const [down, right] = [Math.abs(Math.floor(i / columns) - Math.floor(j / columns)), Math.abs((i % columns) - (j % columns))];
      return neighbourhood === "rook" ? down + right === 1 : Math.max(down, right) === 1;
    });
    below += (values[i] - mean) ** 2;
    for (const j of near) {
      const w = weights === "row" ? 1 / near.length : 1;
      total += w;
      above += w * (values[i] - mean) * (values[j] - mean);
    }
  }
  return ((cells.length / total) * above) / below;
}

describe("moran", (test) => {
  test("equals esda: rook and queen, binary and row-standardised, with and without a mask", () => {
    type Expected = { n: number; I: number; EI: number; VI_rand: number };
    for (const { inputs, params, expected, name } of goldenCases<Inputs, Expected>(file, "moran_global")) {
      const { i, expected: mean, variance, n } = moran(gridOf(inputs), optionsOf(params));
      assertClose([n, i, mean, variance], [expected.n, expected.I, expected.EI, expected.VI_rand], tight, name);
    }
  });

  test("equals the dense matrix over 20 masked grids with islands and NaN outside", () => {
    for (const seed of range(20))
      for (const neighbours of ["rook", "queen"] as const)
        for (const weights of ["row", "binary"] as const) {
          const grid = maskedGrid(seed);
          assertClose(moran(grid, { neighbours, weights }).i, byMatrix(grid, neighbours, weights), tight, `seed ${seed}`);
        }
  });

  test("is -1 on a chessboard of rooks", () => {
    const values = range(36).map((at) => (Math.floor(at / 6) + at) % 2);
    for (const weights of ["row", "binary"] as const)
      assertClose(moran({ values, rows: 6, columns: 6 }, { neighbours: "rook", weights }).i, -1, tight);
  });

  test("has the mean and variance of all orders of its values", () => {
    type Expected = { mean: number; variance_population: number };
    for (const { inputs, params, expected, name } of goldenCases<Inputs, Expected>(file, "moran_exact_permutation")) {
      const { expected: mean, variance } = moran(gridOf(inputs), optionsOf(params));
      assertClose([mean, variance], [expected.mean, expected.variance_population], { rtol: 1e-9 }, name);
    }
    const grid = { values: [3, 1, 4, 1, 5, 9], rows: 2, columns: 3 };
    const links = adjacency(grid, "queen");
    const all = Array.from(orders(standardise(grid, links)!), (z) => moranOf(z, pairsOf(links, "row")));
    const { expected, variance } = moran(grid, { neighbours: "queen" });
    const mean = all.reduce((sum, i) => sum + i, 0) / 720;
    assertClose([all.length, mean, all.reduce((sum, i) => sum + (i - mean) ** 2, 0) / 720], [720, expected, variance], { rtol: 1e-10 });
  });

  test("does not change with the map's scale and offset, nor when the map is turned or mirrored", () => {
    const rng = rngOf(5, "turned");
    const values = range(48).map(() => rng.normal());
    const i = (dealt: number[], rows: number, columns: number) => moran({ values: dealt, rows, columns }, { neighbours: "queen" }).i;
    const straight = i(values, 6, 8);
    assertClose(
      i(
        values.map((v) => -3 * v + 1e6),
        6,
        8,
      ),
      straight,
      { atol: 1e-8 },
    ); // 1e6 costs six of the sixteen digits
    assertClose(i([...values].reverse(), 6, 8), straight, tight);
    assertClose(
      i(
        range(48).map((at) => values[(at % 6) * 8 + Math.floor(at / 6)]),
        8,
        6,
      ),
      straight,
      tight,
    );
  });

  test("is undefined for a constant map, also where it is constant but for rounding, and without neighbours", () => {
    const [constant] = goldenCases<Inputs, { EI: number }>(file, "moran_global_constant");
    const { i, expected } = moran(gridOf(constant.inputs), { neighbours: "rook" });
    assert.ok(Number.isNaN(i));
    assertClose(expected, constant.expected.EI, tight);
    assert.ok(Number.isNaN(moran({ values: [0.3, 0.1 + 0.2, 0.3, 0.3], rows: 2, columns: 2 }, { neighbours: "rook" }).i));
    assert.ok(Number.isNaN(moran({ values: [1, 2, 4], rows: 1, columns: 3 }, { neighbours: "rook" }).variance));
    assert.ok(Number.isNaN(moran({ values: [1, 2, 3, 4], rows: 2, columns: 2, mask: [1, 0, 0, 1] }, { neighbours: "rook" }).i));
  });
});

describe("adjacency", (test) => {
  test("counts neighbours at corners, edges and inside", () => {
    const degrees = (neighbourhood: Neighbourhood) => {
      const { n, starts } = adjacency({ values: new Float64Array(9), rows: 3, columns: 3 }, neighbourhood);
      return range(n).map((i) => starts[i + 1] - starts[i]);
    };
    assert.equal(degrees("rook"), [2, 3, 2, 3, 4, 3, 2, 3, 2]);
    assert.equal(degrees("queen"), [3, 5, 3, 5, 8, 5, 3, 5, 3]);
    assert.is(stepsWithin(2).length, 12);
  });

  test("does not join the end of a row to the beginning of the next", () => {
    const { starts, neighbours } = adjacency({ values: new Float64Array(6), rows: 2, columns: 3 }, "rook");
    assert.equal(
      [...neighbours.subarray(starts[2], starts[3])].sort((a, b) => a - b),
      [1, 5],
    );
  });

  test("numbers used cells only and refuses values that are not finite among them", () => {
    const { n, cells } = adjacency({ values: [NaN, 2, 3, 4], rows: 2, columns: 2, mask: [0, 1, 0, 1] }, "queen");
    assert.equal([n, ...cells], [2, 1, 3]);
    assert.throws(() => adjacency({ values: [1, 2, 3, Infinity], rows: 2, columns: 2 }, "rook"), /finite, got Infinity at row 1, column 1/);
    assert.throws(() => adjacency({ values: [1, 2, 3], rows: 2, columns: 2 }, "rook"), /2×2 grid needs 4 values, got 3/);
  });
});
