/** @file Loads the data of a study, checks that it can be folded, and runs the study with progress on stderr. */
import { availableParallelism, totalmem } from "node:os";
import { resolve } from "node:path";
import type { StudyConfig } from "../config/study.ts";
import type { Stage } from "../config/task.ts";
import { datasetInput } from "../data/dataset-input.ts";
import { foldsCsv } from "../data/folds/folds.ts";
import { openStudyManifest } from "../data/study-manifest.ts";
import { engineStamp } from "../engine/stamp.ts";
import { readCheckpoint } from "../run/checkpoint-file.ts";
import { codeVersion } from "../run/code-version.ts";
import { withStudyLock } from "../run/lock.ts";
import type { Circumstances } from "../run/plan.ts";
import { runStudy, type StudyData, type StudyOutcome } from "../run/study.ts";
import type { Store } from "../tracking/store.ts";
import { interruptSignal } from "./interrupt.ts";
import { progressBar } from "./progress-bar.ts";
import { progressDisplay, type ProgressDisplay } from "./progress.ts";

/** What a task of a study with frames of 64 pixels and batches of 32 takes at most, twice over. */
const BYTES_A_TASK = 2 * 1024 ** 3;

/** Tasks side by side as far as cores and memory allow; of the machine, not of the moment, so that a search is the same when it goes on. */
const defaultJobs = (threads: number): number =>
  Math.max(1, Math.min(Math.floor(availableParallelism() / threads), Math.floor(totalmem() / BYTES_A_TASK)));

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** The study as stages run it, wherever they run: with the number of folds that the data bring, and a path that is no longer relative. */
function withFolds(asked: StudyConfig, folds: number): StudyConfig {
  const { checkpoint } = asked.finetune;
  const finetune = { ...asked.finetune, checkpoint: checkpoint === "" ? "" : resolve(checkpoint) };
  return { ...asked, data: { ...asked.data, folds }, finetune };
}

/** @throws UserError where something shall start from a checkpoint that is not there */
async function checkpointOf({ finetune }: StudyConfig): Promise<{ checkpoint?: string }> {
  if (!finetune.initialisations.includes("checkpoint")) return {};
  return { checkpoint: (await readCheckpoint(finetune.checkpoint)).hash };
}

export interface PreparedStudy {
  /** as its tasks have it */
  study: StudyConfig;
  data: StudyData;
  circumstances: Omit<Circumstances, "data">;
  /** tasks side by side, where nobody asks for another number */
  defaultJobs: number;
}

/** Loads the study's data, with a bar on stderr where that takes long. @throws UserError where they have errors, or cannot carry the study */
export async function prepareStudy(asked: StudyConfig): Promise<PreparedStudy> {
  const bar = progressBar(Date.now);
  const { data: config, seed, pretrain } = asked;
  const opening = openStudyManifest(config, seed, { note: say, progress: bar.update, pretrain });
  const { manifest, split, digest } = await opening.finally(bar.close);
  // official, site and file splits bring their own number of folds
  const study = withFolds(asked, split.names.length);
  return {
    study,
    data: { digest, input: datasetInput(manifest), artifacts: { "folds.csv": foldsCsv(manifest.images, split.folds) } },
    circumstances: { code: await codeVersion(), engine: await engineStamp(), ...(await checkpointOf(study)) },
    defaultJobs: defaultJobs(study.threads),
  };
}

/** Runs the study up to `until` in this machine's processes. */
export async function runStudyHere(
  asked: StudyConfig,
  store: Store,
  { until, jobs }: { until?: Stage; jobs?: number },
): Promise<StudyOutcome> {
  const { signal, release } = interruptSignal();
  let display: ProgressDisplay | undefined;
  signal.addEventListener("abort", () => display?.close());
  try {
    const { study, defaultJobs, ...prepared } = await prepareStudy(asked);
    return await withStudyLock(store, study.name, signal, async (locked) =>
      runStudy(study, {
        ...{ store, ...prepared },
        jobs: jobs ?? defaultJobs,
        now: Date.now,
        signal: locked,
        ...(until ? { until } : {}),
        onPlan({ todo, held }) {
          say(`study ${study.name}: ${todo.length} tasks to run${held.length > 0 ? `, ${held.length} held by the store` : ""}`);
          display = progressDisplay(todo.length, Date.now);
        },
        onEvent: (task, event) => display?.onEvent(task, event),
      }),
    );
  } finally {
    display?.close();
    release();
  }
}
