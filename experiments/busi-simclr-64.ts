/** @file BUSI at 64 pixels: benign against malignant, SimCLR inside the training folds. Give the data with --data busi:<folder>. */
import type { StudyInput } from "../src/config/study.ts";

export default {
  name: "busi-simclr-64",
  description:
    "SimCLR inside the training folds of BUSI, benign against malignant. BUSI has no patient ids: groups are exact duplicates only.",
  seed: 7,
  data: { source: "busi:data/Dataset_BUSI_with_GT", imageSize: 64, folds: 5 },
  encoder: { name: "resnet10", width: 16, outputStride: 8 },
  pretrain: { method: { name: "simclr", temperature: 0.2 }, epochs: 60, batchSize: 64 },
  finetune: { initialisations: ["pretrained", "scratch"], epochs: 30, batchSize: 32 },
} satisfies StudyInput;
