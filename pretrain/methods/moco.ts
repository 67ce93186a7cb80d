/**
 * @file MoCo v2: SimCLR against a queue of keys that a slowly following copy of the network made of earlier batches.
 * Reference: He et al. 2020, Momentum contrast, arXiv 1911.05722, §3 and algorithm 1; projector and temperature: Chen et al. 2020, arXiv
 * 2003.04297. No shuffled batch norm: it mixes the batches of several devices, and here is one. Where gradients are accumulated, the keys of an
 * update's last batch enter the queue.
 */
import type { MocoConfig } from "../../src/config/pretrain.ts";
import { tf } from "../../src/engine/tf.ts";
import { infoNce } from "../../src/losses/info-nce.ts";
import { l2Normalise } from "../../src/losses/l2-normalise.ts";
import { enqueue } from "../../src/losses/queue.ts";
import { withoutGradient } from "../../src/losses/without-gradient.ts";
import { mlp } from "../../src/models/mlp.ts";
import { sizeOf, unflatten } from "../../src/models/network.ts";
import type { Rng } from "../../src/util/rng.ts";
import { checkQueue, embed, follow } from "../embed.ts";
import type { MethodFactory, Setting } from "../method.ts";

/** Keys at most where the queue's length is not given. */
const MOST_KEYS = 4096;
/** The group of keys that are no image's. */
const NOBODY = -1;

export const moco: MethodFactory<MocoConfig> = (config, encoder, setting) => {
  const { projectionHidden, projectionSize, temperature, maskGroups } = config;
  const head = mlp({
    ...{ from: encoder.featureSize, hidden: projectionHidden, to: projectionSize },
    ...{ norm: false, bias: true, name: "projector" },
  });
  const specs = [...encoder.specs, ...head.specs];
  const length = queueLength(config.queue, setting);
  return {
    viewsPerImage: 2,
    localViews: false,
    specs,
    carried: (initial, random) => ({
      target: tf.tensor1d(initial.subarray(0, sizeOf(specs))),
      keys: randomRows(length, projectionSize, random("keys")),
      keyGroups: tf.tensor1d(new Int32Array(length).fill(NOBODY), "int32"),
    }),
    loss({ params, views, groups, carried }) {
      const [first, second] = tf.split<tf.Tensor4D>(views[0], 2);
      const queries = embed(encoder, head, params, first); // [n, d]
      const target = unflatten(carried.target as tf.Tensor1D, specs);
      const keys = withoutGradient(() => l2Normalise(embed(encoder, head, target, second))); // [n, d]
      const masked = maskGroups ? { groups: carried.keyGroups as tf.Tensor1D } : {};
      const queue = { keys: carried.keys as tf.Tensor2D, ...masked };
      return {
        loss: infoNce(queries, keys, queue, temperature, maskGroups ? groups : undefined),
        embeddings: tf.concat([queries, keys]),
        aux: { keys, keyGroups: groups },
      };
    },
    after: ({ flat, carried, aux }) => ({
      flat,
      carried: {
        target: follow(carried.target as tf.Tensor1D, flat, specs, tf.scalar(config.tau)),
        keys: enqueue(carried.keys, aux.keys),
        keyGroups: enqueue(carried.keyGroups, aux.keyGroups),
      },
    }),
  };
};

/** Keys in the queue. By itself: whole batches, and so few that no image meets its own key of the epoch before. */
function queueLength(asked: number, { images, batchSize }: Setting): number {
  checkQueue(asked, batchSize);
  const batches = Math.floor(Math.min(MOST_KEYS, images - batchSize) / batchSize);
  return asked || Math.max(1, batches) * batchSize;
}

/** Rows of length 1 in random directions, [m, d]; belongs to the caller. */
function randomRows(m: number, d: number, rng: Rng): tf.Tensor2D {
  const values = Float32Array.from({ length: m * d }, () => rng.normal());
  return tf.tidy(() => l2Normalise(tf.tensor2d(values, [m, d])));
}
