/**
 * @file SwAV's swapped prediction: every crop must predict the prototypes that a large crop of the same image was assigned to.
 * Reference: Caron et al. 2020, Unsupervised learning of visual features by contrasting cluster assignments, arXiv 2006.09882, eq. 2 and 6,
 * with the mean over crops of the authors' code.
 */
import { tf } from "../engine/tf.ts";
import { sinkhorn, type SinkhornOptions } from "./sinkhorn.ts";
import { checkTemperature, checkViews } from "./views.ts";
import { withoutGradient } from "./without-gradient.ts";

/** Scores are cosines of features and prototypes, [n, k]. */
export interface SwavScores {
  /** Scores of each large crop; codes are made of these. */
  high: readonly tf.Tensor2D[];
  /** Scores of each small crop; they only predict. */
  low?: readonly tf.Tensor2D[];
  /** Scores of queued features [m, k] of each large crop: they take part in the assignment, and have no loss of their own. */
  queued?: readonly tf.Tensor2D[];
}

export interface SwavOptions extends SinkhornOptions {
  temperature: number;
}

/**
 * Mean over large crops h of the mean over other crops v of `-Σ_k q_h log softmax(scores_v/t)`, with codes q that get no gradient.
 * At the start, with scores near each other, it is ln k; pinned there, all samples have the same code.
 * @returns scalar; belongs to the caller's tidy
 */
export function swav({ high, low = [], queued }: SwavScores, { temperature, ...assignment }: SwavOptions): tf.Scalar {
  const crops = [...high, ...low];
  if (high.length === 0 || crops.length < 2)
    throw new RangeError(`swav: a large crop and another crop must be there, got ${high.length} large, ${low.length} small`);
  for (const crop of crops) checkViews("swav", high[0], crop);
  if (queued && queued.length !== high.length)
    throw new RangeError(`swav: queued must hold scores for each of ${high.length} large crops, got ${queued.length}`);
  checkTemperature("swav", temperature);
  return tf.tidy(() => {
    const predicted = crops.map((scores) => tf.logSoftmax(tf.div<tf.Tensor2D>(scores, temperature)));
    const losses = high.map((scores, h) => {
      const codes = withoutGradient(() => codesOf(scores, queued?.[h], assignment));
      const others = tf.addN(predicted.filter((_, v) => v !== h)); // [n, k]
      return tf.neg(tf.mean(tf.sum(tf.mul(codes, others), 1)));
    });
    return tf.div(tf.addN(losses), high.length * (crops.length - 1));
  });
}

/** Codes [n, k] of a batch that is assigned together with what is queued. */
function codesOf(scores: tf.Tensor2D, queued: tf.Tensor2D | undefined, options: SinkhornOptions): tf.Tensor2D {
  if (!queued) return sinkhorn(scores, options);
  return tf.slice(sinkhorn(tf.concat([scores, queued]), options), [0, 0], scores.shape);
}
