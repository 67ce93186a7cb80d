/** @file What frozen features are worth: nearest neighbours and a linear probe. Inner folds of the labelled images choose their settings. */
import { auroc } from "../src/metrics/auroc.ts";
import { knnPredict, type KnnOptions } from "../src/metrics/embedding/knn.ts";
import type { Rows } from "../src/metrics/embedding/unit-rows.ts";
import { fitLogistic, predictLogistic, type LogisticModel } from "../src/metrics/logistic.ts";
import { range } from "../src/util/rng.ts";

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

/** A kind of probe: what is fitted to rows of known class, and what that says of others. */
interface Probe<S, M> {
  grid: readonly S[];
  fit(rows: Rows, labels: ArrayLike<number>, settings: S): M;
  predict(model: M, queries: Rows): ArrayLike<number>;
}

export interface Probed<S, M> {
  /** of the positive class, [queries] */
  scores: number[];
  /** of every image of the bank, by the model of the other inner folds with the chosen settings, [n] */
  inner: Float64Array;
  /** what the inner folds chose */
  chosen: S;
  /** fitted to the whole bank */
  model: M;
}

/** Scores of the queries by the member of the grid whose pooled inner predictions rank best; of equals the first. */
function probe<S, M>({ rows, labels, inner }: Bank, queries: Rows, { grid, fit, predict }: Probe<S, M>): Probed<S, M> {
  const at = <T>(values: ArrayLike<T>, places: readonly number[]): T[] => places.map((place) => values[place]);
  const innerScores = (settings: S): Float64Array => {
    const scores = new Float64Array(rows.length);
    for (const fold of new Set(Array.from(inner))) {
      const held = range(rows.length).filter((i) => inner[i] === fold);
      const rest = range(rows.length).filter((i) => inner[i] !== fold);
      const found = predict(fit(at(rows, rest), at(labels, rest), settings), at(rows, held));
      held.forEach((i, place) => (scores[i] = found[place]));
    }
    return scores;
  };
  const tried = grid.map(innerScores);
  const worth = tried.map((scores) => auroc(labels, scores));
  const best = worth.indexOf(Math.max(...worth));
  const model = fit(rows, labels, grid[best]);
  return { scores: Array.from(predict(model, queries)), inner: tried[best], chosen: grid[best], model };
}

type Neighbours = { rows: Rows; labels: ArrayLike<number>; settings: KnnOptions };

/** Share of the neighbours' votes. */
export const knnProbe = (bank: Bank, queries: Rows): Probed<KnnOptions, Neighbours> =>
  probe(bank, queries, {
    grid: KNN_GRID,
    fit: (rows, labels, settings) => ({ rows, labels, settings }),
    predict: (model, asked) => knnPredict(model, asked, model.settings, 2).map((share) => share[1]),
  });

/** Probability by a penalised logistic regression on standardised features. */
export const linearProbe = (bank: Bank, queries: Rows): Probed<{ penalty: number }, LogisticModel> =>
  probe(bank, queries, {
    grid: PENALTY_GRID,
    fit: (rows, labels, settings) => fitLogistic(columns(rows), labels, settings),
    predict: (model, asked) => predictLogistic(model, columns(asked)),
  });

/** [n][d] → [d][n] */
const columns = (rows: Rows): Float64Array[] => range(rows[0].length).map((c) => Float64Array.from(rows, (row) => row[c]));
