/**
 * @file Corrected resampled t: is a mean over folds (and repeats of them) other than 0? Folds share training cases, and each one's test cases train the others,
 * so their results go together and a plain t over folds rejects far too often. The correction adds test/train to 1/J.
 * Reference: Nadeau & Bengio 2003, doi:10.1023/A:1024068626366, §5 eq. 11; repeated cross-validation: Bouckaert & Frank 2004,
 * doi:10.1007/978-3-540-24775-3_3.
 */
import { mean, variance } from "./moments.ts";
import { studentQuantile, studentTwoSidedP } from "./student-t.ts";

export interface CorrectedT {
  /** of the values */
  mean: number;
  /** √((1/J + test/train) s²), s² with divisor J - 1 */
  se: number;
  t: number;
  /** J - 1 */
  df: number;
  /** two-sided, of a mean of 0. NaN where all values are the same other number: their spread tells nothing then */
  p: number;
  low: number;
  high: number;
}

/**
 * @param values [folds × repeats], one a fold of each repeat: a difference of two models, or a metric less what it is by chance
 * @param options.trainSize cases (groups, where groups are dealt) that a fold is trained on, the mean of unequal ones; `testSize` those it is tested on
 * @param options.level of the interval
 * @throws RangeError for fewer than two values
 */
export function correctedResampledT(
  values: ArrayLike<number>,
  { trainSize, testSize, level = 0.95 }: { trainSize: number; testSize: number; level?: number },
): CorrectedT {
  if (values.length < 2) throw new RangeError(`correctedResampledT: there must be at least 2 values, got ${values.length}`);
  for (const [name, size] of Object.entries({ trainSize, testSize }))
    if (!(size > 0 && size < Infinity)) throw new RangeError(`correctedResampledT: ${name} must be above 0, got ${size}`);
  for (let j = 0; j < values.length; j++)
    if (!Number.isFinite(values[j])) throw new RangeError(`correctedResampledT: values must be finite, got ${values[j]} at ${j}`);
  const [centre, df] = [mean(values), values.length - 1];
  const same = Array.from(values).every((value) => value === values[0]); // the variance of equal numbers need not come out as 0
  const se = same ? 0 : Math.sqrt((1 / values.length + testSize / trainSize) * variance(values));
  const reach = studentQuantile((1 + level) / 2, df) * se;
  const t = same && centre === 0 ? 0 : centre / se;
  const p = se > 0 ? studentTwoSidedP(t, df) : centre === 0 ? 1 : NaN;
  return { mean: centre, se, t, df, p, low: centre - reach, high: centre + reach };
}
