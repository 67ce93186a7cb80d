/**
 * @file Mix-up: images and labels are mixed in pairs, so that the network is linear between them.
 * Reference: Zhang, Cisse, Dauphin & Lopez-Paz 2018, arXiv 1710.09412, eq. 1 and §2. As in their remark, the two images of a pair are of one batch.
 * Departure: each image has a share of its own, where their code draws one a batch.
 */
import { randomBeta } from "d3-random";
import type { DrawKey } from "../../src/augment/parameters.ts";
import { tf } from "../../src/engine/tf.ts";
import { rngOf } from "../../src/util/rng.ts";

/**
 * The share λ ~ Beta(α, α) of each image in its pair, from a stream of its own: the same image and epoch get the same share whatever the batch holds.
 * @param images indices of the batch's images in the data set, [n]
 * @returns [n], 0–1
 */
export function mixShares(alpha: number, { seed, stream, epoch }: DrawKey, images: ArrayLike<number>): Float32Array {
  if (!(alpha > 0)) throw new RangeError(`mixShares: alpha must be above 0, got ${alpha}`);
  return Float32Array.from(images, (image) => {
    const rng = rngOf(seed, "mix-up", stream, epoch, image);
    return randomBeta.source(rng.next)(alpha, alpha)();
  });
}

/** Each row's partner: the row after it, the first after the last. An epoch's order is random, so pairs are. @returns like x [n, …]; belongs to the caller's tidy */
export const partners = <T extends tf.Tensor>(x: T): T => tf.concat([tf.slice(x, 1), tf.slice(x, 0, 1)]);

/** `λ·x + (1 - λ)·partner`. @param x [n, …] @param shares [n] @returns like x; belongs to the caller's tidy */
export const mixRows = <T extends tf.Tensor>(x: T, shares: tf.Tensor1D): T =>
  tf.tidy(() => {
    const share = tf.reshape(shares, [x.shape[0], ...x.shape.slice(1).map(() => 1)]);
    return tf.add<T>(tf.mul(share, x), tf.mul(tf.sub(1, share), partners(x)));
  });
