/**
 * @file A second task beside the classes, in training alone: to tell from the last feature map where the lesion is. Its head, one linear map for all
 * cells (a 1 × 1 convolution), is thrown away afterwards.
 * Reference: Caruana 1997, Multitask Learning, doi:10.1023/A:1007379606734.
 */
import { planeViews } from "../../src/augment/plane-views.ts";
import type { FinetuneConfig } from "../../src/config/finetune.ts";
import { tf } from "../../src/engine/tf.ts";
import { maskCrossEntropy, maskDice } from "../../src/losses/mask-loss.ts";
import type { Encoder } from "../../src/models/encoder.ts";
import { linear, linearParams, type LinearSpec } from "../../src/models/layers.ts";
import type { Params, ParamSpec } from "../../src/models/network.ts";
import { UserError } from "../../src/util/user-error.ts";

/** Square frames whose lesions are known. */
export interface LesionFrames {
  /** side in pixels */
  size: number;
  /** 1 on the lesion, [count, size, size]; all 0 where no mask is known */
  lesion?: Uint8Array;
}

export interface MaskTask {
  /** of the head, to be trained after the network's own parameters */
  specs: readonly ParamSpec[];
  /** How many tensors `inputs` makes. */
  readonly tensors: number;
  /** @returns masks [n, size, size, 1] and which images have one [n, 1, 1, 1]; the caller disposes them */
  inputs(batch: ArrayLike<number>): tf.Tensor4D[];
  /**
   * What the head should say of the views.
   * @param parameters of the views, [n, columns] from `drawParameters`
   * @returns covered and weights of `MaskTargets`; they belong to the caller's tidy
   */
  targets(inputs: readonly tf.Tensor[], parameters: tf.Tensor2D): tf.Tensor4D[];
  /** @param map last feature map of the views, [n, h, w, c] @returns scalar, not weighted yet; belongs to the caller's tidy */
  loss(params: Params, map: tf.Tensor4D, targets: readonly tf.Tensor[]): tf.Scalar;
}

/**
 * @param options.images that are trained on, as indices
 * @param options.rotate whether views turn
 * @param options.task for messages
 * @throws UserError where none of the images has a mask
 */
export function maskTask(
  { config, featureSize }: Pick<Encoder, "config" | "featureSize">,
  { size, lesion }: LesionFrames,
  { maskWeight, maskLoss }: Pick<FinetuneConfig, "maskWeight" | "maskLoss">,
  { images, rotate, task }: { images: readonly number[]; rotate: boolean; task: string },
): MaskTask {
  const area = size ** 2;
  const maskOf = (image: number) => lesion?.subarray(image * area, (image + 1) * area);
  const known = new Set(images.filter((image) => maskOf(image)?.includes(1)));
  if (known.size === 0)
    throw new UserError(
      `${task}: finetune.maskWeight is ${maskWeight}, and none of the ${images.length} training images has a lesion mask; set it to 0, or take a data set with masks`,
    );
  const head: LinearSpec = { name: "mask", from: featureSize, to: 1, bias: true, deviation: 0.01 };
  return {
    specs: linearParams(head),
    tensors: 2,
    inputs(batch) {
      const masks = new Float32Array(batch.length * area);
      Array.from(batch).forEach((image, i) => known.has(image) && masks.set(maskOf(image)!, i * area));
      const has = Float32Array.from(batch, (image) => Number(known.has(image)));
      return [tf.tensor4d(masks, [batch.length, size, size, 1]), tf.tensor4d(has, [batch.length, 1, 1, 1])];
    },
    targets([masks, has], parameters) {
      const views = planeViews(masks as tf.Tensor4D, parameters, { size, rotate });
      return [tf.avgPool(views, config.outputStride, config.outputStride, "same"), has as tf.Tensor4D]; // area share of each cell
    },
    loss(params, map, [covered, weights]) {
      const [n, h, w, c] = map.shape;
      const logits: tf.Tensor4D = tf.reshape(linear(params, head, tf.reshape(map, [n * h * w, c])), [n, h, w, 1]);
      const targets = { covered: covered as tf.Tensor4D, weights: weights as tf.Tensor4D };
      const entropy = maskCrossEntropy(logits, targets);
      return maskLoss === "cross-entropy" ? entropy : tf.add(entropy, maskDice(logits, targets));
    },
  };
}
