/** @file Independent draws, uniform on every parameter's axis. */
import type { Params, RandomConfig } from "../../config/tune.ts";
import { rngOf } from "../../util/rng.ts";
import { pointAt } from "../uniform.ts";
import type { Request } from "./sampler.ts";

export function randomSampler({ space, number, seed }: Request, _config: RandomConfig): Params {
  const rng = rngOf(seed, "tune", "random", number);
  return pointAt(
    space,
    space.map(() => rng.next()),
  );
}
