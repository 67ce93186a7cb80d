/** @file A fine-tuned checkpoint as the two functions that attribution needs. */
import { classifierModelSchema, type ClassifierModel } from "../config/model.ts";
import { tf } from "../engine/tf.ts";
import { classifierNetwork, type ClassifierNetwork } from "../models/classifier-network.ts";
import { unflatten, type Params } from "../models/network.ts";
import { fixedMode } from "../models/norm-statistics.ts";
import { decodeWeights, type Weights } from "../models/weights.ts";
import type { Classifier } from "./classifier.ts";

/** A classifier with tensors of its own. */
export interface TrainedClassifier {
  classifier: Classifier;
  /** x [n, h, w, 1] → raw logits [n, classes], of which the classifier's score is made; belongs to the caller's tidy */
  logits(x: tf.Tensor4D): tf.Tensor2D;
  dispose(): void;
}

/** Where checkpoints come from; a tracking store is one. */
export interface ArtifactReader {
  readArtifact(runId: string, path: string): Promise<Uint8Array>;
}

/** Inference with these weights. The score is the log-odds of the last class against all others: with two classes the difference of the logits. */
export function trainedClassifier(network: ClassifierNetwork, { flat, statistics }: Weights, size: number): TrainedClassifier {
  let params: Params = new Map();
  tf.tidy(() => {
    params = unflatten(tf.tensor1d(flat), network.specs);
    for (const tensor of params.values()) tf.keep(tensor); // a tidy would dispose what a Map holds
  });
  const { mode, dispose } = fixedMode(statistics);
  return {
    classifier: {
      size,
      featureMap: (x) => network.encoder.featureMap(params, x, mode),
      scoreOfMap(map) {
        const logits = network.head(params, map);
        const others = logits.shape[1] - 1;
        const [rest, positive] = tf.split(logits, [others, 1], 1) as [tf.Tensor2D, tf.Tensor2D]; // [n, others], [n, 1]
        const negative = others === 1 ? tf.squeeze<tf.Tensor1D>(rest, [1]) : tf.logSumExp<tf.Tensor1D>(rest, 1);
        return tf.sub(tf.squeeze<tf.Tensor1D>(positive, [1]), negative);
      },
    },
    logits: (x) => network.logits(params, x, mode),
    dispose() {
      dispose();
      tf.dispose([...params.values()]);
    },
  };
}

/**
 * The classifier of a fine-tuning run.
 * @throws UserError where the run has no such model, or the checkpoint is damaged
 */
export async function loadClassifier(store: ArtifactReader, runId: string): Promise<TrainedClassifier & { config: ClassifierModel }> {
  const config = classifierModelSchema.parse(
    JSON.parse(Buffer.from(await store.readArtifact(runId, "model/config.json")).toString("utf8")),
  );
  const network = classifierNetwork(config.encoder, config.classes.length);
  const weights = decodeWeights(
    network,
    await store.readArtifact(runId, "model/classifier.safetensors"),
    `model/classifier.safetensors of run ${runId}`,
  );
  return { config, ...trainedClassifier(network, weights, config.imageSize) };
}
