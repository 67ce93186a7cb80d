/** @file What frozen features are worth: nearest neighbours and a linear probe. Inner folds of the labelled images choose their settings. */
import { auroc } from "../src/metrics/auroc.ts";
import { calibratedShares } from "../src/metrics/class-shares.ts";
import { knnPredict, type KnnOptions } from "../src/metrics/embedding/knn.ts";
import type { Rows } from "../src/metrics/embedding/unit-rows.ts";
import { oneVsRestAuroc } from "../src/metrics/multiclass-auroc.ts";
import { fitMultinomial, multinomialLogits, type MultinomialModel } from "../src/metrics/multinomial.ts";
import { range } from "../src/util/rng.ts";

export const KNN_GRID: readonly KnnOptions[] = [5, 15, 45].flatMap((k) => [0.03, 0.1, 0.3].map((temperature) => ({ k, temperature })));
export const PENALTY_GRID: readonly { penalty: number }[] = [1, 10, 100, 1000].map((penalty) => ({ penalty }));

/** Members of the grids that are taken where there are too few groups to choose. */
const USUAL = { neighbours: KNN_GRID[4], penalty: PENALTY_GRID[2] };

/** Images whose class is known, and how inner folds deal them. */
export interface Bank {
  /** [n][d] */
  rows: Rows;
  /** class of each, 0 … classes-1, [n] */
  labels: ArrayLike<number>;
  /** number of classes, the positive one last; 2 where absent */
  classes?: number;
  /** [n]; undefined where a class has too few groups for any: nothing is chosen then */
  inner: ArrayLike<number> | undefined;
}

/** A kind of probe: what is fitted to rows of known class, and what that says of others. */
interface Probe<S, M> {
  grid: readonly S[];
  usual: S;
  /** a model for each of the settings */
  fit(rows: Rows, labels: ArrayLike<number>, settings: readonly S[]): M[];
  /** probabilities of the classes, [queries][classes] */
  predict(model: M, queries: Rows): ArrayLike<number>[];
}

export interface Probed<S, M> {
  /** of the positive class, [queries] */
  scores: number[];
  /** of every class, [queries][classes] */
  shares: ArrayLike<number>[];
  /** of every image of the bank, by the model of the other inner folds with the chosen settings, [n][classes]; undefined without inner folds */
  inner: ArrayLike<number>[] | undefined;
  /** what the inner folds chose */
  chosen: S;
  /** fitted to the whole bank */
  model: M;
}

/** Shares of the queries by the member of the grid whose pooled inner predictions rank best; of equals the first. */
function probe<S, M>(bank: Bank, queries: Rows, { grid, usual, fit, predict }: Probe<S, M>): Probed<S, M> {
  const { rows, labels, classes = 2 } = bank;
  const tried = innerShares(bank, { grid, fit, predict });
  const worth = tried?.map((shares) => rankingOf(labels, shares, classes));
  const best = worth ? Math.max(0, worth.indexOf(Math.max(...worth))) : grid.indexOf(usual); // NaN, where all are of one class: the first
  const [model] = fit(rows, labels, [grid[best]]);
  const shares = predict(model, queries);
  return { scores: shares.map((row) => row[classes - 1]), shares, inner: tried?.[best], chosen: grid[best], model };
}

/** Of every image by the model of the other inner folds, [grid][n][classes]. */
function innerShares<S, M>(
  { rows, labels, inner }: Bank,
  { grid, fit, predict }: Omit<Probe<S, M>, "usual">,
): ArrayLike<number>[][] | undefined {
  if (!inner) return undefined;
  const at = <T>(values: ArrayLike<T>, places: readonly number[]): T[] => places.map((place) => values[place]);
  const found = grid.map((): ArrayLike<number>[] => []);
  for (const fold of new Set(Array.from(inner))) {
    const held = range(rows.length).filter((i) => inner[i] === fold);
    const rest = range(rows.length).filter((i) => inner[i] !== fold);
    fit(at(rows, rest), at(labels, rest), grid).forEach((model, s) =>
      predict(model, at(rows, held)).forEach((shares, place) => (found[s][held[place]] = shares)),
    );
  }
  return found;
}

/** AUROC; of more than two classes the mean over classes of each against the rest. */
const rankingOf = (labels: ArrayLike<number>, shares: readonly ArrayLike<number>[], classes: number): number =>
  classes === 2
    ? auroc(
        labels,
        shares.map((row) => row[1]),
      )
    : oneVsRestAuroc(labels, shares).macro;

type Neighbours = { rows: Rows; labels: ArrayLike<number>; settings: KnnOptions };

/** Shares of the neighbours' votes. */
export const knnProbe = (bank: Bank, queries: Rows): Probed<KnnOptions, Neighbours> =>
  probe(bank, queries, {
    grid: KNN_GRID,
    usual: USUAL.neighbours,
    fit: (rows, labels, grid) => grid.map((settings) => ({ rows, labels, settings })),
    predict: (model, asked) => knnPredict(model, asked, model.settings, bank.classes ?? 2),
  });

/**
 * Probabilities by a penalised logistic regression on standardised features, of more than two classes a multinomial one. For two classes the
 * penalty is on the weights of the log-odds, which are the second class's; the first class has none.
 */
export const linearProbe = (bank: Bank, queries: Rows): Probed<{ penalty: number }, MultinomialModel> =>
  probe(bank, queries, {
    grid: PENALTY_GRID,
    usual: USUAL.penalty,
    fit: (rows, labels, grid) => fitLinear(rows, labels, grid, bank.classes ?? 2),
    predict: (model, asked) => multinomialLogits(model, asked).map((logits) => calibratedShares(logits, 1)),
  });

function fitLinear(rows: Rows, labels: ArrayLike<number>, grid: readonly { penalty: number }[], classes: number): MultinomialModel[] {
  const scale = classes === 2 ? 2 : 1; // each class has half of the log-odds' weights
  const models = fitMultinomial(rows, labels, { classes, penalties: grid.map(({ penalty }) => scale * penalty) });
  return classes === 2 ? models.map(logOddsForm) : models;
}

/** The same shares, with 0 as the first class's logit. */
function logOddsForm({ intercepts: [a, b], weights: [v, w] }: MultinomialModel): MultinomialModel {
  if (a === -Infinity || b === -Infinity) return { intercepts: Float64Array.of(a, b), weights: [v, w] };
  return { intercepts: Float64Array.of(0, b - a), weights: [new Float64Array(v.length), w.map((weight, j) => weight - v[j])] };
}
