/**
 * @file Data in which there is nothing to find, for every test that prints p: small runs in the tests, large ones in bench/type-one.ts.
 * Rejecting more often than its level on any of these would be a bug.
 */
import { cliffsDeltaByLabel } from "../metrics/cliffs-delta.ts";
import { swapPermutation } from "../metrics/compare-aurocs.ts";
import { delongTest } from "../metrics/delong.ts";
import { groupPermutation } from "../metrics/group-permutation.ts";
import type { Grid } from "../spatial/grid.ts";
import { hotSpots } from "../spatial/hot-spots.ts";
import { getisOrdPermutation, moranPermutation } from "../spatial/permutation.ts";
import { range, rngOf, type Rng } from "../util/rng.ts";

/** A test and a null under which it runs. */
export interface NullStudy {
  /** the function */
  test: string;
  /** what the data are */
  under: string;
  /** true: may reject less often than its level (doubled tails of a discrete statistic, a discovery rate taken family-wise) */
  conservative: boolean;
  /** p on the data of this seed */
  pOf: (seed: number) => number;
}

/** Ways to draw a value that has no place: even, skewed, mostly zero with a few high cells, and two-valued (many ties). */
export const noises: Record<string, (rng: Rng) => number> = {
  normal: (rng) => rng.normal(),
  exponential: (rng) => -Math.log(1 - rng.next()),
  spikes: (rng) => (rng.next() < 0.05 ? 10 : 0) + rng.next(),
  binary: (rng) => (rng.next() < 0.3 ? 1 : 0),
};

/** A map of independent cells. */
export function noiseMap(rng: Rng, side: number, noise = noises.normal): Grid {
  return { values: Float64Array.from({ length: side * side }, () => noise(rng)), rows: side, columns: side };
}

/** A map enlarged for the eye: bilinear between cell centres, the way a saliency map is laid over its image. */
export function upsampled({ values, rows, columns }: Grid, factor: number): Grid {
  const at = (i: number, n: number) => {
    const place = Math.min(n - 1, Math.max(0, (i + 0.5) / factor - 0.5));
    const low = Math.min(n - 2, Math.floor(place));
    return { low, part: place - low };
  };
  const large = range(rows * factor).flatMap((r) =>
    range(columns * factor).map((c) => {
      const [down, right] = [at(r, rows), at(c, columns)];
      const line = (row: number) =>
        values[row * columns + right.low] * (1 - right.part) + values[row * columns + right.low + 1] * right.part;
      return line(down.low) * (1 - down.part) + line(down.low + 1) * down.part;
    }),
  );
  return { values: large, rows: rows * factor, columns: columns * factor };
}

/** A fan: the cells of a side×side map within a sector that opens downwards, the field of view of a curved probe. */
export const fanMask = (side: number): number[] =>
  range(side * side).map((at) => (Math.abs((at % side) - (side - 1) / 2) <= 1 + 0.45 * Math.floor(at / side) ? 1 : 0));

/** Tests of maps, on native cells. */
export function spatialNulls(permutations: number): NullStudy[] {
  const options = (rng: Rng) => ({ neighbours: "queen" as const, permutations, alpha: 0.05, rng });
  return Object.entries(noises).flatMap(([name, noise]): NullStudy[] => {
    const map = (seed: number, side: number) => ((rng) => ({ grid: noiseMap(rng, side, noise), rng }))(rngOf(seed, "null map", name, side));
    const moran = (seed: number, side: number, mask?: number[]) => {
      const { grid, rng } = map(seed, side);
      return moranPermutation({ ...grid, mask }, options(rng)).p;
    };
    const cell = (seed: number, at: number) => {
      const { grid, rng } = map(seed, 8);
      return getisOrdPermutation(grid, options(rng)).p[at];
    };
    const any = (seed: number) => {
      const { grid, rng } = map(seed, 8);
      return hotSpots(grid, options(rng)).spots.length > 0 ? 0 : 1;
    };
    return [
      { test: "moranPermutation", under: `${name} 8×8`, conservative: true, pOf: (seed) => moran(seed, 8) },
      { test: "moranPermutation", under: `${name} 12×12 in a fan`, conservative: true, pOf: (seed) => moran(seed, 12, fanMask(12)) },
      { test: "getisOrdPermutation", under: `${name} 8×8, corner cell`, conservative: name === "binary", pOf: (seed) => cell(seed, 0) },
      { test: "getisOrdPermutation", under: `${name} 8×8, inner cell`, conservative: name === "binary", pOf: (seed) => cell(seed, 27) },
      { test: "hotSpots: any at .05", under: `${name} 8×8`, conservative: true, pOf: any },
    ];
  });
}

/** Values of groups of 1–3 images: what images of one patient share, and their own. The class belongs to the group and changes nothing. */
export function groupedImages(rng: Rng, count: number): { groups: number[]; labels: number[]; shared: number[]; own: () => number } {
  const groups = range(count).flatMap((group) => range(1 + (group % 3)).map(() => group));
  const effect = range(count).map(() => rng.normal());
  return { groups, labels: groups.map((group) => group % 2), shared: groups.map((group) => effect[group]), own: () => 0.5 * rng.normal() };
}

/** Two models that rank equally well, with errors that images of a group share; the second one's scores on another scale. */
export function equalModels(rng: Rng, count: number, scaleOfB: number) {
  const { groups, labels, shared, own } = groupedImages(rng, count);
  const model = () => {
    const error = range(count).map(() => rng.normal());
    return groups.map((group, i) => labels[i] + shared[i] + error[group] + own());
  };
  const [a, b] = [model(), model()];
  return { groups, labels, a, b: b.map((score) => 1 / (1 + Math.exp(-scaleOfB * score))) };
}

/** Two models with equal areas whose curves cross: the second one's positives spread three times as far, around a mean of √5. */
export function crossingModels(rng: Rng, count: number) {
  const { groups, labels, shared, own } = groupedImages(rng, count);
  const other = range(count).map(() => rng.normal());
  const scale = Math.sqrt(1.25); // of what a group shares and an image has for itself
  const a = labels.map((label, i) => label * scale + shared[i] + own());
  const b = labels.map((label, i) => label * scale * Math.sqrt(5) + (1 + 2 * label) * (other[groups[i]] + own()));
  return { groups, labels, a, b };
}

/** Tests of cohorts, with groups as the unit. */
export function metricNulls(permutations: number): NullStudy[] {
  const difference = (labels: ArrayLike<number>, values: ArrayLike<number>) => {
    const [sum, count] = [new Float64Array(2), new Float64Array(2)];
    for (let i = 0; i < labels.length; i++) {
      sum[labels[i]] += values[i];
      count[labels[i]]++;
    }
    return sum[1] / count[1] - sum[0] / count[0];
  };
  const permuted = (seed: number, statistic: typeof difference) => {
    const rng = rngOf(seed, "null groups");
    const values = range(40).map(() => rng.next() ** 4); // skewed, as shares of saliency are
    return groupPermutation({ values, labels: range(40).map((i) => (i < 14 ? 1 : 0)), statistic, permutations, rng }).p;
  };
  const swapped = (seed: number, count: number, scaleOfB: number) => {
    const rng = rngOf(seed, "null models", count);
    return swapPermutation({ ...equalModels(rng, count, scaleOfB), permutations, rng }).p;
  };
  const crossing = (seed: number) => {
    const rng = rngOf(seed, "null crossing");
    return swapPermutation({ ...crossingModels(rng, 40), permutations, rng }).p;
  };
  const delong = (seed: number) => {
    const rng = rngOf(seed, "null delong");
    const labels = range(80).map((i) => (i < 32 ? 1 : 0));
    const shared = labels.map((label) => label + rng.normal());
    return delongTest(
      labels,
      shared.map((s) => s + rng.normal()),
      shared.map((s) => s + rng.normal()),
    ).p;
  };
  return [
    {
      test: "groupPermutation",
      under: "Cliff's delta, 14 against 26 groups",
      conservative: false,
      pOf: (seed) => permuted(seed, cliffsDeltaByLabel),
    },
    {
      test: "groupPermutation",
      under: "difference of means, 14 against 26 groups",
      conservative: false,
      pOf: (seed) => permuted(seed, difference),
    },
    { test: "swapPermutation", under: "equal models, 40 groups of 1–3 images", conservative: false, pOf: (seed) => swapped(seed, 40, 1) },
    { test: "swapPermutation", under: "the same, scores of one model squashed", conservative: false, pOf: (seed) => swapped(seed, 40, 30) },
    { test: "swapPermutation", under: "equal models, 12 groups of 1–3 images", conservative: false, pOf: (seed) => swapped(seed, 12, 1) },
    { test: "swapPermutation", under: "equal areas, curves that cross, 40 groups", conservative: false, pOf: crossing },
    { test: "delongTest", under: "equal models, 80 independent cases", conservative: false, pOf: delong },
  ];
}
