/**
 * @file AUROC of several classes: each against the rest, and Hand & Till's M, which does not depend on how frequent classes are.
 * Reference: Hand & Till 2001, doi:10.1023/A:1010920819831, eq. 3 and 7; Fawcett 2006, doi:10.1016/j.patrec.2005.10.010, §9.
 */
import { auroc } from "./auroc.ts";
import { countClasses } from "./class-labels.ts";

/**
 * One-vs-rest: the AUROC of each class's score for that class against all others.
 * @param labels [cases], class 0 … classes-1
 * @param scores [cases][classes], higher = more of that class
 * @returns `classes` NaN for a class without cases (or with all); `macro` is the mean of the others, NaN where there is none
 */
export function oneVsRestAuroc(labels: ArrayLike<number>, scores: readonly ArrayLike<number>[]): { macro: number; classes: number[] } {
  const count = countClasses("oneVsRestAuroc", labels, scores);
  const classes = Array.from({ length: count }, (_, k) =>
    auroc(
      Uint8Array.from(labels, (label) => (label === k ? 1 : 0)),
      Float64Array.from(scores, (row) => row[k]),
    ),
  );
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
  const count = countClasses("handTill", labels, scores);
  const rows = Array.from({ length: count }, (): number[] => []);
  for (let i = 0; i < labels.length; i++) rows[labels[i]].push(i);
  /** A(i|j) */
  const among = (i: number, j: number): number => {
    const both = [...rows[i], ...rows[j]];
    return auroc(
      Uint8Array.from(both, (row) => (labels[row] === i ? 1 : 0)),
      Float64Array.from(both, (row) => scores[row][i]),
    );
  };
  let [sum, pairs] = [0, 0];
  for (let i = 0; i < count; i++)
    for (let j = 0; j < i; j++)
      if (rows[i].length > 0 && rows[j].length > 0) {
        sum += (among(i, j) + among(j, i)) / 2;
        pairs++;
      }
  return sum / pairs;
}
