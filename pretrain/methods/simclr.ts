/**
 * @file SimCLR: two augmented views of an image agree, views of other images do not.
 * Reference: Chen et al. 2020, A simple framework for contrastive learning, arXiv 2002.05709, §2.
 */
import type { SimclrConfig } from "../../src/config/pretrain.ts";
import { tf } from "../../src/engine/tf.ts";
import { ntXent } from "../../src/losses/nt-xent.ts";
import { pooled } from "../../src/models/encoder.ts";
import { projector } from "../../src/models/projector.ts";
import type { MethodFactory } from "../method.ts";

export const simclr: MethodFactory<SimclrConfig> = (config, encoder) => {
  const head = projector({ from: encoder.featureSize, hidden: config.projectionHidden, to: config.projectionSize });
  return {
    viewsPerImage: 2,
    specs: [...encoder.specs, ...head.specs],
    loss(params, views, groups) {
      const features = pooled(encoder.featureMap(params, views, { kind: "batch" })); // [2n, d]
      const [a, b] = tf.split(head.apply(params, features, { kind: "batch" }), 2) as [tf.Tensor2D, tf.Tensor2D]; // [n, d] each
      return ntXent(a, b, config.temperature, config.maskGroups ? groups : undefined);
    },
  };
};
