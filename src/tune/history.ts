/**
 * @file What a trial may know of others, and events made a history.
 *
 * With J jobs, trial n sees the trials up to n - J as they ended, those after as still running, and none with a higher number. So it does not
 * matter which of them happened to end first: the same seed, space and J give the same trials on every run.
 */
import type { Direction, Params, Trial } from "../config/tune.ts";

/** What happens to a trial; a search is stored as these, in the order of their happening. */
export type TrialEvent =
  | { kind: "start"; number: number; params: Params }
  | { kind: "step"; number: number; step: number; value: number }
  | { kind: "fold"; number: number; fold: number; value: number }
  | { kind: "end"; number: number; state: "complete" | "pruned"; value: number | null }
  | { kind: "end"; number: number; state: "failed"; reason: string };

/** The trial after an event; a second start forgets what an attempt that died had reported. */
export function afterEvent(trial: Trial | undefined, event: TrialEvent): Trial {
  if (event.kind === "start") return { number: event.number, params: event.params, state: "running", value: null, steps: {}, folds: {} };
  if (!trial) throw new RangeError(`afterEvent: trial ${event.number} must start before it can ${event.kind}`);
  if (event.kind === "step") return { ...trial, steps: { ...trial.steps, [event.step]: event.value } };
  if (event.kind === "fold") return { ...trial, folds: { ...trial.folds, [event.fold]: event.value } };
  if (event.state === "failed") return { ...trial, state: "failed", reason: event.reason };
  return { ...trial, state: event.state, value: event.value };
}

/** The trials that events leave, by number. */
export function trialsOf(events: Iterable<TrialEvent>): Trial[] {
  const trials = new Map<number, Trial>();
  for (const event of events) trials.set(event.number, afterEvent(trials.get(event.number), event));
  return [...trials.values()].sort((a, b) => a.number - b.number);
}

/**
 * What trial `number` sees (see the head of this file). Failed trials are left out: nothing is known of their place but that it failed.
 * @param history any order; trials up to number - jobs must have ended
 * @throws RangeError if one of these has not
 */
export function seenBy(history: readonly Trial[], number: number, jobs: number): Trial[] {
  return history
    .filter((trial) => trial.number < number)
    .sort((a, b) => a.number - b.number)
    .map((trial): Trial => {
      if (trial.number > number - jobs) return { ...trial, state: "running", value: null, steps: {}, folds: {} };
      if (trial.state === "running") throw new RangeError(`seenBy: trial ${trial.number} must have ended before trial ${number} is chosen`);
      return trial;
    })
    .filter(({ state }) => state !== "failed");
}

/** A value as a loss: smaller is better. */
export const lossOf = (value: number, direction: Direction): number => (direction === "maximise" ? -value : value);

/** The complete trial with the best value; of equals the first. */
export function bestTrial(history: readonly Trial[], direction: Direction): (Trial & { value: number }) | undefined {
  return history
    .filter((trial): trial is Trial & { value: number } => trial.state === "complete" && trial.value !== null)
    .sort((a, b) => lossOf(a.value, direction) - lossOf(b.value, direction) || a.number - b.number)[0];
}
