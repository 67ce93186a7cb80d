/** @file What frozen features are worth: nearest neighbours and a linear probe. Inner folds of the labelled images choose their settings. */
import { auroc } from "../../src/metrics/auroc.ts";
import { knnPredict, type KnnOptions } from "../../src/metrics/embedding/knn.ts";
import type { Rows } from "../../src/metrics/embedding/unit-rows.ts";
import { fitLogistic, predictLogistic } from "../../src/metrics/logistic.ts";
import { range } from "../../src/util/rng.ts";

export const KNN_GRID: readonly KnnOptions[] = [5, 15, 45].flatMap((k) => [0.03, 0.1, 0.3].map((temperature) => ({ k, temperature })));
export const PENALTY_GRID: readonly { penalty: number }[] = [1, 10, 100, 1000].map((penalty) => ({ penalty }));

/** Images whose class is known, and how inner folds deal them. */
export interface Bank {
  /** [n][d] */
  rows: Rows;
  /** 0 or 1, [n] */
  labels: ArrayLike<number>;
  /** [n] */
  inner: ArrayLike<number>;
}

type Predict<S> = (rows: Rows, labels: ArrayLike<number>, queries: Rows, settings: S) => ArrayLike<number>;

export interface Probed<S> {
  /** of the positive class, [queries] */
  scores: number[];
  /** what the inner folds chose */
  chosen: S;
}

/** Scores of the queries by the member of `grid` whose pooled inner predictions rank best; of equals the first. */
function probe<S>({ rows, labels, inner }: Bank, queries: Rows, grid: readonly S[], predict: Predict<S>): Probed<S> {
  const at = <T>(values: ArrayLike<T>, places: readonly number[]): T[] => places.map((place) => values[place]);
  const innerAuroc = (settings: S): number => {
    const scores = new Float64Array(rows.length);
    for (const fold of new Set(Array.from(inner))) {
      const held = range(rows.length).filter((i) => inner[i] === fold);
      const rest = range(rows.length).filter((i) => inner[i] !== fold);
      const found = predict(at(rows, rest), at(labels, rest), at(rows, held), settings);
      held.forEach((i, place) => (scores[i] = found[place]));
    }
    return auroc(labels, scores);
  };
  const worth = grid.map(innerAuroc);
  const chosen = grid[worth.indexOf(Math.max(...worth))];
  return { scores: Array.from(predict(rows, labels, queries, chosen)), chosen };
}

/** Share of the neighbours' votes. */
export const knnProbe = (bank: Bank, queries: Rows): Probed<KnnOptions> =>
  probe(bank, queries, KNN_GRID, (rows, labels, asked, options) =>
    knnPredict({ rows, labels }, asked, options, 2).map((share) => share[1]),
  );

/** Probability by a penalised logistic regression on standardised features. */
export const linearProbe = (bank: Bank, queries: Rows): Probed<{ penalty: number }> =>
  probe(bank, queries, PENALTY_GRID, (rows, labels, asked, options) =>
    predictLogistic(fitLogistic(columns(rows), labels, options), columns(asked)),
  );

/** [n][d] → [d][n] */
const columns = (rows: Rows): Float64Array[] => range(rows[0].length).map((c) => Float64Array.from(rows, (row) => row[c]));
