/** @file What every pruner is: a function from what a trial has reported and what it sees of others to whether it should stop. */
import type { Direction, Trial } from "../../config/tune.ts";

export interface Look {
  direction: Direction;
  /** what the trial sees, by number, without failed ones (src/tune/history.ts) */
  seen: readonly Trial[];
  /** with all that it has reported, the newest included */
  trial: Trial;
  /** what was reported just now */
  reported: { step: number } | { fold: number };
}

export type Pruner<Config> = (look: Look, config: Config) => boolean;
