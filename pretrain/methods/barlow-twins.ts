/**
 * @file Barlow Twins: each feature agrees with itself in the other view, and with no other feature.
 * Reference: Zbontar et al. 2021, arXiv 2103.03230, §2; scaled down as in solo-learn.
 */
import type { BarlowTwinsConfig } from "../../src/config/pretrain.ts";
import { barlowTwins as barlowTwinsLoss } from "../../src/losses/barlow-twins.ts";
import { twins } from "../embed.ts";
import type { MethodFactory } from "../method.ts";

export const barlowTwins: MethodFactory<BarlowTwinsConfig> = (config, encoder) =>
  twins(encoder, config, (a, b) => barlowTwinsLoss(a, b, config.lambda));
