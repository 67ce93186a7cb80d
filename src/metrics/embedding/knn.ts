/**
 * @file Classification by nearest embeddings: what frozen features are worth, without training anything.
 * Reference: Wu et al. 2018, Unsupervised feature learning via non-parametric instance discrimination, arXiv 1805.01978, §3.4.
 */
import { auroc } from "../auroc.ts";
import { checkRows, dot, unitRows, type Rows } from "./unit-rows.ts";

/** Embeddings whose class is known. */
export interface Bank {
  /** [n][d] */
  rows: Rows;
  /** class of each, 0 … classes-1, [n] */
  labels: ArrayLike<number>;
}

export interface KnnOptions {
  /** Neighbours that vote; all of a smaller bank. */
  k: number;
  /** The lower, the more the nearest count; > 0. */
  temperature: number;
}

/**
 * Each query's k nearest by cosine vote with `exp(cosine/temperature)`; of equal cosines the first in the bank counts.
 * @param queries [m][d]
 * @returns share of the votes of each class, [m][classes]
 */
export function knnPredict({ rows, labels }: Bank, queries: Rows, { k, temperature }: KnnOptions, classes: number): Float64Array[] {
  checkRows("knnPredict", [...rows, ...queries]);
  if (labels.length !== rows.length) throw new RangeError(`knnPredict: one label an embedding, got ${labels.length} and ${rows.length}`);
  if (!(k >= 1)) throw new RangeError(`knnPredict: k must be 1 or more, got ${k}`);
  if (!(temperature > 0)) throw new RangeError(`knnPredict: temperature must be > 0, got ${temperature}`);
  const bank = unitRows(rows);
  return unitRows(queries).map((query) => {
    const cosines = bank.map((row) => dot(query, row));
    const nearest = cosines.map((_, i) => i).sort((a, b) => cosines[b] - cosines[a] || a - b);
    const votes = new Float64Array(classes);
    let total = 0;
    for (const i of nearest.slice(0, k)) {
      const weight = Math.exp((cosines[i] - cosines[nearest[0]]) / temperature); // the best weighs 1, and none overflows
      votes[labels[i]] += weight;
      total += weight;
    }
    return votes.map((vote) => vote / total);
  });
}

/**
 * AUROC of class 1 against class 0. Bank and queries must share no group (patient).
 * @param labels of the queries, 0 or 1, [m]
 */
export function knnAuroc(bank: Bank, queries: Rows, labels: ArrayLike<number>, options: KnnOptions): number {
  const shares = knnPredict(bank, queries, options, 2);
  return auroc(
    labels,
    shares.map((share) => share[1]),
  );
}
