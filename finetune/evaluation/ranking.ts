/** @file How well raw scores rank: areas, what is reached at a fixed rate, and the curves. */
import type { ModelEvaluation } from "../../src/config/evaluation.ts";
import { withinFoldAuroc } from "../../src/metrics/within-fold.ts";
import { aurocOf, auroc } from "../../src/metrics/auroc.ts";
import { averagePrecisionOf } from "../../src/metrics/average-precision.ts";
import { precisionRecallBand, rocBand } from "../../src/metrics/curve-band.ts";
import { delong } from "../../src/metrics/delong.ts";
import { mean } from "../../src/metrics/moments.ts";
import { precisionRecallCurve, thinPrecisionRecall } from "../../src/metrics/precision-recall-curve.ts";
import { rocCurve, thinRoc } from "../../src/metrics/roc-curve.ts";
import { sensitivityAtSpecificityOf, specificityAtSensitivityOf } from "../../src/metrics/sensitivity-at-specificity.ts";
import { widenForFolds } from "../../src/metrics/widen-for-folds.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import { interval, intervalOf } from "./resample.ts";
import type { ArmPredictions, Cases, EvaluationTerms } from "./terms.ts";

/** Rates that are fixed: of 10 and of 20 healthy ones one is alarmed, or of so many ill ones one is missed. */
const FIXED = [0.9, 0.95];
const GRID = range(51).map((k) => k / 50);

type Ranking = Pick<
  ModelEvaluation,
  | "auroc"
  | "procedureAuroc"
  | "delong"
  | "ensembleAuroc"
  | "foldAuroc"
  | "averagePrecision"
  | "sensitivityAt"
  | "specificityAt"
  | "roc"
  | "precisionRecall"
>;

export function ranking({ replicates }: ArmPredictions, cases: Cases, terms: EvaluationTerms): Ranking {
  const { labels, groups } = cases;
  const scores = replicates.map(({ predictions }) => predictions.map(({ score }) => score));
  const several = replicates.length > 1;
  /** of all trainings together: the mean probability of each image */
  const together = labels.map((_, i) => mean(replicates.map(({ predictions }) => predictions[i].probability)));
  const shown = several ? together : scores[0];
  const band = { labels, groups, scores: shown, bootstraps: terms.analysis.bootstraps, rng: rngOf(terms.seed, "evaluate", "band") };
  const drop = (points: { x: number; low: number; high: number }[]) => points.map(({ x, low, high }) => ({ x, low, high }));
  const area = intervalOf("auroc", aurocOf, scores, cases, terms);
  const withinFolds = replicates.map(({ predictions }, r) =>
    withinFoldAuroc(
      labels,
      scores[r],
      predictions.map(({ fold }) => fold),
    ),
  );
  return {
    auroc: area,
    // one fold shares no training images with another: an external test
    procedureAuroc: terms.data.folds === 1 ? area : widenForFolds(interval("auroc", withinFolds, cases, terms)!, terms.data.folds),
    delong: several ? null : delongInterval(labels, scores[0]),
    ensembleAuroc: several ? intervalOf("auroc", aurocOf, [together], cases, terms) : null,
    foldAuroc: range(terms.data.folds).map((fold) => foldAuroc(fold)),
    averagePrecision: intervalOf("average-precision", averagePrecisionOf, scores, cases, terms),
    sensitivityAt: FIXED.map((specificity) => ({
      specificity,
      sensitivity: intervalOf(
        "sensitivity",
        (tallies) => sensitivityAtSpecificityOf(tallies, specificity).sensitivity,
        scores,
        cases,
        terms,
      ),
    })),
    specificityAt: FIXED.map((sensitivity) => ({
      sensitivity,
      specificity: intervalOf(
        "specificity",
        (tallies) => specificityAtSensitivityOf(tallies, sensitivity).specificity,
        scores,
        cases,
        terms,
      ),
    })),
    roc: { points: thinRoc(rocCurve(labels, shown)), band: drop(rocBand(band, GRID)) },
    precisionRecall: { points: thinPrecisionRecall(precisionRecallCurve(labels, shown)), band: drop(precisionRecallBand(band, GRID)) },
  };

  function foldAuroc(fold: number): number | null {
    const found = replicates.map(({ predictions }, r) => {
      const held = range(predictions.length).filter((i) => predictions[i].fold === fold);
      return auroc(
        held.map((i) => labels[i]),
        held.map((i) => scores[r][i]),
      );
    });
    return found.some(Number.isNaN) ? null : mean(found);
  }
}

function delongInterval(labels: readonly number[], scores: readonly number[]): ModelEvaluation["delong"] {
  const { auroc: estimate, low, high } = delong(labels, scores);
  return Number.isFinite(low) && Number.isFinite(high) ? { estimate, low, high } : null;
}
