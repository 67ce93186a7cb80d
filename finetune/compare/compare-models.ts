/** @file Two models of two studies on the images that both held out: the paired comparison that arms of one study get. */
import type { ModelComparison } from "../../src/config/evaluation.ts";
import { UserError } from "../../src/util/user-error.ts";
import { compareArms } from "../evaluation/compare-arms.ts";
import type { ArmPredictions, EvaluationTerms } from "../evaluation/terms.ts";
import type { Prediction } from "../predictions.ts";

/** A model with the held-out predictions of its trainings, [trainings][images], each in an order of its own. */
export interface ComparedModel {
  /** "study: model" */
  name: string;
  arm: ArmPredictions["arm"];
  trainings: readonly (readonly Prediction[])[];
  /** the study's classes, the positive one last */
  classes: readonly string[];
}

export interface RunComparison extends Omit<ModelComparison, "pHolm"> {
  images: number;
  groups: number;
  /** images that only one of them has */
  leftOut: number;
  /** trainings of each that took part */
  trainings: number;
  /** whether both dealt these images to the same folds: else their training images differ too */
  sameFolds: boolean;
}

/**
 * AUROC of `a` minus that of `b`; groups are those of `a`.
 * @throws UserError where they have no image in common, differ in a class of one, or have one class left
 */
export function compareModels(
  a: ComparedModel,
  b: ComparedModel,
  { seed, analysis }: Pick<EvaluationTerms, "seed" | "analysis">,
): RunComparison {
  const positive = a.classes[a.classes.length - 1];
  if (b.classes[b.classes.length - 1] !== positive)
    throw new UserError(
      `${a.name} tells ${positive} and ${b.name} ${b.classes[b.classes.length - 1]} from other classes: compare models of one question`,
    );
  const trainings = Math.min(a.trainings.length, b.trainings.length);
  const known = new Set(b.trainings[0].map(({ image }) => image));
  const images = a.trainings[0]
    .map(({ image }) => image)
    .filter((image) => known.has(image))
    .sort();
  if (images.length === 0) throw new UserError(`${a.name} and ${b.name} have no held-out image in common: compare models of one data set`);
  const ofImages = ({ trainings: all }: ComparedModel) => all.slice(0, trainings).map((rows) => inOrder(rows, images));
  const [first, second] = [ofImages(a), ofImages(b)];
  const other = first[0].findIndex(({ label }, i) => (label === positive) !== (second[0][i].label === positive));
  if (other >= 0)
    throw new UserError(
      `the image ${images[other]} is ${first[0][other].label} in ${a.name} and ${second[0][other].label} in ${b.name}: compare models of one question`,
    );
  const labels = first[0].map(({ label }) => Number(label === positive));
  if (new Set(labels).size < 2)
    throw new UserError(`the ${images.length} images that ${a.name} and ${b.name} have in common are of one class`);
  const groups = first[0].map(({ group }) => group);
  const sameFolds = first.every((rows, t) => rows.every(({ fold }, i) => fold === second[t][i].fold));
  const folds = sameFolds ? new Set(first[0].map(({ fold }) => fold)).size : 1;
  const armOf = ({ name, arm }: ComparedModel, rows: Prediction[][]): ArmPredictions => ({
    ...{ name, arm },
    replicates: rows.map((predictions) => ({ predictions, calibrations: [] })),
  });
  const [{ pHolm: _of1, ...found }] = compareArms(
    [armOf(a, first), armOf(b, second)],
    { classOf: labels, labels, groups, attributes: new Map() },
    { data: { classes: [...a.classes], folds, repeats: 1 }, finetune: { seeds: trainings }, seed, transductive: false, analysis },
  );
  const leftOut = a.trainings[0].length + b.trainings[0].length - 2 * images.length;
  return { ...found, images: images.length, groups: new Set(groups).size, leftOut, trainings, sameFolds };
}

function inOrder(rows: readonly Prediction[], images: readonly string[]): Prediction[] {
  const of = new Map(rows.map((row) => [row.image, row]));
  return images.map((image) => of.get(image)!);
}
