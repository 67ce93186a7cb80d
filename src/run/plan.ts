/** @file A study as a graph of tasks, each with the key that names its result. */
import type { StudyConfig } from "../config/study.ts";
import type { Stage, Task } from "../config/task.ts";
import { hashOf } from "../util/hash.ts";
import { range } from "../util/rng.ts";
import { decidingConfig } from "./task-params.ts";

/** A task before it is bound to a store and a parent run. */
export type PlannedTask = Pick<Task, "name" | "key" | "stage" | "fold" | "initialisation" | "needs">;

/** What decides results besides the config. */
export interface Circumstances {
  /** digest of the data's manifest */
  data: string;
  /** hash of the code that computes results */
  code: string;
  /** engine and its version */
  engine: string;
}

/** Every task of the study, in an order in which needs come first. */
export function planStudy(study: StudyConfig, circumstances: Circumstances): PlannedTask[] {
  const tasks = new Map<string, PlannedTask>();
  const add = (stage: Stage, name: string, fold: number | null, initialisation: Task["initialisation"], needed: string[]) => {
    const needs = Object.fromEntries(needed.map((n) => [n, tasks.get(n)!.key]));
    const key = hashOf({ stage, fold, initialisation, needs, config: decidingConfig(stage, study), ...circumstances });
    tasks.set(name, { name, key, stage, fold, initialisation, needs });
  };
  const folds = range(study.data.folds);
  const { initialisations } = study.finetune;
  const first = initialisations[0];

  if (initialisations.includes("pretrained")) for (const k of folds) add("pretrain", `pretrain/fold-${k}`, k, null, []);
  for (const initialisation of initialisations)
    for (const k of folds)
      add(
        "finetune",
        `finetune/${initialisation}/fold-${k}`,
        k,
        initialisation,
        initialisation === "pretrained" ? [`pretrain/fold-${k}`] : [],
      );
  add(
    "evaluate",
    "evaluate",
    null,
    null,
    initialisations.flatMap((i) => folds.map((k) => `finetune/${i}/fold-${k}`)),
  );
  for (const k of folds) add("explain", `explain/fold-${k}`, k, first, [`finetune/${first}/fold-${k}`]);
  add("analyse", "analyse", null, null, ["evaluate", ...folds.map((k) => `explain/fold-${k}`)]);
  return [...tasks.values()];
}

/** The tasks of `stage` and everything that they need, in order. */
export function upTo(tasks: readonly PlannedTask[], stage: Stage): PlannedTask[] {
  const byName = new Map(tasks.map((task) => [task.name, task]));
  const wanted = new Set<string>();
  const want = (task: PlannedTask): void => {
    wanted.add(task.name);
    for (const name of Object.keys(task.needs)) want(byName.get(name)!);
  };
  tasks.filter((task) => task.stage === stage).forEach(want);
  return tasks.filter((task) => wanted.has(task.name));
}
