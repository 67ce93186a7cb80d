/** @file Every optimiser by its name in the config: a name without a line here does not compile. */
import type { OptimiserConfig } from "../config/optimiser.ts";
import { adamw } from "./adamw.ts";
import type { Optimiser } from "./base.ts";
import { clipped } from "./clip.ts";
import { lars } from "./lars.ts";
import { sgd } from "./sgd.ts";

const OPTIMISERS: { [K in OptimiserConfig["name"]]: (config: OptimiserConfig, sizes: readonly number[]) => Optimiser } = {
  sgd: ({ momentum, weightDecay, nesterov }) => sgd({ momentum, weightDecay, nesterov }),
  adamw: ({ weightDecay }) => adamw({ weightDecay }),
  lars: ({ momentum, weightDecay, nesterov, lars: own }, sizes) => lars({ momentum, weightDecay, nesterov, ...own, sizes }),
};

/**
 * The update rule that `config` describes; holds no tensors.
 * @param sizes number of parameters of each tensor of the flat vector; lars needs them
 */
export function optimiserOf(config: OptimiserConfig, sizes: readonly number[] = []): Optimiser {
  const optimiser = OPTIMISERS[config.name](config, sizes);
  return config.clipNorm > 0 ? clipped(optimiser, config.clipNorm) : optimiser;
}
