/** @file The first arm against each other one on the same images: paired ΔAUROC three ways, and the sentence that says what it means. */
import { armName } from "../../src/config/arm.ts";
import type { ModelComparison } from "../../src/config/evaluation.ts";
import { auroc } from "../../src/metrics/auroc.ts";
import { compareMeanAurocs } from "../../src/metrics/compare-aurocs.ts";
import { correctedResampledT } from "../../src/metrics/corrected-resampled-t.ts";
import { delongTest } from "../../src/metrics/delong.ts";
import { holm } from "../../src/metrics/holm.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import type { ArmPredictions, Cases, EvaluationTerms } from "./terms.ts";

export function compareArms([first, ...others]: readonly ArmPredictions[], cases: Cases, terms: EvaluationTerms): ModelComparison[] {
  const compared = others.map((other) => compare(first, other, cases, terms));
  const adjusted = holm(compared.map(({ p }) => p));
  return compared.map((one, i) => ({
    ...one,
    pHolm: adjusted[i],
    sentence: sentence(one, adjusted[i], others.length, cases, first.replicates.length),
  }));
}

const nameOf = ({ arm, name }: ArmPredictions): string => name ?? armName(arm);

type Compared = Omit<ModelComparison, "pHolm" | "sentence">;

/** `a` minus `b`. */
function compare(a: ArmPredictions, b: ArmPredictions, { labels, groups }: Cases, { seed, analysis, data }: EvaluationTerms): Compared {
  const scoresOf = ({ replicates }: ArmPredictions) => replicates.map(({ predictions }) => predictions.map((row) => row.score));
  const [first, second] = [scoresOf(a), scoresOf(b)];
  const rng = rngOf(seed, "evaluate", "comparison");
  const { delta, p } = compareMeanAurocs({ labels, groups, a: first, b: second, ...analysis, rng });
  const byFold = a.replicates.flatMap(({ predictions }, r) =>
    range(data.folds).map((fold) => {
      const held = range(labels.length).filter((i) => predictions[i].fold === fold);
      const of = (scores: readonly number[]) =>
        auroc(
          held.map((i) => labels[i]),
          held.map((i) => scores[i]),
        );
      return of(first[r]) - of(second[r]);
    }),
  );
  const pDelong = first.length === 1 ? delongTest(labels, first[0], second[0]).p : NaN;
  return {
    ...{ a: nameOf(a), b: nameOf(b), delta, p },
    pDelong: Number.isNaN(pDelong) ? null : pDelong,
    foldT: foldT(byFold, data.folds),
  };
}

/** Folds share training images, which Nadeau & Bengio's correction counts in; sizes as shares. */
function foldT(differences: readonly number[], folds: number): ModelComparison["foldT"] {
  if (differences.length < 2 || differences.some(Number.isNaN)) return null;
  const { mean, low, high, p } = correctedResampledT(differences, { trainSize: folds - 1, testSize: 1 });
  return Number.isNaN(p) ? null : { mean, low, high, p };
}

function sentence({ a, b, delta, p }: Compared, adjusted: number, comparisons: number, { groups }: Cases, trainings: number): string {
  const judged = comparisons > 1 ? adjusted : p;
  const found = judged > 0.05 ? "the data do not tell them apart" : `${delta.estimate > 0 ? a : b} ranks better`;
  const [means, holms] = [
    trainings > 1 ? `, means over ${trainings} trainings` : "",
    comparisons > 1 ? `, ${adjusted.toFixed(3)} after Holm` : "",
  ];
  return `AUROC of ${a} minus ${b}: ${delta.estimate.toFixed(3)} (95 % interval ${delta.low.toFixed(3)} to ${delta.high.toFixed(3)}, p = ${p.toFixed(3)}${holms}, ${new Set(groups).size} groups${means}): ${found}.`;
}
