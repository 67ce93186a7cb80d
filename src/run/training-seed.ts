/** @file The number that all chance of one training comes from: its start, its order and its views. */
import type { Task } from "../config/task.ts";
import { rngOf } from "../util/rng.ts";

/**
 * The study's seed for the first training on the first deal; another for each further one. The deal of groups to folds has none of it:
 * trainings that differ by this seed alone hold out the same images.
 */
export function trainingSeed({ study, seed }: Pick<Task, "study" | "seed">): number {
  const deal = study.data.split.name === "grouped" ? study.data.split.repeat : 0;
  return deal === 0 && seed === 0 ? study.seed : rngOf(study.seed, "training", deal, seed).int(2 ** 31);
}
