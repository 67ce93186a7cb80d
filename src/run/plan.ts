/** @file A study as a graph of tasks, each with the key that names its result. */
import { armPath, armsOf, replicatePath, type Arm, type Replicate } from "../config/arm.ts";
import type { StudyConfig } from "../config/study.ts";
import type { Stage, Task } from "../config/task.ts";
import { hashOf } from "../util/hash.ts";
import { range } from "../util/rng.ts";
import { decidingConfig } from "./task-params.ts";

/** A task before it is bound to a store and a parent run. */
export type PlannedTask = Pick<Task, "name" | "key" | "stage" | "fold" | "arm" | "repeat" | "seed" | "needs">;

/** What decides results besides the config. */
export interface Circumstances {
  /** digest of the data's manifest */
  data: string;
  /** hash of the code that computes results */
  code: string;
  /** engine and its version */
  engine: string;
  /** hash of the weights that `finetune.checkpoint` names; absent where nothing starts from it */
  checkpoint?: string;
}

export const FIRST: Replicate = { repeat: 0, seed: 0 };

export const pretrainName = (of: Replicate, fold: number): string => `pretrain${replicatePath(of)}/fold-${fold}`;
export const modelName = (arm: Arm, of: Replicate, fold: number): string => `${armPath(arm)}${replicatePath(of)}/fold-${fold}`;

/** Every training of an arm on one fold: by deal, then by seed. */
export const replicatesOf = ({ data, finetune }: Pick<StudyConfig, "data" | "finetune">): Replicate[] =>
  range(data.repeats).flatMap((repeat) => range(finetune.seeds).map((seed) => ({ repeat, seed })));

/**
 * The study as one deal of repeated cross-validation sees it: with the split of that deal. So a deal's results are those of a study that asks for it alone.
 */
export function dealOf(study: StudyConfig, repeat: number): StudyConfig {
  const { split } = study.data;
  if (repeat === 0) return study;
  if (split.name !== "grouped") throw new RangeError(`dealOf: only a grouped split can be dealt anew, got ${split.name}`);
  return { ...study, data: { ...study.data, split: { ...split, repeat: split.repeat + repeat } } };
}

/** Every task of the study, in an order in which needs come first. */
export function planStudy(study: StudyConfig, circumstances: Circumstances): PlannedTask[] {
  const { checkpoint, ...common } = circumstances;
  const tasks = new Map<string, PlannedTask>();
  interface Place extends Partial<Replicate> {
    fold?: number;
    arm?: Arm;
  }
  const add = (stage: Stage, name: string, { fold, arm, repeat = 0, seed = 0 }: Place, needed: string[]) => {
    const needs = Object.fromEntries(needed.map((n) => [n, tasks.get(n)!.key]));
    const place = { fold: fold ?? null, arm: arm ?? null, repeat, seed };
    const started = arm?.initialisation === "checkpoint" ? { checkpoint } : {};
    const { repeat: _ofSplit, ...own } = place; // the deal is in the config
    const config = decidingConfig({ stage, arm: place.arm, study: dealOf(study, repeat) });
    tasks.set(name, {
      name,
      key: hashOf({ stage, ...own, needs: Object.values(needs), config, ...started, ...common }),
      stage,
      ...place,
      needs,
    });
  };
  const folds = range(study.data.folds);
  const replicates = replicatesOf(study);
  const arms = armsOf(study.finetune);

  if (arms.some((arm) => arm.initialisation === "pretrained"))
    for (const of of replicates) for (const fold of folds) add("pretrain", pretrainName(of, fold), { fold, ...of }, []);
  for (const arm of arms)
    for (const of of replicates)
      for (const fold of folds)
        add(
          "finetune",
          modelName(arm, of, fold),
          { fold, arm, ...of },
          arm.initialisation === "pretrained" ? [pretrainName(of, fold)] : [],
        );
  add(
    "evaluate",
    "evaluate",
    {},
    arms.flatMap((arm) => replicates.flatMap((of) => folds.map((fold) => modelName(arm, of, fold)))),
  );
  const [arm] = arms;
  for (const fold of folds) add("explain", `explain/fold-${fold}`, { fold, arm }, [modelName(arm, FIRST, fold)]);
  add("analyse", "analyse", {}, ["evaluate", ...folds.map((fold) => `explain/fold-${fold}`)]);
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
