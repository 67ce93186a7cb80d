/** @file What of a study decides a task: the source of its key, and the params of its run. */
import type { StudyConfig } from "../config/study.ts";
import type { Stage, Task } from "../config/task.ts";
import { flattenParams } from "../tracking/flatten-params.ts";

/** A study without what changes no result: paths of its data (digests say what lies there), and when it saves or gives up. */
export function decidingStudy(study: StudyConfig) {
  const { source: _path, groups: _table, ...data } = study.data;
  const { unlabelled: _paths, checkpointMinutes: _often, stopOnCollapse: _givesUp, ...pretrain } = study.pretrain;
  return { ...study, data, pretrain };
}

/** The settings that decide a stage's result. The study's name does not. */
export function decidingConfig(stage: Stage, study: StudyConfig): Record<string, unknown> {
  const { seed, threads, transductive, encoder, data, pretrain, finetune, explain, analysis } = decidingStudy(study);
  const { initialisations: _others, ...finetuning } = finetune;
  const base = { seed, data };
  switch (stage) {
    case "pretrain":
      return { ...base, threads, transductive, encoder, pretrain };
    case "finetune":
      return { ...base, threads, encoder, finetune: finetuning };
    case "evaluate":
      return { ...base, transductive, analysis: { bootstraps: analysis.bootstraps, permutations: analysis.permutations } };
    case "explain":
      return { ...base, threads, explain };
    case "analyse":
      return { ...base, description: study.description, explain, analysis, transductive }; // the report prints the description
  }
}

/** MLflow params of a task's run. */
export function taskParams(task: Pick<Task, "stage" | "fold" | "initialisation" | "study">): Record<string, string> {
  return flattenParams({
    stage: task.stage,
    ...(task.fold === null ? {} : { fold: task.fold }),
    ...(task.initialisation === null ? {} : { initialisation: task.initialisation }),
    ...decidingConfig(task.stage, task.study),
  });
}
