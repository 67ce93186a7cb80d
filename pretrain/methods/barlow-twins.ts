/**
 * @file Barlow Twins: each feature agrees with itself in the other view, and with no other feature.
 * Reference: Zbontar et al. 2021, arXiv 2103.03230, §2. The loss, a sum over features, is scaled down (as in solo-learn), since plain SGD has
 * no ratio of LARS that would make up for its size. Batch norms see both views at once, where the authors' see one after the other.
 */
import type { BarlowTwinsConfig } from "../../src/config/pretrain.ts";
import { tf } from "../../src/engine/tf.ts";
import { barlowTwins as barlowTwinsLoss } from "../../src/losses/barlow-twins.ts";
import { mlp } from "../../src/models/mlp.ts";
import { embed, halves } from "../embed.ts";
import type { MethodFactory } from "../method.ts";

export const barlowTwins: MethodFactory<BarlowTwinsConfig> = (config, encoder) => {
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
      return { loss: tf.mul<tf.Scalar>(barlowTwinsLoss(...halves(embeddings), config.lambda), config.scale), embeddings };
    },
  };
};
