/** @file What a search of seven trials over three folds found, made up by hand, for tests of what shows it. */
import { evaluationSchema, type Evaluation } from "../config/evaluation.ts";
import { tuneSchema, type Trial } from "../config/tune.ts";
import type { Tuned, TuneFile } from "../config/tuned.ts";
import { modelEvaluation } from "./model-evaluation.ts";

const trial = (number: number, rate: number, crop: [number, number], folds: number[], over: Partial<Trial> = {}): Trial => ({
  ...{ number, params: { "finetune.optimiser.learningRate": rate, "finetune.augment.cropScale": crop }, state: "complete", steps: {} },
  value: folds.reduce((sum, value) => sum + value, 0) / folds.length,
  folds: Object.fromEntries(folds.entries()),
  ...over,
});

export const foundFile: TuneFile = {
  ...{ study: "found", jobs: 2, folds: 3, own: true },
  config: tuneSchema.parse({
    space: [
      { kind: "float", path: "finetune.optimiser.learningRate", low: 0.001, high: 0.1, log: true },
      {
        kind: "category",
        path: "finetune.augment.cropScale",
        choices: [
          [0.4, 1],
          [0.7, 1],
        ],
      },
    ],
    trials: 7,
  }),
  trials: [
    trial(0, 0.01, [0.7, 1], [0.7, 0.72, 0.74]),
    trial(1, 0.02, [0.4, 1], [0.8, 0.7, 0.78]),
    trial(2, 0.1, [0.4, 1], [0.5, 0.52], { state: "pruned" }),
    trial(3, 0.09, [0.7, 1], [], { state: "failed", value: null, reason: "the loss is <NaN> at epoch 2" }),
    trial(4, 0.015, [0.4, 1], [0.75, 0.76, 0.8]),
    trial(5, 0.001, [0.7, 1], [0.6, 0.61, 0.59]),
    trial(6, 0.003, [0.7, 1], [0.65, 0.64, 0.66]),
  ],
};

const chosen = (fold: number, number: number): Tuned["byFold"][number] => {
  const { params, folds } = foundFile.trials[number];
  return { fold, trial: number, inner: folds[fold], params, candidates: fold === 2 ? 5 : 6 };
};

export const found: Tuned = {
  ...{ metric: "auroc", direction: "maximise", strict: false },
  counts: { complete: 5, pruned: 1, failed: 1 },
  byFold: [chosen(0, 1), chosen(1, 4), chosen(2, 4)],
  best: { trial: 4, value: foundFile.trials[4].value!, params: foundFile.trials[4].params },
  own: { trial: 0, value: foundFile.trials[0].value! },
  importance: [
    { path: "finetune.optimiser.learningRate", divergence: 3, share: 0.75, trials: 5 },
    { path: "finetune.augment.cropScale", divergence: 1, share: 0.25, trials: 5 },
  ],
};

const arm = { protocol: "finetune", initialisation: "pretrained", labels: 1 } as const;
const of = (names: string[], over: Parameters<typeof modelEvaluation>[1] = {}): Evaluation =>
  evaluationSchema.parse({
    ...{ classes: ["benign", "malignant"], targets: ["benign", "malignant"], images: 128, groups: 64, positives: 64, folds: 3 },
    ...{ repeats: 1, seeds: 1, transductive: false, comparisons: [], shortcuts: null, baselines: [] },
    models: names.map((name) => modelEvaluation(arm, { name, ...over })),
  });
export const foundEvaluation = of(["tuned", "default"]);
export const foundOptimistic = of(["best"], { auroc: { estimate: 0.875, low: 0.75, high: 0.9375 } });
