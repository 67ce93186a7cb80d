/** @file Training in name only: runs of a study's tasks whose inner splits say what a formula says of the settings. So a search takes no time. */
import { mkdtemp, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { CALIBRATION_FILE, type Calibration } from "../config/calibration.ts";
import { studySchema, type StudyConfig, type StudyInput } from "../config/study.ts";
import type { Task } from "../config/task.ts";
import { studyTuneSchema, type StudyTune, type StudyTuneInput } from "../config/tune-study.ts";
import { TUNE_FILES } from "../config/tuned.ts";
import type { runLocally } from "../run/local.ts";
import { HOST_TAG, KEY_TAG, STUDY_TAG, TASK_TAG } from "../run/tags.ts";
import type { TuneOptions } from "../run/tune/tune-study.ts";
import { openStore } from "../tracking/open-store.ts";
import type { Run, Store } from "../tracking/store.ts";
import { UserError } from "../util/user-error.ts";

export const landscapeInput: StudyInput = {
  name: "landscape",
  seed: 3,
  data: { source: "busi:nowhere", folds: 4 },
  pretrain: { method: { name: "simclr", temperature: 0.2 } },
  finetune: { initialisations: ["pretrained", "scratch"], optimiser: { learningRate: 0.01 } },
};
export const landscapeStudy: StudyConfig = studySchema.parse(landscapeInput);

/** Inner AUROC: best where the rate is 0.03 and the temperature 0.1; each fold has its own best rate, a little beside. */
export function heightAt({ finetune, pretrain }: StudyConfig, fold: number): number {
  const { temperature } = pretrain.method as { temperature: number };
  const best = Math.log10(0.03) + (fold - 2) / 3;
  return 0.9 - 0.05 * (Math.log10(finetune.optimiser.learningRate) - best) ** 2 - 0.1 * (temperature - 0.1);
}

/** A search over the landscape, with changes. */
export const landscapeTune = (changes: Partial<StudyTuneInput> = {}): StudyTune =>
  studyTuneSchema.parse({
    space: [landscapeRate, { kind: "category", path: "pretrain.method.temperature", choices: [0.1, 0.2, 0.5] }],
    sampler: { name: "tpe", startupTrials: 3 },
    trials: 5,
    ...changes,
  });
export const landscapeRate = { kind: "float", path: "finetune.optimiser.learningRate", low: 0.001, high: 0.3, log: true } as const;

/** With a store of its own, which is gone afterwards. */
export async function inStore<T>(body: (store: Store, folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "sonomark-tune-"));
  try {
    return await body(openStore(folder, { now: () => 0 }), folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Every run of the landscape, oldest first; of one task where it is named. */
export async function landscapeRuns(store: Store, task?: string): Promise<Run[]> {
  const { experimentId } = await store.experiment(landscapeStudy.name);
  const runs = await store.searchRuns({ experimentIds: [experimentId], ...(task === undefined ? {} : { tags: { [TASK_TAG]: task } }) });
  return runs.reverse();
}

export interface Landscape {
  options: TuneOptions;
  /** names of the tasks that ran, in the order of their ends, as "pretrain/fold-0" */
  ran: string[];
}

/** @param delay before each task ends, in ms; @param spoil throws, or not, before a task ends */
export function landscape(
  store: Store,
  {
    delay = () => 0,
    spoil,
    signal = new AbortController().signal,
  }: { delay?: () => number; spoil?: (task: Task) => void; signal?: AbortSignal } = {},
): Landscape {
  const ran: string[] = [];
  let clock = 0;
  const now = () => ++clock;
  const execute: typeof runLocally = async (tasks, { signal: stop, onEvent }) => {
    for (const task of tasks) {
      const { runId } = (await store.createRun({ ...runOf(task), startTime: now() })).info;
      onEvent(task, { kind: "run", runId });
      await setTimeout(delay(), undefined, { signal: stop });
      try {
        spoil?.(task);
        for (const [path, text] of Object.entries(leftBy(task))) await store.putArtifact(runId, path, text);
      } catch (error) {
        await store.updateRun(runId, { status: "FAILED", endTime: now() });
        throw error;
      }
      await store.updateRun(runId, { status: "FINISHED", endTime: now() });
      ran.push(task.name);
    }
  };
  const input = { name: "d", digest: "d", sourceType: "local", source: "{}", schema: null, profile: null, context: "training" };
  const options: TuneOptions = {
    ...{ store, now, signal, execute, defaultJobs: 1 },
    data: { digest: "d", input, artifacts: { "folds.csv": "image,fold\n" } },
    circumstances: { code: "c", engine: "e" },
  };
  return { options, ran };
}

const runOf = ({ name, key, study, experimentId, parentRunId }: Task) => ({
  ...{ experimentId, name, parentRunId },
  tags: { [TASK_TAG]: name, [KEY_TAG]: key, [STUDY_TAG]: study.name, [HOST_TAG]: hostname() },
});

function leftBy(task: Task): Record<string, string> {
  if (task.stage === "tuned")
    return Object.fromEntries(
      [TUNE_FILES.evaluation, TUNE_FILES.predictions, TUNE_FILES.optimistic].map((path) => [path, JSON.stringify(task.needs)]),
    );
  if (task.stage !== "finetune") return {};
  const auroc = heightAt(task.study, task.fold!);
  if (!(auroc > 0)) throw new UserError(`${task.name}: the height is ${auroc}`);
  const calibration: Calibration = {
    ...{ temperature: 1, thresholds: { youden: 0.5, cost: 0.5 }, epochs: 1, images: 10, groups: 5 },
    ...{ auroc, logLoss: 1 - auroc },
  };
  return { [CALIBRATION_FILE]: JSON.stringify(calibration) };
}
