/** @file What a protocol is given: one fold of one arm, its labelled images, and the encoder that it starts from. */
import type { Arm } from "../src/config/arm.ts";
import type { Task } from "../src/config/task.ts";
import { heldOutIndices, loadStudyData, trainingIndices, type StudyData } from "../src/data/study-data.ts";
import { classifierNetwork, type ClassifierNetwork } from "../src/models/classifier-network.ts";
import { initialise } from "../src/models/network.ts";
import type { StageContext } from "../src/run/stage.ts";
import { trainingSeed } from "../src/run/training-seed.ts";
import { rngOf, type Rng } from "../src/util/rng.ts";
import { startOf, type Started } from "./starts.ts";
import { labelledSubset } from "./subsets.ts";

export interface Fold {
  task: Task;
  arm: Arm;
  data: StudyData;
  /** number of classes; the last is the positive one */
  classes: number;
  network: ClassifierNetwork;
  /** training images whose labels are used, as indices */
  images: number[];
  /** images that the fold holds out, as indices: nothing is chosen on them */
  held: number[];
  /** encoder that training starts from, or that is frozen, [p of the encoder] */
  start: Float32Array;
  /** statistics of its norms while it is frozen; measured on the training images where absent */
  statistics: Started["statistics"];
  /** seed and name of the views' stream: equal for arms that differ in their start alone */
  seed: number;
  stream: string;
  /** of everything else, equal in the same way: the names leave the arm out */
  random(...names: (string | number)[]): Rng;
}

/** @throws UserError where the data changed, or where there is nothing to start from */
export async function openFold(context: StageContext): Promise<Fold> {
  const { task } = context;
  const { study, fold, arm } = task;
  if (fold === null || arm === null)
    throw new RangeError(`finetune: the task must name a fold and an arm, got fold ${fold}${arm ? "" : " and no arm"}`);
  const data = await loadStudyData(task);
  const network = classifierNetwork(study.encoder, study.data.classes.length);
  const seed = trainingSeed(task);
  const random = (...names: (string | number)[]) => rngOf(seed, "finetune", fold, ...names);
  const { flat, statistics } = await startOf(context, network.encoder);
  return {
    ...{ task, arm, data, network, seed, random, statistics },
    classes: study.data.classes.length,
    images: labelledSubset(trainingIndices(data, fold), data, arm.labels, random("labelled")),
    held: heldOutIndices(data, fold),
    start: flat ?? initialise(network.encoder.specs, (name) => random("initial", name)),
    stream: `finetune/fold-${fold}`,
  };
}
