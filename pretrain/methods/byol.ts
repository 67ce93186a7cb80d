/**
 * @file BYOL: a predictor guesses what a slowly following copy of the network makes of the other view; nothing is pushed apart.
 * Reference: Grill et al. 2020, Bootstrap your own latent, arXiv 2006.07733, §3. Batch norms see both views at once, where the authors' see
 * one after the other. A norm behind the projection is SimSiam's (arXiv 2011.10566, §3), and off unless asked for.
 */
import type { ByolConfig } from "../../src/config/pretrain.ts";
import { tf } from "../../src/engine/tf.ts";
import { byolLoss } from "../../src/losses/negative-cosine.ts";
import { withoutGradient } from "../../src/losses/without-gradient.ts";
import { mlp } from "../../src/models/mlp.ts";
import { sizeOf, unflatten } from "../../src/models/network.ts";
import { tauAt } from "../../src/optim/schedule.ts";
import { embed, follow, halves } from "../embed.ts";
import type { MethodFactory } from "../method.ts";

export const byol: MethodFactory<ByolConfig> = (config, encoder) => {
  const sizes = { hidden: config.projectionHidden, to: config.projectionSize };
  const head = mlp({ from: encoder.featureSize, ...sizes, lastNorm: config.projectionNorm ? "plain" : "none", name: "projector" });
  const predictor = mlp({ from: config.projectionSize, ...sizes, name: "predictor" });
  const followed = [...encoder.specs, ...head.specs];
  return {
    viewsPerImage: 2,
    localViews: false,
    specs: [...followed, ...predictor.specs],
    carried: (initial) => ({ target: tf.tensor1d(initial.subarray(0, sizeOf(followed))) }),
    scalars: (step, steps) => ({ tau: tauAt({ base: config.tau, steps }, step) }),
    loss({ params, views, carried }) {
      const embeddings = embed(encoder, head, params, views[0]); // [2n, d]
      const predictions = halves(predictor.apply(params, embeddings, { kind: "batch" }));
      const target = unflatten(carried.target as tf.Tensor1D, followed);
      const targets = halves(withoutGradient(() => embed(encoder, head, target, views[0])));
      return { loss: byolLoss({ predictions, targets }), embeddings };
    },
    after: ({ flat, carried, scalars }) => ({
      flat,
      carried: { target: follow(carried.target as tf.Tensor1D, flat, followed, scalars.tau) },
    }),
  };
};
