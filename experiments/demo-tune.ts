/** @file A search over the demo's settings, small enough to try: docs/tuning.md shows what it prints. Evidence of nothing: 64 patients. */
import type { StudyInput } from "../src/config/study.ts";
import type { StudyTuneInput } from "../src/config/tune-study.ts";
import demo from "./demo.ts";

export default {
  ...demo,
  name: "demo-tune",
  description: "How a search goes, on 64 patients of BUS-BRA. A demonstration, not evidence.",
  pretrain: { ...demo.pretrain, epochs: 10 },
  finetune: { ...demo.finetune, epochs: 10, inner: { folds: 3 } },
} satisfies StudyInput;

export const tune = {
  space: [
    { kind: "float", path: "finetune.optimiser.learningRate", low: 0.002, high: 0.2, log: true },
    { kind: "float", path: "finetune.headRate", low: 1, high: 20, log: true },
    {
      kind: "category",
      path: "finetune.augment.cropScale",
      choices: [
        [0.4, 1],
        [0.7, 1],
        [1, 1],
      ],
    },
    { kind: "category", path: "pretrain.method.temperature", choices: [0.1, 0.2] },
  ],
  sampler: { name: "sobol" },
  trials: 16,
} satisfies StudyTuneInput;
