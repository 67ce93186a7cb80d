/** @file What held-out predictions say of one arm: ranking by raw scores, probabilities after the temperature of the inner split. */
import type { Evaluation, Interval } from "../../src/config/results.ts";
import { auroc } from "../../src/metrics/auroc.ts";
import { averagePrecision } from "../../src/metrics/average-precision.ts";
import { brier } from "../../src/metrics/brier.ts";
import { groupBootstrap, pick } from "../../src/metrics/group-bootstrap.ts";
import { mean } from "../../src/metrics/moments.ts";
import { rocCurve, thinRoc } from "../../src/metrics/roc-curve.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import type { ArmPredictions, Cases, EvaluationTerms } from "./terms.ts";

type Metric = (labels: ArrayLike<number>, values: ArrayLike<number>) => number;
type ArmEvaluation = Omit<Evaluation["models"][number], "name" | "arm">;

export function evaluateArm({ replicates }: ArmPredictions, cases: Cases, { data, seed, analysis }: EvaluationTerms): ArmEvaluation {
  const { labels, groups } = cases;
  const scores = replicates.map((rows) => rows.map((row) => row.score));
  const probabilities = replicates.map((rows) => rows.map((row) => row.probability));
  /** Mean over trainings; a group is drawn in all of them together, for it is one patient. */
  const interval = (name: string, metric: Metric, values: readonly number[][]): Interval =>
    groupBootstrap({
      groups,
      labels,
      statistic: (chosen) => {
        const dealt = pick(labels, chosen);
        return mean(values.map((one) => metric(dealt, pick(one, chosen))));
      },
      bootstraps: analysis.bootstraps,
      rng: rngOf(seed, "evaluate", name),
    });
  const foldAuroc = range(data.folds).map((fold) => {
    const found = replicates.map((rows, r) => {
      const held = range(rows.length).filter((i) => rows[i].fold === fold);
      return auroc(
        held.map((i) => labels[i]),
        held.map((i) => scores[r][i]),
      );
    });
    return found.some(Number.isNaN) ? null : mean(found);
  });
  /** of all trainings together: the mean probability of each image */
  const together = labels.map((_, i) => mean(probabilities.map((one) => one[i])));
  return {
    trainings: replicates.length,
    auroc: interval("auroc", auroc, scores),
    averagePrecision: interval("average-precision", averagePrecision, scores),
    brier: interval("brier", brier, probabilities),
    ensembleAuroc: replicates.length > 1 ? interval("auroc", auroc, [together]) : null,
    foldAuroc,
    roc: thinRoc(rocCurve(labels, replicates.length > 1 ? together : scores[0])),
  };
}
