/** @file The first arm against another one on the same images: paired ΔAUROC, and the sentence that says what it means. */
import { armName } from "../../src/config/arm.ts";
import type { Evaluation } from "../../src/config/results.ts";
import { compareMeanAurocs } from "../../src/metrics/compare-aurocs.ts";
import { rngOf } from "../../src/util/rng.ts";
import type { ArmPredictions, Cases, EvaluationTerms } from "./terms.ts";

/** `a` minus `b`. */
export function compareArms(
  a: ArmPredictions,
  b: ArmPredictions,
  { labels, groups }: Cases,
  { seed, analysis }: EvaluationTerms,
): Evaluation["comparisons"][number] {
  const scoresOf = ({ replicates }: ArmPredictions) => replicates.map((rows) => rows.map((row) => row.score));
  const { delta, p } = compareMeanAurocs({
    ...{ labels, groups, a: scoresOf(a), b: scoresOf(b), ...analysis },
    rng: rngOf(seed, "evaluate", "comparison"),
  });
  const [nameA, nameB] = [armName(a.arm), armName(b.arm)];
  const found = p > 0.05 ? "the data do not tell them apart" : `${delta.estimate > 0 ? nameA : nameB} ranks better`;
  const trainings = a.replicates.length > 1 ? `, means over ${a.replicates.length} trainings` : "";
  const sentence = `AUROC of ${nameA} minus ${nameB}: ${delta.estimate.toFixed(3)} (95 % interval ${delta.low.toFixed(3)} to ${delta.high.toFixed(3)}, p = ${p.toFixed(3)}, ${new Set(groups).size} groups${trainings}): ${found}.`;
  return { a: nameA, b: nameB, delta, p, sentence };
}
