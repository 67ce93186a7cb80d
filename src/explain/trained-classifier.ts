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
  dispose(): void;
}

/** Where checkpoints come from; a tracking store is one. */
export interface ArtifactReader {
  readArtifact(runId: string, path: string): Promise<Uint8Array>;
}

/** Inference with these weights. The score is the log-odds of the second class: the difference of the two logits. */
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
        const [negative, positive] = tf.split(network.head(params, map), 2, 1) as [tf.Tensor2D, tf.Tensor2D]; // [n, 1] each
        return tf.squeeze<tf.Tensor1D>(tf.sub(positive, negative), [1]);
      },
    },
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
