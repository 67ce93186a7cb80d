/** @file Permutation p of Moran's I: exact spaces, given permutations, bad maps. */
import * as assert from "uvu/assert";
import { doubledTail, permutationTails } from "../metrics/p-values.ts";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { goldenCases } from "../testing/golden.ts";
import { range, rngOf } from "../util/rng.ts";
import { adjacency, standardise } from "./grid.ts";
import { moranOf, pairsOf } from "./moran.ts";
import { moranPermutation, orders } from "./permutation.ts";

const file = new URL("./fixtures/golden-spatial.json", import.meta.url);
type Inputs = { grid: number[][]; mask: number[][]; permutations: number[][] };
type Expected = { n_permutations: number; I_observed: number; p_greater: number; p_less: number; p_two_sided_double: number };

function prepare(inputs: Inputs, params: Record<string, string | number>) {
  const grid = { values: inputs.grid.flat(), rows: inputs.grid.length, columns: inputs.grid[0].length };
  const links = adjacency(grid, params.contiguity as "rook" | "queen");
  const weights: "row" | "binary" = params.transform === "R" ? "row" : "binary";
  return { grid, weights, z: standardise(grid, links)!, pairs: pairsOf(links, weights), neighbours: params.contiguity as "rook" | "queen" };
}

describe("moranPermutation", (test) => {
  test("counts all orders as integer arithmetic does, ties included", () => {
    for (const { inputs, params, expected, name } of goldenCases<Inputs, Expected>(file, "moran_exact_permutation")) {
      const { grid, weights, neighbours } = prepare(inputs, params);
      const { i, p, greater, less } = moranPermutation(grid, { neighbours, weights, permutations: expected.n_permutations, rng: rngOf(1) });
      const golden = [expected.I_observed, expected.p_two_sided_double, expected.p_greater, expected.p_less];
      assertClose([i, p, greater, less], golden, { rtol: 1e-9 }, name);
    }
  });

  test("equals the reference for given permutations", () => {
    for (const { inputs, params, expected, name } of goldenCases<Inputs, Expected>(file, "moran_given_permutations")) {
      const { z, pairs } = prepare(inputs, params);
      const simulated = inputs.permutations.map((order) =>
        moranOf(
          Float64Array.from(order, (from) => z[from]),
          pairs,
        ),
      );
      const tails = permutationTails(moranOf(z, pairs), simulated);
      const golden = [expected.p_greater, expected.p_less, expected.p_two_sided_double];
      assertClose([tails.greater, tails.less, doubledTail(tails)], golden, { rtol: 1e-9 }, name);
    }
  });

  test("samples near the exact p, and gives 2/(R + 1) at the very least", () => {
    const { inputs, params, expected } = goldenCases<Inputs, Expected>(file, "moran_exact_permutation")[1];
    const { grid, weights, neighbours } = prepare(inputs, params);
    const sampled = moranPermutation(grid, { neighbours, weights, permutations: 5000, rng: rngOf(2, "sampled") });
    assertClose(sampled.p, expected.p_two_sided_double, { atol: 8 * Math.sqrt(0.1 / 5000) });
    const slope = { values: range(64).map((at) => at % 8), rows: 8, columns: 8 };
    assert.is(moranPermutation(slope, { neighbours: "queen", permutations: 999, rng: rngOf(3) }).p, 0.002);
  });

  test("is 1 for a constant map and for cells without neighbours", () => {
    const options = { neighbours: "rook" as const, permutations: 99, rng: rngOf(1) };
    for (const grid of [
      { values: range(16).map(() => 0.7), rows: 4, columns: 4 },
      { values: [1, 2, 3, 4], rows: 2, columns: 2, mask: [1, 0, 0, 1] },
      { values: [5], rows: 1, columns: 1 },
    ]) {
      const { i, p } = moranPermutation(grid, options);
      assert.ok(Number.isNaN(i) && p === 1);
    }
  });
});

describe("orders", (test) => {
  test("visits each of the 5! orders once, the given one first", () => {
    const seen = Array.from(orders(Float64Array.of(1, 2, 3, 4, 5)), (items) => items.join(""));
    assert.is(seen[0], "12345");
    assert.is(new Set(seen).size, 120);
    assert.is(seen.length, 120);
  });
});
