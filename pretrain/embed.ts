/** @file What methods share: from views to embeddings, and a network that follows another one. */
import { tf } from "../src/engine/tf.ts";
import { ema } from "../src/optim/ema.ts";
import { pooled, type Encoder } from "../src/models/encoder.ts";
import { mlp, type Head } from "../src/models/mlp.ts";
import { sizeOf, type ParamSpec, type Params } from "../src/models/network.ts";
import { UserError } from "../src/util/user-error.ts";
import type { Method } from "./method.ts";

/** x [n, h, w, 1] → encoder, global average, head → [n, d]; batch norm reads the batch. */
export const embed = (encoder: Encoder, head: Head, params: Params, x: tf.Tensor4D): tf.Tensor2D =>
  head.apply(params, pooled(encoder.featureMap(params, x, { kind: "batch" })), { kind: "batch" });

/** First and second views, [n, d] each, of [2n, d]. */
export const halves = (x: tf.Tensor2D): [tf.Tensor2D, tf.Tensor2D] => tf.split(x, 2) as [tf.Tensor2D, tf.Tensor2D];

/** The average of a network's parameters, which come first in the flat vector [p]. */
export const follow = (target: tf.Tensor1D, flat: tf.Tensor1D, specs: readonly ParamSpec[], tau: tf.Scalar): tf.Tensor1D =>
  ema(target, tf.slice(flat, 0, sizeOf(specs)), tau);

/**
 * A method of a projector and a loss of both views' embeddings. The loss is scaled: plain SGD has no ratio of LARS that would make up for its
 * size. Batch norms see both views at once, where the authors of such methods see one after the other.
 */
export function twins(
  encoder: Encoder,
  { projectionHidden, projectionSize, scale }: { projectionHidden: number; projectionSize: number; scale: number },
  loss: (first: tf.Tensor2D, second: tf.Tensor2D) => tf.Scalar,
): Method {
  const head = mlp({ from: encoder.featureSize, hidden: projectionHidden, to: projectionSize, layers: 3, name: "projector" });
  return {
    viewsPerImage: 2,
    localViews: false,
    specs: [...encoder.specs, ...head.specs],
    loss({ params, views }) {
      const embeddings = embed(encoder, head, params, views[0]); // [2n, d]
      return { loss: tf.mul<tf.Scalar>(loss(...halves(embeddings)), scale), embeddings };
    },
  };
}

/** @throws UserError where a queue cannot take in one batch; 0 is a queue that nobody asked for */
export function checkQueue(length: number, batchSize: number): void {
  if (length > 0 && length < batchSize)
    throw new UserError(`pretrain.method.queue is ${length}, and a batch has ${batchSize} images: set it to ${batchSize} or more, or to 0`);
}
