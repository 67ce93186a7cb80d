/** @file Samplers by name; a name of the schema without a line here does not compile. */
import type { SamplerConfig, SamplerName } from "../../config/tune.ts";
import { randomSampler } from "./random.ts";
import type { Sampler } from "./sampler.ts";
import { sobolSampler } from "./sobol.ts";
import { tpeSampler } from "./tpe.ts";

export const samplers: { [Name in SamplerName]: Sampler<Extract<SamplerConfig, { name: Name }>> } = {
  tpe: tpeSampler,
  random: randomSampler,
  sobol: sobolSampler,
};
