/**
 * @file SwAV: each view predicts which prototypes the other large views of its image were assigned to; an assignment uses all prototypes alike.
 * Reference: Caron et al. 2020, Unsupervised learning of visual features by contrasting cluster assignments, arXiv 2006.09882, §3 and the
 * authors' code. As there, large and small views pass the encoder one after the other; unlike there, the queue fills from the first update.
 * Where gradients are accumulated, the embeddings of an update's last batch enter the queue.
 */
import type { SwavConfig } from "../../src/config/pretrain.ts";
import { tf } from "../../src/engine/tf.ts";
import { l2Normalise } from "../../src/losses/l2-normalise.ts";
import { enqueue } from "../../src/losses/queue.ts";
import { swav as swavLoss } from "../../src/losses/swav.ts";
import { withoutGradient } from "../../src/losses/without-gradient.ts";
import { mlp } from "../../src/models/mlp.ts";
import { param, replaceParam, unflatten, type Params } from "../../src/models/network.ts";
import { normalisePrototypes, prototypes } from "../../src/models/prototypes.ts";
import { UserError } from "../../src/util/user-error.ts";
import { checkQueue, embed, halves } from "../embed.ts";
import type { MethodFactory, Outcome, Setting } from "../method.ts";

/** Prototypes where their number is not given: one for so many images, within limits; the most is the paper's. */
const IMAGES_A_PROTOTYPE = 10;
const [FEWEST, MOST] = [8, 3000];
/** Images for each prototype, at least: with fewer, prototypes stand for images and not for what images share. */
const LEAST_SHARE = 4;

export const swav: MethodFactory<SwavConfig> = (config, encoder, setting) => {
  const { projectionHidden, projectionSize, temperature, epsilon, iterations, queue, queueFromEpoch, freezeEpochs } = config;
  const { batchSize, updatesPerEpoch } = setting;
  const head = mlp({ from: encoder.featureSize, hidden: projectionHidden, to: projectionSize, bias: true, name: "projector" });
  const centres = prototypes({ from: projectionSize, count: prototypeCount(config, setting) });
  const specs = [...encoder.specs, ...head.specs, ...centres.specs];
  const options = { temperature, epsilon, iterations };

  return {
    viewsPerImage: 2,
    localViews: true,
    specs,
    carried: (initial) =>
      tf.tidy(() => ({
        frozen: tf.clone(param(unflatten(tf.tensor1d(initial), specs), centres.weight)),
        ...(queue > 0 ? { queue: tf.zeros([queue, 2, projectionSize]) } : {}),
      })),
    scalars: (step) => ({
      live: Number(step >= freezeEpochs * updatesPerEpoch),
      queued: Number(queue > 0 && step >= queueFromEpoch * updatesPerEpoch && step * batchSize >= queue), // never before it is full
    }),
    loss({ params, views: [large, small], carried, scalars: { live, queued } }): Outcome {
      const moving = withLive(params, centres.weight, live);
      const scoresOf = (z: tf.Tensor2D) => centres.apply(moving, z);
      const embeddings = l2Normalise(embed(encoder, head, params, large)); // [2n, d]
      const high = halves(scoresOf(embeddings)); // [n, k] each
      const low = small ? split(scoresOf(l2Normalise(embed(encoder, head, params, small))), high[0].shape[0]) : [];
      const alone = swavLoss({ high, low }, options);
      if (queue === 0) return { loss: alone, embeddings, aux: { scores: high[0] } };
      const older = withoutGradient(() => tf.transpose(carried.queue, [1, 0, 2])); // [2, m, d]
      const scored = withoutGradient(() => scoresOf(tf.reshape(older, [2 * queue, projectionSize])));
      const together = swavLoss({ high, low, queued: halves(scored) }, options);
      // a graph has no branches: both are computed, one counts
      const loss = tf.add<tf.Scalar>(tf.mul(alone, tf.sub(1, queued)), tf.mul(together, queued));
      return { loss, embeddings, aux: { scores: high[0], rows: tf.stack(halves(embeddings), 1) } };
    },
    after: ({ flat, carried, aux, scalars: { live } }) => ({
      // decay and momentum move what has no gradient, so a frozen weight is put back
      flat: replaceParam<tf.Tensor2D>(flat, specs, centres.weight, (weight) =>
        tf.where(tf.cast(live, "bool"), normalisePrototypes(weight), carried.frozen),
      ),
      carried: queue > 0 ? { ...carried, queue: enqueue(carried.queue, aux.rows) } : carried,
    }),
  };
};

/** The parameters with one of them as it is, but a gradient that is scaled by `live`, 0 or 1. */
function withLive(params: Params, name: string, live: tf.Scalar): Params {
  const weight = param<tf.Tensor2D>(params, name);
  const still = withoutGradient(() => tf.clone(weight));
  return new Map(params).set(name, tf.add(tf.mul(weight, live), tf.mul(still, tf.sub(1, live))));
}

/** [l·n, k] → l of [n, k]. */
const split = (scores: tf.Tensor2D, n: number): tf.Tensor2D[] => tf.split(scores, scores.shape[0] / n);

function prototypeCount({ prototypes: asked, queue }: SwavConfig, { images, batchSize }: Setting): number {
  checkQueue(queue, batchSize);
  const most = Math.max(2, Math.min(Math.floor(images / LEAST_SHARE), batchSize + queue));
  if (asked === 0) return Math.min(most, MOST, Math.max(FEWEST, Math.round(images / IMAGES_A_PROTOTYPE)));
  const cure = `set it to ${most} or less, or to 0 for a number that fits`;
  if (asked * LEAST_SHARE > images)
    throw new UserError(`pretrain.method.prototypes is ${asked}, and prototypes must be far fewer than images (${images}): ${cure}`);
  if (asked > batchSize + queue)
    throw new UserError(
      `pretrain.method.prototypes is ${asked}, and the ${batchSize + queue} images of a batch and the queue cannot use so many: ${cure}`,
    );
  return asked;
}
