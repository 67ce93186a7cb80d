/** @file BUSI at 64 pixels, searched: the study busi-simclr-64 with the settings that its fine-tuning depends on most. Give the data with --data busi:<folder>. */
import type { StudyInput } from "../src/config/study.ts";
import type { StudyTuneInput } from "../src/config/tune-study.ts";
import busi from "./busi-simclr-64.ts";

export default { ...busi, name: "busi-tune-64" } satisfies StudyInput;

export const tune = {
  space: [
    { kind: "float", path: "finetune.optimiser.learningRate", low: 0.001, high: 0.3, log: true },
    { kind: "float", path: "finetune.optimiser.weightDecay", low: 1e-5, high: 0.1, log: true },
    { kind: "float", path: "finetune.headRate", low: 0.5, high: 50, log: true },
    { kind: "int", path: "finetune.epochs", low: 10, high: 60, step: 10 },
    {
      kind: "category",
      path: "finetune.augment.cropScale",
      choices: [
        [0.4, 1],
        [0.7, 1],
        [1, 1],
      ],
    },
    { kind: "category", path: "pretrain.method.temperature", choices: [0.1, 0.2, 0.5] },
  ],
  sampler: { name: "sobol" },
  trials: 32,
} satisfies StudyTuneInput;
