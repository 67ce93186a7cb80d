/**
 * @file VICReg: views agree, every feature varies, no two features say the same.
 * Reference: Bardes et al. 2022, arXiv 2105.04906, §4. The loss is scaled down, since plain SGD has no ratio of LARS that would make up for
 * the size of its weights. Batch norms see both views at once, where the authors' see one after the other.
 */
import type { VicregConfig } from "../../src/config/pretrain.ts";
import { tf } from "../../src/engine/tf.ts";
import { vicreg as vicregLoss } from "../../src/losses/vicreg.ts";
import { mlp } from "../../src/models/mlp.ts";
import { embed, halves } from "../embed.ts";
import type { MethodFactory } from "../method.ts";

export const vicreg: MethodFactory<VicregConfig> = (config, encoder) => {
  const head = mlp({
    ...{ from: encoder.featureSize, hidden: config.projectionHidden, to: config.projectionSize },
    ...{ layers: 3, name: "projector" },
  });
  return {
    viewsPerImage: 2,
    localViews: false,
    specs: [...encoder.specs, ...head.specs],
    loss({ params, views }) {
      const embeddings = embed(encoder, head, params, views[0]); // [2n, d]
      return { loss: tf.mul<tf.Scalar>(vicregLoss(...halves(embeddings), config), config.scale), embeddings };
    },
  };
};
