/** @file What every sampler is: a function from what a trial sees to the point that it tries. */
import type { Direction, Params, Space, Trial } from "../../config/tune.ts";

export interface Request {
  space: Space;
  direction: Direction;
  /** what the trial sees, by number, without failed ones (src/tune/history.ts) */
  seen: readonly Trial[];
  number: number;
  seed: number;
}

export type Sampler<Config> = (request: Request, config: Config) => Params;
