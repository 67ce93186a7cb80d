/** @file Cheap classifiers under cross-validation: differences that go together because folds share their training cases, as those of networks do. */
import { auroc } from "../metrics/auroc.ts";
import { correctedResampledT } from "../metrics/corrected-resampled-t.ts";
import { range, rngOf, shuffle } from "../util/rng.ts";
import type { NullStudy } from "./nulls.ts";

/** Weights of the difference of class means, the direction that a nearest-mean classifier looks along. */
function meanDifference(columns: readonly number[][], labels: readonly number[], training: readonly number[]): number[] {
  return columns.map((column) => {
    const [sum, count] = [
      [0, 0],
      [0, 0],
    ];
    for (const row of training) {
      sum[labels[row]] += column[row];
      count[labels[row]]++;
    }
    return sum[1] / count[1] - sum[0] / count[0];
  });
}

/**
 * Two nearest-mean classifiers on features that are equally good, in repeated stratified cross-validation of the same cases: neither is the better one.
 * @returns `differences` [folds × repeats] of the folds' AUROCs, and the sizes that correctedResampledT wants
 */
export function equalClassifiers(
  seed: number,
  { folds, repeats, cases = 100 }: { folds: number; repeats: number; cases?: number },
): { differences: number[]; trainSize: number; testSize: number } {
  const rng = rngOf(seed, "equal classifiers");
  const labels = range(cases).map((i) => i % 2);
  const features = () => range(3).map(() => labels.map((label) => 0.6 * label + rng.normal()));
  const [a, b] = [features(), features()];
  const differences = range(repeats).flatMap(() => {
    const foldOf = new Array<number>(cases);
    for (const label of [0, 1])
      shuffle(
        range(cases).filter((row) => labels[row] === label),
        rng,
      ).forEach((row, at) => (foldOf[row] = at % folds));
    return range(folds).map((fold) => {
      const [training, held] = [range(cases).filter((row) => foldOf[row] !== fold), range(cases).filter((row) => foldOf[row] === fold)];
      const areaOf = (columns: readonly number[][]) => {
        const weights = meanDifference(columns, labels, training);
        return auroc(
          held.map((row) => labels[row]),
          held.map((row) => columns.reduce((sum, column, j) => sum + weights[j] * column[row], 0)),
        );
      };
      return areaOf(a) - areaOf(b);
    });
  });
  return { differences, trainSize: (cases * (folds - 1)) / folds, testSize: cases / folds };
}

/** The corrected resampled t as bench/type-one.ts runs it. It is a model of how folds go together, not exact: it may reject too seldom. */
export const crossValidatedNulls: NullStudy[] = [
  { folds: 5, repeats: 1 },
  { folds: 5, repeats: 5 },
  { folds: 10, repeats: 1 },
].map((design) => ({
  test: "correctedResampledT",
  under: `equal classifiers, 100 cases, ${design.repeats} × ${design.folds} folds`,
  conservative: true,
  pOf: (seed) => {
    const { differences, ...sizes } = equalClassifiers(seed, design);
    return correctedResampledT(differences, sizes).p;
  },
}));
