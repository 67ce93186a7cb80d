/** @file From held-out scores of every initialisation, seed and fold to AUROCs with intervals, and to differences from the untrained encoder. */
import { auroc } from "../../src/metrics/auroc.ts";
import { compareMeanAurocs, meanAuroc } from "../../src/metrics/compare-aurocs.ts";
import { groupBootstrap, pick } from "../../src/metrics/group-bootstrap.ts";
import { holm } from "../../src/metrics/holm.ts";
import { mean } from "../../src/metrics/moments.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import type { HeldOutResult } from "./measure.ts";
import { MEASURES, UNTRAINED } from "./names.ts";

/** What the inner split of an outer fold said of a method's settings. */
export interface Choice {
  method: string;
  fold: number;
  /** by setting */
  scores: number[];
  /** which setting */
  chosen: number;
}

export interface Measured extends HeldOutResult {
  initialisation: string;
  fold: number;
  seed: number;
}

export interface Estimate {
  estimate: number;
  low: number;
  high: number;
}

export interface Summary {
  images: number;
  groups: number;
  /** cells in the order of {@link MEASURES} */
  rows: { initialisation: string; cells: (Estimate & { byFold: number })[] }[];
  /** to untrained; p raw, and by Holm over all cells of all rows */
  differences: { initialisation: string; cells: { delta: Estimate; p: number; adjusted: number }[] }[];
  /** how often each was chosen, over all encoders */
  chosen: { knn: Map<string, number>; penalty: Map<string, number> };
  /** of each share: least and most groups, images and updates of a fine-tuning */
  finetune: { share: number; batchSize: number; groups: Span; images: Span; epochs: Span; updates: Span }[];
}

type Span = [least: number, most: number];

/**
 * AUROCs of scores pooled over folds, as a study's evaluation has them, averaged over seeds; a group is resampled and swapped in all seeds together.
 * @param results every initialisation with the same seeds and folds
 * @param cases class and group of each image of the data set
 */
export function summarise(
  results: readonly Measured[],
  cases: { labels: ArrayLike<number>; groups: ArrayLike<number> },
  { bootstraps, permutations }: { bootstraps: number; permutations: number },
): Summary {
  const initialisations = [...new Set(results.map((one) => one.initialisation))];
  const seeds = [...new Set(results.map((one) => one.seed))];
  const folds = [...new Set(results.map((one) => one.fold))];
  const find = (initialisation: string, seed: number, fold: number): Measured =>
    results.find((one) => one.initialisation === initialisation && one.seed === seed && one.fold === fold)!;
  const images = folds.flatMap((fold) => find(initialisations[0], seeds[0], fold).images);
  const labels = images.map((image) => cases.labels[image]);
  const groups = images.map((image) => cases.groups[image]);
  /** [seeds][images] */
  const pooled = (initialisation: string, measure: string): number[][] =>
    seeds.map((seed) => folds.flatMap((fold) => find(initialisation, seed, fold).scores[measure]));
  const everything = (measure: string) => ({ labels, groups, bootstraps, permutations, rng: rngOf(0, "pretrain-busi", measure) });

  const rows = initialisations.map((initialisation) => ({
    initialisation,
    cells: MEASURES.map(([measure]) => {
      const scores = pooled(initialisation, measure);
      const statistic = (chosen: Int32Array) => meanAuroc(pick(labels, chosen), scores, chosen);
      const ofFold = seeds.flatMap((seed) =>
        folds.map((fold) => {
          const held = find(initialisation, seed, fold);
          return auroc(
            held.images.map((image) => cases.labels[image]),
            held.scores[measure],
          );
        }),
      );
      return { ...groupBootstrap({ ...everything(measure), statistic }), byFold: mean(ofFold) };
    }),
  }));
  const compared = initialisations
    .filter((initialisation) => initialisation !== UNTRAINED)
    .map((initialisation) => ({
      initialisation,
      cells: MEASURES.map(([measure]) =>
        compareMeanAurocs({ ...everything(measure), a: pooled(initialisation, measure), b: pooled(UNTRAINED, measure) }),
      ),
    }));
  const adjusted = holm(compared.flatMap(({ cells }) => cells.map(({ p }) => p)));
  const differences = compared.map(({ initialisation, cells }, row) => ({
    initialisation,
    cells: cells.map((cell, c) => ({ ...cell, adjusted: adjusted[row * MEASURES.length + c] })),
  }));
  return {
    images: images.length,
    groups: new Set(groups).size,
    rows,
    differences,
    chosen: {
      knn: counts(results.map(({ knn }) => `k ${knn.k}, temperature ${knn.temperature}`)),
      penalty: counts(results.map(({ penalty }) => String(penalty))),
    },
    finetune: range(results[0].finetune.length).map((s) => {
      const all = results.map(({ finetune }) => finetune[s]);
      const span = (value: (one: (typeof all)[number]) => number): Span => [Math.min(...all.map(value)), Math.max(...all.map(value))];
      const { share, batchSize } = all[0];
      return {
        ...{ share, batchSize, groups: span((one) => one.groups), images: span((one) => one.images) },
        ...{ epochs: span((one) => one.epochs), updates: span((one) => one.updates) },
      };
    }),
  };
}

/** How often each comes, the most frequent first. */
export function counts(names: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const name of names) found.set(name, (found.get(name) ?? 0) + 1);
  return new Map([...found].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)));
}
