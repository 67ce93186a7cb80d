/**
 * @file SimCLR: two augmented views of an image agree, views of other images do not.
 * Reference: Chen et al. 2020, A simple framework for contrastive learning, arXiv 2002.05709, §2; decoupled: Yeh et al. 2022, arXiv 2110.06848.
 */
import type { SimclrConfig } from "../../src/config/pretrain.ts";
import { ntXent } from "../../src/losses/nt-xent.ts";
import { projector } from "../../src/models/projector.ts";
import type { MethodFactory } from "../method.ts";
import { embed, halves } from "../embed.ts";

export const simclr: MethodFactory<SimclrConfig> = (config, encoder) => {
  const head = projector({ from: encoder.featureSize, hidden: config.projectionHidden, to: config.projectionSize });
  const weighting = { decoupled: config.decoupled, ...(config.sigma > 0 ? { sigma: config.sigma } : {}) };
  return {
    viewsPerImage: 2,
    localViews: false,
    specs: [...encoder.specs, ...head.specs],
    loss({ params, views, groups }) {
      const embeddings = embed(encoder, head, params, views[0]); // [2n, d]
      const [a, b] = halves(embeddings);
      return { loss: ntXent(a, b, config.temperature, config.maskGroups ? groups : undefined, weighting), embeddings };
    },
  };
};
