/**
 * @file SimSiam: a predictor guesses what the same network makes of the other view; only the stopped gradient keeps all from becoming one.
 * Reference: Chen & He 2021, Exploring simple Siamese representation learning, arXiv 2011.10566, §3. Batch norms see both views at once, where
 * the authors' see one after the other.
 */
import type { SimsiamConfig } from "../../src/config/pretrain.ts";
import { simsiamLoss } from "../../src/losses/negative-cosine.ts";
import { mlp } from "../../src/models/mlp.ts";
import { embed, halves } from "../embed.ts";
import type { MethodFactory } from "../method.ts";

export const simsiam: MethodFactory<SimsiamConfig> = (config, encoder) => {
  const { projectionSize: size } = config;
  const head = mlp({ from: encoder.featureSize, hidden: size, to: size, layers: 3, lastNorm: "plain", name: "projector" });
  const predictor = mlp({ from: size, hidden: config.predictionHidden, to: size, bias: true, name: "predictor" });
  return {
    viewsPerImage: 2,
    localViews: false,
    specs: [...encoder.specs, ...head.specs, ...predictor.specs],
    loss({ params, views }) {
      const embeddings = embed(encoder, head, params, views[0]); // [2n, d]
      const predictions = halves(predictor.apply(params, embeddings, { kind: "batch" }));
      return { loss: simsiamLoss({ predictions, targets: halves(embeddings) }), embeddings };
    },
  };
};
