/** @file What the thresholds that inner splits chose do on held-out images: each fold's own threshold on its own images. */
import { thresholdRuleSchema, type ThresholdRule } from "../../src/config/calibration.ts";
import type { Operating } from "../../src/config/evaluation.ts";
import { mean } from "../../src/metrics/moments.ts";
import { interval } from "./resample.ts";
import type { ArmPredictions, Cases, EvaluationTerms } from "./terms.ts";

/** Cases by truth and by what was said: true and false positives, true and false negatives. */
type Counts = Record<"tp" | "fp" | "tn" | "fn", number>;

export function operating({ replicates }: ArmPredictions, cases: Cases, terms: EvaluationTerms): Operating[] {
  const chosen = replicates.flatMap(({ calibrations }) => calibrations);
  if (!chosen.every((found) => found !== null)) return [];
  return thresholdRuleSchema.options.map((rule) => {
    const thresholds = chosen.map((found) => found.thresholds[rule]);
    const called = replicates.map((one) => calledPositive(one, rule));
    const all = Int32Array.from(cases.labels.keys());
    const counts = called.map((said) => countsAt(all, said, cases.labels));
    const rate = (name: string, of: (counts: Counts) => number) =>
      interval(
        name,
        called.map((said) => (rows: Int32Array) => of(countsAt(rows, said, cases.labels))),
        cases,
        terms,
      );
    /** undefined in too many resamples where hardly anything is called so */
    const value = (name: string, of: (counts: Counts) => number) => (counts.every((one) => of(one) > 0) ? rate(name, of) : null);
    return {
      rule,
      thresholds: [Math.min(...thresholds), Math.max(...thresholds)],
      sensitivity: rate("operating", ({ tp, fn }) => tp / (tp + fn))!,
      specificity: rate("operating", ({ tn, fp }) => tn / (tn + fp))!,
      ppv: value("operating", ({ tp, fp }) => (tp + fp > 0 ? tp / (tp + fp) : 0)),
      npv: value("operating", ({ tn, fn }) => (tn + fn > 0 ? tn / (tn + fn) : 0)),
      truePositives: mean(counts.map(({ tp }) => tp)),
      falsePositives: mean(counts.map(({ fp }) => fp)),
      trueNegatives: mean(counts.map(({ tn }) => tn)),
      falseNegatives: mean(counts.map(({ fn }) => fn)),
    };
  });
}

const calledPositive = ({ predictions, calibrations }: ArmPredictions["replicates"][number], rule: ThresholdRule): boolean[] =>
  predictions.map(({ probability, fold }) => probability >= calibrations[fold]!.thresholds[rule]);

function countsAt(rows: Int32Array, said: readonly boolean[], labels: readonly number[]): Counts {
  const counts: Counts = { tp: 0, fp: 0, tn: 0, fn: 0 };
  for (const row of rows) {
    if (said[row]) counts[labels[row] === 1 ? "tp" : "fp"]++;
    else counts[labels[row] === 1 ? "fn" : "tn"]++;
  }
  return counts;
}
