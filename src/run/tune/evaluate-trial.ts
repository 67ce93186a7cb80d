/** @file Runs one trial: the study with its parameters, fold after fold up to its fine-tuning, judged by what the fold's inner split says. */
import { CALIBRATION_FILE, calibrationSchema } from "../../config/calibration.ts";
import { parseConfig } from "../../config/parse.ts";
import type { StudyConfig } from "../../config/study.ts";
import type { Task } from "../../config/task.ts";
import type { Params } from "../../config/tune.ts";
import type { InnerMetric } from "../../config/tune-study.ts";
import type { Run, Store } from "../../tracking/store.ts";
import type { TrialTools } from "../../tune/search.ts";
import { range } from "../../util/rng.ts";
import { UserError } from "../../util/user-error.ts";
import type { ExecutorOptions } from "../local.ts";
import { planStudy, upTo, type Circumstances, type PlannedTask } from "../plan.ts";
import type { TaskRunner } from "./task-runner.ts";
import { trialStudy } from "./trial-study.ts";

/** What of a task does not depend on the trial. */
export type Bound = Pick<Task, "data" | "code" | "checkpoint" | "store" | "experimentId">;

export interface TrialContext {
  store: Store;
  /** first arm only */
  study: StudyConfig;
  circumstances: Circumstances;
  bound: Bound;
  metric: InnerMetric;
  tasks: TaskRunner;
  /** the run of a trial that has started */
  runOf(number: number): string;
  onEvent(trial: number, ...event: Parameters<ExecutorOptions["onEvent"]>): void;
}

/** A trial's study and its tasks up to fine-tuning, needs first. Pretrainings with equal settings have equal keys, whatever trial they are of. */
export function planTrial(study: StudyConfig, params: Params, number: number, circumstances: Circumstances) {
  const own = trialStudy(study, params, number);
  return { study: own, tasks: upTo(planStudy(own, circumstances), "finetune") };
}

/** The fine-tuning task of each fold. */
export const modelsOf = (tasks: readonly PlannedTask[], folds: number): PlannedTask[] =>
  range(folds).map((fold) => tasks.find((task) => task.stage === "finetune" && task.fold === fold)!);

/**
 * The mean over folds of what their inner splits say. Ends early where a report says so.
 * @throws what ended a task; UserError where the study refuses the parameters, or a fold has no value
 */
export async function evaluateTrial(
  { number, params }: { number: number; params: Params },
  { report, signal }: TrialTools,
  { store, circumstances, bound, metric, tasks, ...context }: TrialContext,
): Promise<number> {
  const parentRunId = context.runOf(number);
  const plan = planTrial(context.study, params, number, circumstances);
  await store.putArtifact(parentRunId, "study.json", JSON.stringify(plan.study, null, 2));
  await store.putArtifact(parentRunId, "plan.json", JSON.stringify(plan.tasks, null, 2));
  const models = modelsOf(plan.tasks, plan.study.data.folds);
  let sum = 0;
  for (const [fold, model] of models.entries()) {
    let run: Run | undefined;
    for (const task of plan.tasks.filter((each) => each.fold === fold)) {
      signal.throwIfAborted();
      const made = await tasks.ensure({ ...task, ...bound, parentRunId, study: plan.study }, (...event) =>
        context.onEvent(number, ...event),
      );
      if (task === model) run = made;
    }
    const value = await innerValue(store, run!, metric);
    sum += value;
    const mean = sum / (fold + 1);
    const last = fold === models.length - 1;
    // the fold for those who compare fold by fold, the mean so far for those who compare steps
    const reports = [
      { fold, value, last },
      { step: fold, value: mean, last },
    ];
    for (const one of reports) if ((await report(one)) === "prune") return mean;
  }
  return sum / models.length;
}

/** @throws UserError where the fold's inner split chose nothing, or cannot be ranked */
async function innerValue(store: Store, { info }: Run, metric: InnerMetric): Promise<number> {
  if (!(await store.listArtifacts(info.runId)).some(({ path }) => path === CALIBRATION_FILE))
    throw new UserError(
      `${info.name} (run ${info.runId}) has no inner split: a class of its training images has fewer groups than finetune.inner.folds; lower it`,
    );
  const text = (await store.readArtifact(info.runId, CALIBRATION_FILE)).toString("utf8");
  const { auroc, logLoss } = parseConfig(calibrationSchema, JSON.parse(text), `${CALIBRATION_FILE} of run ${info.runId}`);
  if (metric === "log_loss") return logLoss;
  if (auroc === null)
    throw new UserError(
      `${info.name} (run ${info.runId}): the images that its inner split sets aside are of one class; lower finetune.inner.folds`,
    );
  return auroc;
}
