/** @file Every optimiser by its name in the config: a name without a line here does not compile. */
import type { OptimiserConfig } from "../config/optimiser.ts";
import { adamw } from "./adamw.ts";
import type { Optimiser } from "./base.ts";
import { sgd } from "./sgd.ts";

const OPTIMISERS: { [K in OptimiserConfig["name"]]: (config: OptimiserConfig) => Optimiser } = {
  sgd: ({ momentum, weightDecay }) => sgd({ momentum, weightDecay }),
  adamw: ({ weightDecay }) => adamw({ weightDecay }),
};

/** The update rule that `config` describes; holds no tensors. */
export const optimiserOf = (config: OptimiserConfig): Optimiser => OPTIMISERS[config.name](config);
