/** @file Small studies whose truth is known: cheap features of grouped images, cross-validated, with labels that mean nothing unless a shift is planted. */
import { foldsOf } from "../data/folds/folds.ts";
import { fitLogistic, predictLogistic } from "../metrics/logistic.ts";
import { normalCdf } from "../metrics/normal.ts";
import { range, rngOf, shuffle, type Rng } from "../util/rng.ts";

/** How cases are dealt to folds. */
export type Dealing = "grouped, stratified" | "grouped, not stratified" | "random images";

export interface NoiseStudyOptions {
  groups: number;
  features: number;
  folds: number;
  model: "logistic" | "nearest neighbours";
  dealing?: Dealing;
  /** what an image has for itself, beside what it shares with its group (1); near 0 the images of a group are near-duplicates */
  own?: number;
  /** how much higher each feature of a positive is; 0 plants nothing */
  shift?: number;
  /** groups of another sample of the same kind, that every fold's logistic model is asked about */
  external?: number;
}

/** Another sample of the same kind. */
export interface NoiseSample {
  groups: number[];
  labels: number[];
  /** by the model of each fold, [folds][images] */
  scores: Float64Array[];
}

export interface NoiseStudy {
  groups: number[];
  labels: number[];
  folds: Int32Array;
  /** [images] out of fold */
  scores: Float64Array;
  /** mean over folds of the AUROC that the fold's model has on new images; 0.5 where nothing is planted, NaN for neighbours on planted data */
  truth: number;
  /** with no group where none was asked for */
  external: NoiseSample;
}

interface Drawn {
  groups: number[];
  labels: number[];
  /** [features][images] */
  columns: Float64Array[];
}

/** `count` groups of 1–3 images, a third of them positive. */
function draw(rng: Rng, count: number, { features, own = 0.5, shift = 0 }: Pick<NoiseStudyOptions, "features" | "own" | "shift">): Drawn {
  const groups = range(count).flatMap((group) => range(1 + (group % 3)).map(() => group));
  const positive = shuffle(
    range(count).map((i) => (i < count / 3 ? 1 : 0)),
    rng,
  );
  const labels = groups.map((group) => positive[group]);
  const columns = range(features).map(() => {
    const shared = range(count).map(() => rng.normal());
    return Float64Array.from(groups, (group, i) => shift * labels[i] + shared[group] + own * rng.normal());
  });
  return { groups, labels, columns };
}

/** A study of groups of 1–3 images, a third of the groups positive. */
export function noiseStudy(seed: number, options: NoiseStudyOptions): NoiseStudy {
  const { groups: count, folds: k, model, dealing = "grouped, stratified", own = 0.5, shift = 0 } = options;
  const { groups, labels, columns } = draw(rngOf(seed, "noise study"), count, options);
  const other = draw(rngOf(seed, "noise study", "external"), options.external ?? 0, options);
  const external: NoiseSample = { groups: other.groups, labels: other.labels, scores: [] };
  const folds = deal(dealing, groups, labels, k, seed);
  const scores = new Float64Array(labels.length);
  let truth = 0;
  for (const fold of range(k)) {
    const [training, held] = [true, false].map((trains) => range(labels.length).filter((i) => (folds[i] !== fold) === trains));
    const of = (rows: number[]) => columns.map((column) => Float64Array.from(rows, (row) => column[row]));
    const trained = training.map((row) => labels[row]);
    if (model === "logistic") {
      const fitted = fitLogistic(of(training), trained, { penalty: 1 });
      predictLogistic(fitted, of(held)).forEach((p, i) => (scores[held[i]] = p));
      external.scores.push(predictLogistic(fitted, other.columns));
      const [along, length] = fitted.weights.reduce(([sum, squares], weight) => [sum + shift * weight, squares + weight ** 2], [0, 0]);
      truth += normalCdf(along / Math.sqrt(2 * (1 + own ** 2) * length)) / k; // two normal scores of the same spread
    } else {
      for (const row of held) scores[row] = neighbourShare(columns, labels, training, row);
      truth += (shift === 0 ? 0.5 : NaN) / k;
    }
  }
  return { groups, labels, folds, scores, truth, external };
}

function deal(dealing: Dealing, groups: number[], labels: number[], k: number, seed: number): Int32Array {
  if (dealing === "random images") {
    const order = shuffle(range(groups.length), rngOf(seed, "random folds"));
    const folds = new Int32Array(groups.length);
    order.forEach((row, at) => (folds[row] = at % k));
    return folds;
  }
  const label = (i: number) => (dealing === "grouped, stratified" ? String(labels[i]) : "");
  return foldsOf(
    groups.map((group, i) => ({ group: String(group), label: label(i) })),
    k,
    seed,
  );
}

/** Share of positives among the 5 nearest training images, the nearest weighing a little more so that there are few ties. */
function neighbourShare(columns: readonly Float64Array[], labels: number[], training: number[], row: number): number {
  const distance = (other: number) => columns.reduce((sum, column) => sum + (column[other] - column[row]) ** 2, 0);
  const near = training
    .map((other) => ({ other, far: distance(other) }))
    .sort((a, b) => a.far - b.far)
    .slice(0, 5);
  return near.reduce((sum, { other }, at) => sum + labels[other] * (1 - 0.01 * at), 0) / near.length;
}
