/**
 * @file Held-out predictions of a penalised logistic regression on a few features, on given folds. Nothing is fitted on the fold that is predicted: columns, standardisation,
 * weights and prevalence are of the other folds, and inner folds of those choose the penalty.
 */
import type { FeatureValue } from "../../src/data/audit/columns.ts";
import { logistic, logOdds } from "../../src/metrics/log-odds.ts";
import { logLoss } from "../../src/metrics/log-loss.ts";
import { fitLogistic, predictLogistic } from "../../src/metrics/logistic.ts";
import { mean } from "../../src/metrics/moments.ts";
import { range } from "../../src/util/rng.ts";
import { innerFolds } from "../subsets.ts";
import { encoderOf } from "./encode.ts";

/** Inner folds that choose the penalty, where every class has groups enough. */
const INNER = 5;
/** Penalties on standardised columns, and the one that is taken where nothing can choose: scikit-learn's C = 1. */
const PENALTIES = [0.1, 1, 10, 100];
const USUAL = 1;

export interface HeldOut {
  /**
   * Log-odds beyond those of the training fold's prevalence: what ranks. Without that a fold that holds more positives, and so leaves fewer to train on, would rank
   * lower as a whole (Parker, Günter & Bedo 2007, doi:10.1186/1471-2105-8-326). 0 where nothing was learnt.
   */
  score: number;
  /** of the positive class */
  probability: number;
  /** that held the image out */
  fold: number;
}

/** Images with what folds go by; parallel arrays, [n]. */
export interface FoldedCases {
  /** 1 = positive */
  labels: ArrayLike<number>;
  /** index of each image's group */
  groups: ArrayLike<number>;
  /** held-out fold of each image */
  folds: ArrayLike<number>;
}

/**
 * @param rows [n][features]; null where the image has none: it neither trains nor is predicted
 * @returns [n]; null as in `rows`, and where no image of another fold could train
 */
export function heldOutPredictions(rows: readonly (readonly FeatureValue[] | null)[], cases: FoldedCases): (HeldOut | null)[] {
  const found = new Array<HeldOut | null>(rows.length).fill(null);
  const used = range(rows.length).filter((i) => rows[i] !== null);
  for (const fold of new Set(used.map((i) => cases.folds[i]))) {
    const training = used.filter((i) => cases.folds[i] !== fold);
    const held = used.filter((i) => cases.folds[i] === fold);
    if (training.length === 0) continue;
    const labels = training.map((i) => cases.labels[i]);
    const groups = training.map((i) => cases.groups[i]);
    const encoders = range(rows[training[0]]!.length).map((j) =>
      encoderOf(
        training.map((i) => rows[i]![j]),
        groups,
      ),
    );
    const encoded = (images: readonly number[]) => images.map((i) => encoders.flatMap((encode, j) => encode(rows[i]![j])));
    const predict = fitted(encoded(training), labels, groups);
    encoded(held).forEach((row, at) => (found[held[at]] = { ...predict(row), fold }));
  }
  return found;
}

/** @param rows [n][columns] @param groups index of each row's group */
function fitted(
  rows: readonly number[][],
  labels: readonly number[],
  groups: readonly number[],
): (row: readonly number[]) => Omit<HeldOut, "fold"> {
  const prevalence = mean(labels);
  if (rows[0].length === 0 || prevalence === 0 || prevalence === 1) return () => ({ score: 0, probability: prevalence });
  const { intercept, weights } = fitLogistic(columnsOf(rows), labels, { penalty: chosenPenalty(rows, labels, groups) });
  const [prior] = logOdds([prevalence]);
  return (row) => {
    const eta = weights.reduce((sum, weight, j) => sum + weight * row[j], intercept);
    return { score: eta - prior, probability: logistic(eta) };
  };
}

/** The penalty of least log loss on inner folds; the usual one where a class has not groups enough to be in every part that trains. */
function chosenPenalty(rows: readonly number[][], labels: readonly number[], groups: readonly number[]): number {
  const all = range(rows.length);
  const groupsOf = [0, 1].map((label) => new Set(all.filter((i) => labels[i] === label).map((i) => groups[i])).size);
  const parts = Math.min(INNER, ...groupsOf);
  if (parts < 2) return USUAL;
  const inner = innerFolds(all, { labels: Int32Array.from(labels), groups: Int32Array.from(groups) }, parts);
  const splits = range(parts).map((part) => ({
    training: all.filter((i) => inner[i] !== part),
    held: all.filter((i) => inner[i] === part),
  }));
  const at = <T>(values: readonly T[], places: readonly number[]) => places.map((place) => values[place]);
  if (splits.some(({ training }) => new Set(at(labels, training)).size < 2)) return USUAL;
  const losses = PENALTIES.map((penalty) => {
    const probabilities = new Float64Array(rows.length);
    for (const { training, held } of splits) {
      const model = fitLogistic(columnsOf(at(rows, training)), at(labels, training), { penalty });
      predictLogistic(model, columnsOf(at(rows, held))).forEach((p, place) => (probabilities[held[place]] = p));
    }
    return logLoss(labels, probabilities);
  });
  return PENALTIES[losses.indexOf(Math.min(...losses))];
}

/** [n][columns] → [columns][n] */
const columnsOf = (rows: readonly number[][]): number[][] => rows[0].map((_, j) => rows.map((row) => row[j]));
