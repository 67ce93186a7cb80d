/** @file What of a study decides a task: the source of its key, and the params of its run. */
import type { StudyConfig } from "../config/study.ts";
import type { Task } from "../config/task.ts";
import { flattenParams } from "../tracking/flatten-params.ts";

/** A study without what changes no result: paths of its data (digests say what lies there), and when it saves or gives up. */
export function decidingStudy(study: StudyConfig) {
  const { source: _path, groups: _table, ...data } = study.data;
  const { unlabelled: _paths, checkpointMinutes: _often, stopOnCollapse: _givesUp, ...pretrain } = study.pretrain;
  const { checkpoint: _folder, ...finetune } = study.finetune;
  return { ...study, data, pretrain, finetune };
}

/** The settings that decide a task's result. The study's name does not, nor do the other arms and the number of trainings. */
export function decidingConfig({ stage, arm, study }: Pick<Task, "stage" | "arm" | "study">): Record<string, unknown> {
  const { seed, threads, transductive, encoder, data: allData, pretrain, finetune, explain, analysis } = decidingStudy(study);
  const { repeats, ...data } = allData;
  const { protocols: _protocols, initialisations: _starts, labelShares: _shares, seeds, ...finetuning } = finetune;
  const base = { seed, data };
  // as long as pretraining and fine-tuning together
  const length = arm?.initialisation === "scratch-long" ? { pretraining: { epochs: pretrain.epochs, transductive } } : {};
  switch (stage) {
    case "pretrain":
      return { ...base, threads, transductive, encoder, pretrain };
    case "finetune":
      return { ...base, threads, encoder, finetune: finetuning, ...length };
    case "evaluate":
    case "tuned": {
      const { bootstraps, permutations } = analysis;
      return { ...base, repeats, seeds, transductive, inner: finetune.inner, analysis: { bootstraps, permutations } };
    }
    case "explain":
      return { ...base, threads, explain };
    case "analyse":
      return { ...base, repeats, seeds, description: study.description, explain, analysis, transductive }; // the report prints the description
    case "external": {
      const { bootstraps, permutations } = analysis;
      return { ...base, threads, transductive, analysis: { bootstraps, permutations } };
    }
  }
}

/** MLflow params of a task's run. */
export function taskParams(task: Pick<Task, "stage" | "fold" | "arm" | "repeat" | "seed" | "study" | "external">): Record<string, string> {
  const { stage, fold, arm, repeat, seed, external } = task;
  return flattenParams({
    stage,
    ...(fold === null ? {} : { fold, repeat, training: seed }),
    ...(arm === null ? {} : { ...arm }),
    ...(external === undefined ? {} : { external }),
    ...decidingConfig(task),
  });
}
