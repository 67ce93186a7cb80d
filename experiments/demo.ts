/** @file The demo: the whole idea on 128 real images in two minutes. Small on purpose; see docs/results/demo.md for what it can and cannot show. */
import type { StudyInput } from "../src/config/study.ts";

export default {
  name: "demo",
  description: "SimCLR on 64 patients of BUS-BRA, fine-tuned under 3 grouped folds, explained and tested. A demonstration, not evidence.",
  seed: 7,
  data: { source: "bus-bra:experiments/sample/BUSBRA", imageSize: 64, folds: 3 },
  encoder: { name: "resnet10", width: 16, outputStride: 8 },
  pretrain: { method: { name: "simclr", temperature: 0.2 }, epochs: 60, batchSize: 32 },
  finetune: { initialisations: ["pretrained", "scratch"], epochs: 40, batchSize: 32 },
} satisfies StudyInput;
