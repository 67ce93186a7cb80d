/** @file Hot spots of a map: cells where high values gather beyond chance, joined where they touch. */
import { benjaminiHochberg } from "../metrics/benjamini-hochberg.ts";
import type { Rng } from "../util/rng.ts";
import { getisOrdStar } from "./getis-ord.ts";
import { adjacency, type Grid, type Neighbourhood } from "./grid.ts";
import { getisOrdPermutation } from "./permutation.ts";

export interface HotSpotOptions {
  /** at least; see hotSpots */
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

/** Most permutations that are run beyond those asked for. */
const MOST = 100_000;

/**
 * Cells with Gi* > 0 whose neighbours' sum lies above its expectation with adjusted p ≤ alpha, joined over edges and corners.
 * Both signs are asked for: a lone spike among low neighbours has Gi* > 0 and a small p, for the lowness of its neighbours.
 *
 * A p of R permutations is at least 1/(R + 1), and of n cells Benjamini-Hochberg lets a single one pass at alpha/n only: with 999 on a 16×16 map
 * nothing could be found but six cells together. So n/alpha permutations are run where fewer were asked for (up to 100,000); they cost little here.
 */
export function hotSpots(grid: Grid, options: HotSpotOptions): HotSpots {
  const z = getisOrdStar(grid, options.neighbours);
  const { n, cells } = adjacency(grid, options.neighbours);
  const permutations = Math.max(options.permutations, Math.min(MOST, Math.ceil(n / options.alpha)));
  const { p, excess } = getisOrdPermutation(grid, { ...options, permutations });
  const adjusted = new Float64Array(p.length).fill(NaN);
  benjaminiHochberg(Float64Array.from(cells, (at) => p[at])).forEach((value, i) => (adjusted[cells[i]] = value));
  const hot = adjusted.map((value, at) => (value <= options.alpha && z[at] > 0 && excess[at] > 0 ? 1 : 0));
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
      for (let k = starts[cell]; k < starts[cell + 1]; k++) {
        const other = neighbours[k];
        if (!seen[other]) piece.push(other);
        seen[other] = 1;
      }
    pieces.push(Int32Array.from(piece, (cell) => cells[cell]).sort());
  }
  return pieces;
}
