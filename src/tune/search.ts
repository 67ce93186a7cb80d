/**
 * @file The loop of a search: starts trials as their turn comes, stops them early, and goes on where an earlier attempt ended.
 *
 * What is stored is the caller's: every event is handed to `record` and awaited before anything follows from it. A search goes on from the trials that
 * these events made (trialsOf): what had ended stays; what had started and not ended, since its process died or was stopped, runs again from its
 * beginning with its number and parameters, and what it had reported is forgotten. So with the same seed, space and jobs a search that was killed any
 * number of times has the same trials as one that was not.
 */
import type { Params, Trial, TuneConfig } from "../config/tune.ts";
import { messageOf, UserError } from "../util/user-error.ts";
import { afterEvent, seenBy, type TrialEvent } from "./history.ts";
import { shouldStop } from "./pruners/registry.ts";
import { fits } from "./space.ts";
import { suggest } from "./suggest.ts";

/** What a trial may report: a value on the way to its end, or that of one fold; after the last one there is nothing left to save by stopping. */
export type Report = ({ step: number; value: number } | { fold: number; value: number }) & { last?: boolean };

export interface TrialTools {
  /**
   * Stores the report; "prune" says that the trial should end now, and then it counts as pruned whatever becomes of it.
   * What is pruned depends on the order of the reports: folds that run side by side must be reported in the order of their numbers.
   */
  report(report: Report): Promise<"go on" | "prune">;
  /** fires when the search is to end at once */
  signal: AbortSignal;
}

export interface SearchOptions {
  /** trials of an earlier attempt at the same search, in any order */
  history?: readonly Trial[];
  /** trials side by side; part of what decides which points are tried (src/tune/history.ts) */
  jobs?: number;
  /** Runs a trial. What it throws is recorded as the trial's failure, and the search goes on. */
  evaluate(trial: { number: number; params: Params }, tools: TrialTools): Promise<number>;
  record(event: TrialEvent): void | Promise<void>;
  /** where it fires, nothing starts any more; a trial that throws after it has not ended and runs again later */
  signal?: AbortSignal;
  /** no trial starts `timeoutMs` after the start of this attempt by `now`; those that run go on to their end */
  timeoutMs?: number;
  now?: () => number;
}

/**
 * Runs trials until there are `config.trials`, the time is over, or it is told to stop.
 * @returns all trials by number, those of the history included
 * @throws UserError if the history belongs to another search, or the sampler cannot search the space; what `record` throws; the signal's reason: each
 *   once the running trials have ended
 */
export async function search(config: TuneConfig, options: SearchOptions): Promise<Trial[]> {
  const { jobs = 1, timeoutMs = Infinity, now = () => 0 } = options;
  if (!(Number.isInteger(jobs) && jobs >= 1)) throw new RangeError(`search: jobs must be a positive integer, got ${jobs}`);
  if (timeoutMs !== Infinity && !options.now) throw new RangeError(`search: a timeout must come with now, got ${timeoutMs} ms alone`);
  const trials = checkedHistory(config, options.history ?? []);
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const running = new Map<number, Promise<void>>();
  const deadline = now() + timeoutMs;
  let failure: { error: unknown } | undefined;
  const fail = (error: unknown): void => {
    failure ??= { error };
    stop.abort();
  };

  const record = async (event: TrialEvent): Promise<void> => {
    // a start is known at once: the trial after it is chosen before it is stored
    if (event.kind === "start") trials.set(event.number, afterEvent(undefined, event));
    try {
      await options.record(event);
    } catch (error) {
      fail(error); // here, since a trial may swallow what its report throws
      throw error;
    }
    if (event.kind !== "start") trials.set(event.number, afterEvent(trials.get(event.number), event));
  };
  const ended = (number: number): boolean => isEnd(trials.get(number)) && !running.has(number);

  let next = 0;
  let oldest = 0; // every trial before it has ended
  for (;;) {
    while (oldest < next && ended(oldest)) oldest++;
    while (next < config.trials && isEnd(trials.get(next))) next++;
    // trial n is chosen when all up to n - jobs have ended: it may see them
    const may = next < config.trials && !signal.aborted && running.size < jobs && allEnded(oldest, next - jobs, ended) && now() < deadline;
    if (may) {
      const number = next++;
      const work = runOne(number, { config, jobs, trials, evaluate: options.evaluate, record, signal });
      running.set(
        number,
        work.catch(fail).finally(() => running.delete(number)),
      );
    } else if (running.size > 0) await Promise.race(running.values());
    else break;
  }
  if (failure) throw failure.error;
  if (!allEnded(0, config.trials - 1, ended)) options.signal?.throwIfAborted();
  return [...trials.values()].sort((a, b) => a.number - b.number);
}

const isEnd = (trial: Trial | undefined): boolean => trial !== undefined && trial.state !== "running";

function allEnded(from: number, to: number, ended: (number: number) => boolean): boolean {
  for (let number = from; number <= to; number++) if (!ended(number)) return false;
  return true;
}

interface Run {
  config: TuneConfig;
  jobs: number;
  trials: ReadonlyMap<number, Trial>;
  evaluate: SearchOptions["evaluate"];
  record(event: TrialEvent): Promise<void>;
  signal: AbortSignal;
}

async function runOne(number: number, { config, jobs, trials, evaluate, record, signal }: Run): Promise<void> {
  const history = [...trials.values()];
  const params = trials.get(number)?.params ?? suggest(config, history, { number, jobs });
  const seen = seenBy(history, number, jobs);
  await record({ kind: "start", number, params });
  let [pruned, over] = [false, false];
  let broken = false; // what was reported could not be stored
  const report = async ({ last = false, ...report }: Report): Promise<"go on" | "prune"> => {
    if (over)
      throw new RangeError(`search: a trial must report before it ends, got ${JSON.stringify(report)} of trial ${number} after that`);
    if (!Number.isFinite(report.value))
      throw new UserError(`trial ${number} reported ${report.value} at ${JSON.stringify(report)}: a value must be a finite number`);
    try {
      await record("step" in report ? { kind: "step", number, ...report } : { kind: "fold", number, ...report });
    } catch (error) {
      broken = true;
      throw error;
    }
    pruned ||= !last && shouldStop({ direction: config.direction, seen, trial: trials.get(number)!, reported: report }, config.pruner);
    return pruned ? "prune" : "go on";
  };
  let outcome: TrialEvent;
  try {
    const value = await evaluate({ number, params }, { report, signal });
    if (!pruned && !Number.isFinite(value)) throw new UserError(`its value is ${value}, not a finite number`);
    outcome = { kind: "end", number, state: "complete", value };
  } catch (error) {
    if (broken || (signal.aborted && !pruned)) return;
    outcome = { kind: "end", number, state: "failed", reason: messageOf(error) };
  } finally {
    over = true;
  }
  await record(pruned ? { kind: "end", number, state: "pruned", value: reachedBy(trials.get(number)!) } : outcome);
}

/** What a trial that was stopped had reached: the mean of its folds, or its last step where it reported none. */
function reachedBy({ folds, steps }: Trial): number | null {
  const values = Object.values(folds);
  if (values.length > 0) return values.reduce((sum, value) => sum + value, 0) / values.length;
  const last = Object.keys(steps)
    .map(Number)
    .reduce((a, b) => Math.max(a, b), -Infinity);
  return steps[last] ?? null;
}

function checkedHistory({ space }: TuneConfig, history: readonly Trial[]): Map<number, Trial> {
  const trials = new Map<number, Trial>();
  for (const trial of history) {
    if (trials.has(trial.number)) throw new UserError(`trial ${trial.number} is in the history twice: start a new search`, { status: 409 });
    if (!fits(space, trial.params))
      throw new UserError(
        `trial ${trial.number} of the history has parameters that the search space does not allow (${JSON.stringify(trial.params)}): ` +
          "restore the space, or start a new search under another name",
        { status: 409 },
      );
    trials.set(trial.number, trial);
  }
  return trials;
}
