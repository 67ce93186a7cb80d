/** @file AUROC over the pairs of images that lie in the same fold. */

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
