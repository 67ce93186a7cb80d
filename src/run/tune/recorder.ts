/** @file Stores what happens in a search: `tune.json` of its run, and a run for each trial, whose children the trial's tasks become. */
import { hostname } from "node:os";
import type { Params, Trial } from "../../config/tune.ts";
import { TUNE_FILES } from "../../config/tuned.ts";
import { flattenParams } from "../../tracking/flatten-params.ts";
import { nativeTags } from "../../tracking/run-tags.ts";
import type { Store } from "../../tracking/store.ts";
import { afterEvent, type TrialEvent } from "../../tune/history.ts";
import { hashOf } from "../../util/hash.ts";
import { ERROR_TAG, HOST_TAG, KEY_TAG, STUDY_TAG, TASK_TAG } from "../tags.ts";
import type { SearchRun } from "./search-run.ts";
import { TRIAL_STATE_TAG, TRIAL_TAG, TRIAL_TASK } from "./tags.ts";

export interface Recorder {
  /** stored when it resolves */
  record(event: TrialEvent): Promise<void>;
  /** the run of a trial that has started */
  runOf(number: number): string;
  /** by number */
  trials(): Trial[];
}

export function recorder(store: Store, { experimentId, runId, key, file, goesOn }: SearchRun, now: () => number): Recorder {
  const trials = new Map(file.trials.map((trial) => [trial.number, trial]));
  const runs = new Map<number, { runId: string; folds: number }>();
  // an earlier attempt may have died between a trial's run and tune.json; beyond that no search, which reads every run of the experiment
  const last = Math.max(-1, ...file.trials.map(({ number }) => number));
  const mayBeThere = (number: number) => goesOn && number <= last + file.jobs;
  const inner = `inner/${file.config.metric}`;
  const byNumber = () => [...trials.values()].sort((a, b) => a.number - b.number);
  let known: ReturnType<typeof nativeTags> | undefined;
  const native = () => (known ??= nativeTags());
  const time = () => Math.floor(now());

  let writing = Promise.resolve();
  /** One write after the other, each with all that has happened by then. */
  const write = (): Promise<void> => {
    const next = writing.then(() => store.putArtifact(runId, TUNE_FILES.search, JSON.stringify({ ...file, trials: byNumber() }, null, 1)));
    writing = next.catch(() => {}); // told to whoever asked for that write
    return next;
  };

  async function openRun(number: number, params: Params): Promise<void> {
    const trialKey = hashOf({ search: key, trial: number });
    const tags = { [TASK_TAG]: TRIAL_TASK, [KEY_TAG]: trialKey };
    const [earlier] = mayBeThere(number) ? await store.searchRuns({ experimentIds: [experimentId], tags, maxResults: 1 }) : [];
    if (earlier) {
      await store.updateRun(earlier.info.runId, { status: "RUNNING", endTime: null });
      await store.setTags(earlier.info.runId, { [HOST_TAG]: hostname(), [TRIAL_STATE_TAG]: "running", [ERROR_TAG]: "" });
      runs.set(number, { runId: earlier.info.runId, folds: (earlier.metrics[inner]?.step ?? -1) + 1 });
      return;
    }
    const { info } = await store.createRun({
      experimentId,
      name: `trial ${number}`,
      startTime: time(),
      parentRunId: runId,
      tags: {
        ...(await native()),
        ...{ ...tags, [STUDY_TAG]: file.study, [TRIAL_TAG]: String(number), [TRIAL_STATE_TAG]: "running", [HOST_TAG]: hostname() },
      },
    });
    await store.logParams(info.runId, flattenParams(params));
    runs.set(number, { runId: info.runId, folds: 0 });
  }

  async function end(event: Extract<TrialEvent, { kind: "end" }>): Promise<void> {
    const trial = runs.get(event.number)!.runId;
    const failed = event.state === "failed";
    const value = failed ? null : event.value;
    if (value !== null) {
      await store.logMetrics(trial, [{ key: "value", value, timestamp: time(), step: 0 }]);
      await store.logMetrics(runId, [{ key: "trial/value", value, timestamp: time(), step: event.number }]);
    }
    await store.setTags(trial, { [TRIAL_STATE_TAG]: event.state, ...(failed ? { [ERROR_TAG]: event.reason.slice(0, 5000) } : {}) });
    await store.updateRun(trial, { status: failed ? "FAILED" : "FINISHED", endTime: time() });
  }

  return {
    async record(event) {
      if (event.kind === "start") await openRun(event.number, event.params);
      trials.set(event.number, afterEvent(trials.get(event.number), event));
      if (event.kind === "step") return; // the mean of folds that are stored
      if (event.kind === "fold") {
        const run = runs.get(event.number)!;
        // an interrupted attempt at this trial has told its first folds
        if (event.fold >= run.folds)
          await store.logMetrics(run.runId, [{ key: inner, value: event.value, timestamp: time(), step: event.fold }]);
      }
      if (event.kind === "end") await end(event);
      await write();
    },
    runOf(number) {
      const run = runs.get(number);
      if (!run) throw new RangeError(`recorder: the run of a trial must be asked for after its start, got trial ${number}`);
      return run.runId;
    },
    trials: byNumber,
  };
}
