/** @file What held-out predictions say of one baseline, on the images of which it says something. */
import type { Baseline } from "../../src/config/baselines.ts";
import type { Interval } from "../../src/config/interval.ts";
import { withinFoldAuroc } from "../../src/metrics/within-fold.ts";
import { aurocOf } from "../../src/metrics/auroc.ts";
import { brier } from "../../src/metrics/brier.ts";
import { compareMeanAurocs } from "../../src/metrics/compare-aurocs.ts";
import { pick } from "../../src/metrics/group-bootstrap.ts";
import { tallied } from "../../src/metrics/tallies.ts";
import { widenForFolds } from "../../src/metrics/widen-for-folds.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import { interval } from "../evaluation/resample.ts";
import type { EvaluationTerms } from "../evaluation/terms.ts";
import type { BaselineFeature, BaselinePredictions } from "./predictions.ts";

export interface JudgeTerms {
  terms: EvaluationTerms;
  /** what is compared with the baseline */
  arm?: {
    name: string;
    /** each with the deal whose folds it was trained on, and raw scores of all images, [n] */
    trainings: readonly { deal: number; scores: readonly number[] }[];
  };
}

type Against = Omit<NonNullable<Baseline["against"]>, "pHolm" | "sentence">;
export type Judged = Omit<Baseline, "against"> & { against: Against | null };

/**
 * @param deals one baseline on each deal of the folds
 * @param cases of all images, [n]: 1 = positive, and the index of the group
 */
export function judge(
  deals: readonly BaselinePredictions[],
  cases: { labels: readonly number[]; groups: readonly number[] },
  { terms, arm }: JudgeTerms,
): Judged {
  const { name, title, note, features, missing } = deals[0];
  const images = range(cases.labels.length).filter((i) => deals.every(({ predictions }) => predictions[i] !== null));
  const of = <T>(values: readonly T[]) => images.map((i) => values[i]);
  const [labels, groups] = [of(cases.labels), of(cases.groups)];
  const positives = labels.filter((label) => label === 1).length;
  const scores = deals.map(({ predictions }) => of(predictions).map((one) => one!.score));
  const probabilities = deals.map(({ predictions }) => of(predictions).map((one) => one!.probability));
  const among = { labels, groups: groups.map(String) };
  const areaOf = (values: readonly (readonly number[])[]): Interval | null =>
    interval(
      "auroc",
      values.map((one) => tallied(labels, one, aurocOf)),
      among,
      terms,
    );
  const found = {
    ...{ name, title, note, missing, positives },
    features: features.map((feature) => ({ name: feature.name, unit: feature.unit, auroc: alone(feature) })),
    images: images.length,
    groups: new Set(groups).size,
  };
  if (positives === 0 || positives === images.length) return { ...found, performance: null, against: null };
  const withinFolds = deals.map(({ predictions }, d) => {
    const held = of(predictions).map((one) => one!.fold);
    return withinFoldAuroc(labels, scores[d], held);
  });
  const within = interval("auroc", withinFolds, among, terms);
  const brierOf = probabilities.map((one) => (rows: Int32Array) => brier(pick(labels, rows), pick(one, rows)));
  return {
    ...found,
    performance: {
      auroc: areaOf(scores)!,
      procedureAuroc: within && widenForFolds(within, terms.data.folds),
      brier: interval("brier", brierOf, among, terms)!,
    },
    against: arm ? compared(arm) : null,
  };

  /** AUROC of the values as they are. */
  function alone({ values }: BaselineFeature): Interval | null {
    const own = of(values);
    if (own.some((value) => typeof value !== "number") || new Set(own).size < 2 || positives === 0 || positives === own.length) return null;
    return areaOf([own as number[]]);
  }

  function compared({ name: armName, trainings }: NonNullable<JudgeTerms["arm"]>): Against {
    const a = trainings.map((training) => of(training.scores));
    const b = trainings.map(({ deal }) => scores[deal]);
    const { delta, p } = compareMeanAurocs({ labels, groups, a, b, ...terms.analysis, rng: rngOf(terms.seed, "evaluate", "baseline") });
    return { arm: armName, auroc: areaOf(a)!, delta, p };
  }
}
