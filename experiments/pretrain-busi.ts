/** @file What pretraining is worth on BUSI at 64 pixels: `npm run bench -- pretrain-busi` runs it for every method and seed. Give the data with --data busi:<folder>. */
import type { StudyInput } from "../src/config/study.ts";

export default {
  name: "pretrain-busi",
  description: "Pretraining inside the training folds of BUSI, benign against malignant, measured with few and with all labels.",
  data: { source: "busi:data/Dataset_BUSI_with_GT", imageSize: 64, folds: 5 },
  encoder: { name: "resnet10", width: 16, outputStride: 8 },
  pretrain: { epochs: 45, batchSize: 64 },
  finetune: { epochs: 20, batchSize: 32 },
} satisfies StudyInput;
