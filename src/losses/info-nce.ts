/**
 * @file InfoNCE with a queue, the loss of MoCo: each query must find its own key among keys of earlier batches.
 * Reference: He et al. 2020, Momentum contrast, arXiv 1911.05722, eq. 1; temperature 0.2 and projector of v2: Chen et al. 2020,
 * arXiv 2003.04297. Leaving out queued keys of the anchor's own group (patient) is ours, as in NT-Xent.
 */
import { matMul } from "../engine/mat-mul.ts";
import { tf } from "../engine/tf.ts";
import { l2Normalise } from "./l2-normalise.ts";
import { checkTemperature, checkViews, MASKED } from "./views.ts";
import { withoutGradient } from "./without-gradient.ts";

/** Keys of earlier batches; they get no gradient. */
export interface KeyQueue {
  /** [m, d], rows of any length */
  keys: tf.Tensor2D;
  /** Group of each key, int32 [m] */
  groups?: tf.Tensor1D;
}

/**
 * `mean over i of log(exp(q_i·k_i/t) + Σ_j exp(q_i·queue_j/t)) - q_i·k_i/t` of rows scaled to length 1; keys get no gradient.
 * @param queries [n, d]
 * @param keys [n, d], of the other view, by the momentum encoder
 * @param temperature t > 0
 * @param groups int32 [n]: a queued key of the query's group is no negative (only where the queue has groups too)
 * @returns scalar; belongs to the caller's tidy
 */
export function infoNce(queries: tf.Tensor2D, keys: tf.Tensor2D, queue: KeyQueue, temperature: number, groups?: tf.Tensor1D): tf.Scalar {
  checkViews("infoNce", queries, keys);
  checkTemperature("infoNce", temperature);
  const [[n, d], [m]] = [queries.shape, queue.keys.shape];
  if (queue.keys.shape[1] !== d) throw new RangeError(`infoNce: queued keys must be [m, ${d}], got [${queue.keys.shape}]`);
  if (Boolean(groups) !== Boolean(queue.groups)) throw new RangeError("infoNce: groups must be given for queries and queue, got only one");
  return tf.tidy(() => {
    const q = l2Normalise(queries);
    const k = withoutGradient(() => l2Normalise(keys)); // [n, d]
    const queued = withoutGradient(() => l2Normalise(queue.keys)); // [m, d]
    const positives: tf.Tensor2D = tf.div(tf.sum(tf.mul(q, k), 1, true), temperature); // [n, 1]
    const negatives: tf.Tensor2D = tf.div(matMul(q, queued, { b: true }), temperature); // [n, m]
    const same = groups && queue.groups && tf.cast(tf.equal(groups.reshape([n, 1]), queue.groups.reshape([1, m])), "float32");
    const logits = tf.concat([positives, same ? tf.add(negatives, tf.mul(same, MASKED)) : negatives], 1); // [n, 1 + m]
    return tf.mean(tf.sub(tf.logSumExp(logits, 1, true), positives));
  });
}
