/**
 * @file Held-out predictions of a penalised logistic regression on a few features, on given folds. Nothing is fitted on the fold that is predicted: columns, standardisation,
 * weights and prevalence are of the other folds, and inner folds of those choose the penalty.
 */
import type { FeatureValue } from "../../src/data/audit/columns.ts";
import { logistic, logOdds } from "../../src/metrics/log-odds.ts";
import { fitLogistic } from "../../src/metrics/logistic.ts";
import { mean } from "../../src/metrics/moments.ts";
import { range } from "../../src/util/rng.ts";
import { linearProbe, PENALTY_GRID, type Bank } from "../probes.ts";
import { innerFolds } from "../subsets.ts";
import { encoderOf } from "./encode.ts";

/** Inner folds that choose the penalty, where every class has groups enough. */
const INNER = 5;

export interface HeldOut {
  /**
   * Log-odds beyond those of the training fold's prevalence: what ranks. Without that a fold that holds more positives, and so leaves fewer to train on, would rank
   * lower as a whole (Parker, Günter & Bedo 2007, doi:10.1186/1471-2105-8-326). 0 where nothing was learnt.
   */
  score: number;
  /** of the positive class */
  probability: number;
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
    encoded(held).forEach((row, at) => (found[held[at]] = predict(row)));
  }
  return found;
}

/** @param rows [n][columns] @param groups index of each row's group */
function fitted(rows: readonly number[][], labels: readonly number[], groups: readonly number[]): (row: readonly number[]) => HeldOut {
  const prevalence = mean(labels);
  if (rows[0].length === 0 || prevalence === 0 || prevalence === 1) return () => ({ score: 0, probability: prevalence });
  const { intercept, weights } = modelOf({ rows: rows.map((row) => Float64Array.from(row)), labels }, groups);
  const [prior] = logOdds([prevalence]);
  return (row) => {
    const eta = weights.reduce((sum, weight, j) => sum + weight * row[j], intercept);
    return { score: eta - prior, probability: logistic(eta) };
  };
}

/** The least penalty where inner folds cannot choose: a class needs two of them, so that every part to train on has both. */
function modelOf({ rows, labels }: Omit<Bank, "inner">, groups: readonly number[]) {
  const images = range(rows.length);
  const groupsOf = [0, 1].map((label) => new Set(images.filter((i) => labels[i] === label).map((i) => groups[i])).size);
  const parts = Math.min(INNER, ...groupsOf);
  if (parts >= 2) {
    const inner = innerFolds(images, { labels: Int32Array.from(labels), groups: Int32Array.from(groups) }, parts);
    const spread = [0, 1].every((label) => new Set(images.filter((i) => labels[i] === label).map((i) => inner[i])).size > 1);
    if (spread) return linearProbe({ rows, labels, inner }, rows.slice(0, 1)).model;
  }
  return fitLogistic(
    range(rows[0].length).map((j) => rows.map((row) => row[j])),
    labels,
    PENALTY_GRID[0],
  );
}
