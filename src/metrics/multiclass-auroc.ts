/**
 * @file AUROC of several classes: each against the rest, and Hand & Till's M, which does not depend on how frequent classes are.
 * Reference: Hand & Till 2001, doi:10.1023/A:1010920819831, eq. 3 and 7; Fawcett 2006, doi:10.1016/j.patrec.2005.10.010, §9.
 */
import { countClasses } from "./class-labels.ts";

/**
 * One-vs-rest: the AUROC of each class's score for that class against all others.
 * @param labels [cases], class 0 … classes-1
 * @param scores [cases][classes], higher = more of that class
 * @returns `classes` NaN for a class without cases (or with all); `macro` is the mean of the others, NaN where there is none
 */
export function oneVsRestAuroc(labels: ArrayLike<number>, scores: readonly ArrayLike<number>[]): { macro: number; classes: number[] } {
  const { wins, cases } = compareClasses("oneVsRestAuroc", labels, scores);
  const classes = wins.map((row, k) => row.reduce((a, b) => a + b, 0) / (cases[k] * (labels.length - cases[k])));
  const known = classes.filter((value) => !Number.isNaN(value));
  return { macro: known.reduce((a, b) => a + b, 0) / known.length, classes };
}

/**
 * M: the mean over pairs of classes of `A(i, j) = (A(i|j) + A(j|i)) / 2`, where A(i|j) is the AUROC of class i's score among cases of i and j.
 * @param labels [cases], class 0 … classes-1
 * @param scores [cases][classes]
 * @returns over the pairs of classes that both have cases; NaN where there is no such pair. For two classes with scores p and 1 - p: their AUROC
 */
export function handTill(labels: ArrayLike<number>, scores: readonly ArrayLike<number>[]): number {
  const { wins, cases } = compareClasses("handTill", labels, scores);
  let [sum, pairs] = [0, 0];
  for (let i = 0; i < cases.length; i++)
    for (let j = 0; j < i; j++)
      if (cases[i] > 0 && cases[j] > 0) {
        sum += (wins[i][j] + wins[j][i]) / (2 * cases[i] * cases[j]);
        pairs++;
      }
  return sum / pairs;
}

/**
 * Every class against every other in its own score.
 * @returns `wins` [classes][classes]: pairs of a case of k and one of j in which k's case has the higher score for k, ties 1/2; 0 on the diagonal
 */
function compareClasses(
  name: string,
  labels: ArrayLike<number>,
  scores: readonly ArrayLike<number>[],
): { wins: number[][]; cases: Float64Array } {
  const classes = countClasses(name, labels, scores);
  const cases = new Float64Array(classes);
  for (let i = 0; i < labels.length; i++) cases[labels[i]]++;
  const wins = Array.from(cases, (_, k) => {
    const sorted = Array.from(cases, (count) => new Float64Array(count));
    const filled = new Int32Array(classes);
    for (let i = 0; i < labels.length; i++) sorted[labels[i]][filled[labels[i]]++] = scores[i][k];
    for (const own of sorted) own.sort();
    return sorted.map((other, j) => (j === k ? 0 : winsOver(sorted[k], other)));
  });
  return { wins, cases };
}

/** Mann-Whitney U of two ascending arrays, in one merging pass. */
function winsOver(high: Float64Array, low: Float64Array): number {
  let u = 0;
  for (let i = 0, below = 0, upTo = 0; i < high.length; i++) {
    while (below < low.length && low[below] < high[i]) below++;
    while (upTo < low.length && low[upTo] <= high[i]) upTo++;
    u += (below + upTo) / 2;
  }
  return u;
}
