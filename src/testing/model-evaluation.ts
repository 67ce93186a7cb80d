/** @file A model's evaluation with made-up numbers, for tests of what shows it. */
import { armName, type Arm } from "../config/arm.ts";
import type { ModelEvaluation } from "../config/evaluation.ts";
import { range } from "../util/rng.ts";

const line = (height: (x: number) => number): ModelEvaluation["roc"] => {
  const xs = range(21).map((k) => k / 20);
  return {
    points: xs.map((x): [number, number] => [x, height(x)]),
    band: xs.map((x) => ({ x, low: Math.max(0, height(x) - 0.1), high: Math.min(1, height(x) + 0.1) })),
  };
};

/** @param over what shall be otherwise */
export function modelEvaluation(arm: Arm, over: Partial<ModelEvaluation> = {}): ModelEvaluation {
  const half = { estimate: 0.5, low: 0.4, high: 0.625 };
  return {
    name: armName(arm),
    arm,
    trainings: 1,
    auroc: half,
    procedureAuroc: { estimate: 0.5, low: 0.35, high: 0.7 },
    delong: half,
    ensembleAuroc: null,
    foldAuroc: [0.51, null, 0.49],
    averagePrecision: half,
    sensitivityAt: [{ specificity: 0.9, sensitivity: half }],
    specificityAt: [{ sensitivity: 0.9, specificity: half }],
    roc: line((x) => x ** 0.4),
    precisionRecall: line((x) => 1 - x / 2),
    brier: half,
    logLoss: { estimate: 0.6, low: 0.5, high: 0.7 },
    calibrationError: { estimate: 0.05, low: 0.03, high: 0.1 },
    calibrationLine: { intercept: { estimate: 0.1, low: -0.2, high: 0.4 }, slope: { estimate: 0.8, low: 0.6, high: 1.1 } },
    reliability: line((x) => x),
    decision: range(10).map((k) => ({
      threshold: k / 10,
      model: 0.3 - 0.03 * k,
      low: 0.2 - 0.03 * k,
      high: 0.4 - 0.03 * k,
      all: 0.3 - 0.1 * k,
    })),
    temperatures: [1.2, 0.9],
    operating: [
      {
        ...{ rule: "youden", thresholds: [0.4, 0.6], sensitivity: half, specificity: half, ppv: half, npv: null },
        ...{ truePositives: 10, falsePositives: 10, trueNegatives: 10, falseNegatives: 10 },
      },
    ],
    confusion: [
      [10, 10],
      [10, 10],
    ],
    macroAuroc: null,
    strata: [{ by: "site", value: "a", images: 20, groups: 20, positives: 10, auroc: half }],
    ...over,
  };
}
