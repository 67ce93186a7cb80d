/**
 * @file The interval of an out-of-fold estimate, wide enough for cross-validation. A bootstrap takes the out-of-fold scores as given; but each case also
 * trained the models of the other folds, so the folds' results go together: on labels without meaning the true variance is about twice the bootstrap's, and
 * 95 % intervals hold the truth 85 times in 100 or less (bench noise-labels). The correction is that of the corrected resampled t.
 * Reference: Nadeau & Bengio 2003, doi:10.1023/A:1024068626366, §5 (variance 1/J + test/train in place of 1/J); Bates, Hastie & Tibshirani 2023,
 * doi:10.1080/01621459.2023.2197686 (how far plain intervals fall short).
 */

/**
 * Both arms times `√(1 + k · test/train) = √(1 + k / (k - 1))`: 1.5 for 5 folds.
 * @param interval of a metric within 0 and 1, from out-of-fold scores, over groups (groupBootstrap)
 * @param folds k, of one cross-validation or of each repeat
 * @returns within 0 and 1
 */
export function widenForFolds<T extends { estimate: number; low: number; high: number }>(interval: T, folds: number): T {
  if (!(Number.isInteger(folds) && folds >= 2))
    throw new RangeError(`widenForFolds: folds must be a whole number of at least 2, got ${folds}`);
  const factor = Math.sqrt(1 + folds / (folds - 1));
  const { estimate, low, high } = interval;
  return {
    ...interval,
    low: Math.max(0, estimate - factor * (estimate - low)),
    high: Math.min(1, estimate + factor * (high - estimate)),
  };
}
