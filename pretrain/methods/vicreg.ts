/**
 * @file VICReg: views agree, every feature varies, no two features say the same.
 * Reference: Bardes et al. 2022, arXiv 2105.04906, §4.
 */
import type { VicregConfig } from "../../src/config/pretrain.ts";
import { vicreg as vicregLoss } from "../../src/losses/vicreg.ts";
import { twins } from "../embed.ts";
import type { MethodFactory } from "../method.ts";

export const vicreg: MethodFactory<VicregConfig> = (config, encoder) => twins(encoder, config, (a, b) => vicregLoss(a, b, config));
