/**
 * @file AUROC over the pairs of images that lie in the same fold, and how far it is from chance.
 * Reference: Obuchowski 1997, doi:10.2307/2533958 (standard error over clusters), with the folds as strata.
 */
import { rowsByGroup } from "./groups.ts";
import { pick } from "./group-bootstrap.ts";
import { placements } from "./placements.ts";

/**
 * `Σ_k U_k / Σ_k m_k n_k` over folds: the mean of the folds' AUROCs, each weighted by its pairs; ties count 1/2.
 * Sorted once, so that a resample costs one pass.
 * @param labels [images], 1 = positive
 * @param scores [images], comparable within a fold
 * @param folds [images]
 * @returns the statistic of rows, of which some may come several times; NaN where no fold holds both classes
 */
export function withinFoldAuroc(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  folds: ArrayLike<number>,
): (rows: Int32Array) => number {
  const sorted = new Int32Array(labels.length).map((_, i) => i).sort((a, b) => folds[a] - folds[b] || scores[a] - scores[b]);
  const count = new Float64Array(labels.length);
  return (rows) => {
    count.fill(0);
    for (const row of rows) count[row]++;
    let [won, pairs] = [0, 0];
    for (let first = 0; first < sorted.length;) {
      const fold = folds[sorted[first]];
      let [positives, negatives] = [0, 0];
      while (first < sorted.length && folds[sorted[first]] === fold) {
        const score = scores[sorted[first]];
        const tied = [0, 0] as [number, number];
        for (; first < sorted.length && folds[sorted[first]] === fold && scores[sorted[first]] === score; first++)
          tied[labels[sorted[first]]] += count[sorted[first]];
        won += tied[1] * (negatives + tied[0] / 2);
        negatives += tied[0];
        positives += tied[1];
      }
      pairs += positives * negatives;
    }
    return won / pairs;
  };
}

/**
 * `(A - 1/2) / se`, with A as {@link withinFoldAuroc} gives it and `se² = Σ_g (Σ_{i in g} influence of image i)²` over groups.
 * @param groups [images]
 * @returns 0 where nothing is ranked
 */
export function withinFoldScore(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  folds: ArrayLike<number>,
  groups: ArrayLike<string>,
): number {
  /** of each image: its placement, and how many images of the other class it is compared with */
  const [placed, opponents] = [new Float64Array(labels.length), new Float64Array(labels.length)];
  let [won, pairs] = [0, 0];
  for (const rows of rowsByGroup(folds)) {
    const own = Int32Array.from(rows);
    const { values, auroc, positives, negatives } = placements("withinFoldScore", pick(labels, own), pick(scores, own));
    if (positives === 0 || negatives === 0) continue;
    won += auroc * positives * negatives;
    pairs += positives * negatives;
    rows.forEach((row, i) => {
      placed[row] = values[i];
      opponents[row] = labels[row] === 1 ? negatives : positives;
    });
  }
  const area = won / pairs;
  let squares = 0;
  for (const rows of rowsByGroup(groups))
    squares += rows.reduce((sum, row) => sum + (opponents[row] * (placed[row] - area)) / pairs, 0) ** 2;
  return Math.abs(area - 0.5) < 1e-12 ? 0 : (area - 0.5) / Math.sqrt(squares < 1e-24 ? 0 : squares); // below that the sum is rounding
}
