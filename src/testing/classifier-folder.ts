/** @file A classifier that nobody trained, stored as fine-tuning stores one, and as ONNX. */
import type { ClassifierModel } from "../config/model.ts";
import { encodeWeights } from "../models/weights.ts";
import { exportOnnx } from "../onnx/export-onnx.ts";
import { randomClassifier } from "./classifiers.ts";

export const storedClasses = ["benign", "malignant"];
const encoder = { name: "resnet10", width: 4, outputStride: 8 } as const;

/** @param seed of its weights */
export function storedClassifier(seed: number, { imageSize = 32, youden = 0.5 } = {}) {
  const made = randomClassifier(encoder, storedClasses.length, seed);
  const config: ClassifierModel = {
    ...{ encoder, imageSize, fold: seed, classes: storedClasses },
    arm: { protocol: "finetune", initialisation: "scratch", labels: 1 },
    calibration: {
      ...{ temperature: 1.5, thresholds: { youden, cost: 0.2 } },
      ...{ epochs: 1, images: 10, groups: 5, auroc: 0.7, logLoss: 0.6 },
    },
  };
  const files: Record<string, string | Uint8Array> = {
    "model/classifier.safetensors": encodeWeights(made.network, made.weights),
    "model/config.json": JSON.stringify(config),
    "m.onnx": exportOnnx({ ...made, ...config }),
  };
  return { ...made, config, files };
}
