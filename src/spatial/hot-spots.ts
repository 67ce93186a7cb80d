/** @file Hot spots of a map: cells where high values gather beyond chance, joined where they touch. */
import { benjaminiHochberg } from "../metrics/benjamini-hochberg.ts";
import type { Rng } from "../util/rng.ts";
import { getisOrdStar } from "./getis-ord.ts";
import { adjacency, type Grid, type Neighbourhood } from "./grid.ts";
import { getisOrdPermutation } from "./permutation.ts";

export interface HotSpotOptions {
  permutations: number;
  /** false discovery rate over the cells of the map (Benjamini-Hochberg) */
  alpha: number;
  neighbours: Neighbourhood;
  rng: Rng;
}

export interface HotSpots {
  /** positions of each spot's cells in the grid, ascending; spots in order of their first cell */
  spots: Int32Array[];
  /** [rows · columns] Gi*, NaN in unused cells */
  z: Float64Array;
  /** [rows · columns] two-sided conditional-permutation p, NaN in unused cells */
  p: Float64Array;
  /** [rows · columns] p adjusted over the used cells, NaN in unused cells */
  adjusted: Float64Array;
}

/**
 * Cells with Gi* > 0 whose neighbours' sum lies above its expectation with adjusted p ≤ alpha, joined over edges and corners.
 * Both signs are asked for: a lone spike among low neighbours has Gi* > 0 and a small p, for the lowness of its neighbours.
 *
 * With R permutations p is at least 1/(R + 1), so of n cells at least n / ((R + 1) alpha) must reach that floor together (6 of 256 cells
 * at 999 and .05); a single extreme cell of a large map needs more permutations.
 */
export function hotSpots(grid: Grid, options: HotSpotOptions): HotSpots {
  const z = getisOrdStar(grid, options.neighbours);
  const { p, excess } = getisOrdPermutation(grid, options);
  const { cells } = adjacency(grid, options.neighbours);
  const adjusted = new Float64Array(p.length).fill(NaN);
  benjaminiHochberg(Float64Array.from(cells, (at) => p[at]!)).forEach((value, i) => (adjusted[cells[i]!] = value));
  const hot = adjusted.map((value, at) => (value <= options.alpha && z[at]! > 0 && excess[at]! > 0 ? 1 : 0));
  return { spots: components({ ...grid, mask: hot }), z, p, adjusted };
}

/** The used cells of a grid in pieces that touch (8 neighbours), each ascending, in order of their first cell. */
export function components(grid: Grid): Int32Array[] {
  const { n, cells, starts, neighbours } = adjacency(grid, "queen");
  const seen = new Uint8Array(n);
  const pieces: Int32Array[] = [];
  for (let i = 0; i < n; i++) {
    if (seen[i]) continue;
    seen[i] = 1;
    const piece = [i]; // grows while it is walked
    for (const cell of piece)
      for (let k = starts[cell]!; k < starts[cell + 1]!; k++) {
        const other = neighbours[k]!;
        if (!seen[other]) piece.push(other);
        seen[other] = 1;
      }
    pieces.push(Int32Array.from(piece, (cell) => cells[cell]!).sort());
  }
  return pieces;
}
