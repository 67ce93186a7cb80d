/** @file Runs a search over a study's settings: trials as child runs, each fold's choice by its own inner split, and what was held out from it. */
import type { StudyConfig } from "../../config/study.ts";
import type { Trial } from "../../config/tune.ts";
import { tuneConfigOf, type StudyTune } from "../../config/tune-study.ts";
import type { Tuned } from "../../config/tuned.ts";
import type { Run, Store } from "../../tracking/store.ts";
import { search } from "../../tune/search.ts";
import { messageOf, UserError } from "../../util/user-error.ts";
import { TaskStopped, type ExecutorOptions, type runLocally } from "../local.ts";
import { LockLost } from "../lock.ts";
import type { Circumstances } from "../plan.ts";
import { closeAbandoned, type StudyData } from "../study.ts";
import { COMPLETE_TAG, ERROR_TAG } from "../tags.ts";
import { evaluateTrial } from "./evaluate-trial.ts";
import { found, gatherTask, storeResults } from "./gather.ts";
import { recorder } from "./recorder.ts";
import { openSearch, type SearchRun } from "./search-run.ts";
import { taskRunner } from "./task-runner.ts";
import { checkSearch, firstArmOnly } from "./trial-study.ts";

/** Where so many trials have ended and all of them failed, the search stops: it is not their settings. */
const HOPELESS = 5;

export interface TuneOptions {
  store: Store;
  data: StudyData;
  circumstances: Omit<Circumstances, "data">;
  now: () => number;
  signal: AbortSignal;
  /** trials side by side; without it those that the search began with, or `defaultJobs` */
  jobs?: number | undefined;
  defaultJobs: number;
  timeoutMs?: number | undefined;
  /** told once, before the first trial */
  onStart?: (search: SearchRun) => void;
  /** told when a trial has started or ended, with all trials by number */
  onTrial?: (trial: Trial, trials: readonly Trial[]) => void;
  /** of the processes: of a trial, or of none */
  onEvent?: (trial: number | null, ...event: Parameters<ExecutorOptions["onEvent"]>) => void;
  /** runs tasks as processes of this machine, where nothing else is given */
  execute?: typeof runLocally;
}

export interface TuneOutcome {
  run: Run;
  tuned: Tuned;
  trials: Trial[];
  /** false where the store already held everything */
  ran: boolean;
}

/**
 * Runs trials up to their number or the time, then evaluates what each fold chose. The caller holds the study's lock.
 * @throws UserError for what the user can cure; the abort reason where `signal` fires, with the runs marked KILLED
 */
export async function tuneStudy(whole: StudyConfig, asked: StudyTune, options: TuneOptions): Promise<TuneOutcome> {
  const { store, data, now, onTrial, onEvent } = options;
  const study = firstArmOnly(whole);
  const config = tuneConfigOf(asked);
  const circumstances = { ...options.circumstances, data: data.digest };
  checkSearch(study, config.space, circumstances);
  const opened = await openSearch(store, { study, config, data, circumstances }, options);
  const { experimentId, runId, file } = opened;
  await closeAbandoned(store, experimentId, runId, now);
  options.onStart?.(opened);

  const stop = new AbortController(); // where a task was told to stop from outside, all is
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const tasks = await taskRunner({ store, experimentId, signal, now, ...(options.execute && { execute: options.execute }) });
  const { record, runOf, trials: recorded } = recorder(store, opened, now);
  const checkpoint = circumstances.checkpoint ?? null;
  const bound = { data: data.digest, code: circumstances.code, checkpoint, store: store.uri, experimentId };
  try {
    const trials = await search(config, {
      ...{ history: file.trials, jobs: file.jobs, signal, now },
      ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
      async record(event) {
        await record(event);
        const all = recorded();
        const trial = all.find(({ number }) => number === event.number)!;
        if (event.kind === "start" || event.kind === "end") onTrial?.(trial, all);
        if (event.kind === "end") checkHope(all, config.trials);
      },
      evaluate: (trial, tools) =>
        evaluateTrial(trial, tools, {
          ...{ store, study, circumstances, bound, metric: asked.metric, tasks, runOf },
          onEvent: (number, ...event) => onEvent?.(number, ...event),
        }).catch((error: unknown) => {
          if (error instanceof TaskStopped) stop.abort(error);
          throw error;
        }),
    });
    const ended = trials.filter(({ state }) => state !== "running");
    const tuned = found(config, ended, file);
    const task = gatherTask(tuned, ended, { study, circumstances, bound, parentRunId: runId });
    const gathered = await tasks.ensure(task, (...event) => onEvent?.(null, ...event));
    await storeResults(store, runId, gathered, tuned, config, ended, file.folds);
    await store.setTags(runId, { [COMPLETE_TAG]: "true" });
    await store.updateRun(runId, { status: "FINISHED", endTime: Math.floor(now()) });
    return { run: await store.getRun(runId), tuned, trials: ended, ran: tasks.ran() > 0 };
  } catch (error) {
    // a store that fails here too must not hide why the search ended
    if (!(options.signal.reason instanceof LockLost)) await endBadly(error).catch(() => {});
    throw error;
  }

  async function endBadly(error: unknown): Promise<void> {
    await closeAbandoned(store, experimentId, runId, now);
    if (!signal.aborted) await store.setTags(runId, { [ERROR_TAG]: messageOf(error).slice(0, 5000) });
    await store.updateRun(runId, { status: signal.aborted ? "KILLED" : "FAILED", endTime: Math.floor(now()) });
  }
}

/** @throws UserError where the first trials have all failed */
function checkHope(trials: readonly Trial[], asked: number): void {
  const ended = trials.filter(({ state }) => state !== "running");
  if (ended.length < Math.min(HOPELESS, asked) || ended.some(({ state }) => state !== "failed")) return;
  const reasons = [...new Set(ended.map(({ reason }) => reason))];
  const why = reasons.length === 1 ? `all because ${reasons[0]}` : `the first because ${ended[0].reason}`;
  throw new UserError(`the first ${ended.length} trials failed, ${why}; cure that and run the same command again`);
}
