/** @file One model that answers, whatever it is stored as. */
import { availableParallelism } from "node:os";
import { z } from "zod";
import { batchOf } from "../augment/batch.ts";
import type { OnnxMetadata } from "../config/onnx.ts";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { loadClassifier, type ArtifactReader } from "../explain/trained-classifier.ts";
import { describeModel } from "../onnx/describe-model.ts";
import { openOnnx } from "../onnx/run-onnx.ts";
import { range } from "../util/rng.ts";
import { UserError } from "../util/user-error.ts";

export interface Member {
  /** names it for people */
  source: string;
  metadata: OnnxMetadata;
  /**
   * Calibrated probabilities.
   * @param levels grey levels 0–255 of n frames, [n, size, size]
   * @returns [n, classes]
   */
  probabilities(levels: Uint8Array): Promise<Float32Array>;
  close(): Promise<void>;
}

/** More threads than this do not make a batch of small images faster. */
const THREADS = Math.min(4, availableParallelism());
const LEVELS = 255;

/** @throws UserError where the file is not one that sonomark exported */
export async function onnxMember(bytes: Uint8Array, source: string): Promise<Member> {
  const { metadata, run, close } = await openOnnx(bytes, source);
  return {
    source,
    metadata,
    probabilities: async (levels) => (await run(Float32Array.from(levels, (level) => level / LEVELS))).probabilities,
    close,
  };
}

/**
 * Weights and config, run by TensorFlow.js, which is started where it does not run yet.
 * @param reader where `model/classifier.safetensors` and `model/config.json` of `runId` are
 * @throws UserError where one of them is missing or damaged
 */
export async function weightsMember(reader: ArtifactReader, runId: string, source: string): Promise<Member> {
  await startEngine({ threads: THREADS });
  const { config, logits, dispose } = await loadClassifier(reader, runId).catch((cause: unknown) => {
    if (!(cause instanceof SyntaxError || cause instanceof z.ZodError)) throw cause;
    const said = cause instanceof z.ZodError ? z.prettifyError(cause) : cause.message;
    throw new UserError(
      `${source}: model/config.json is damaged or of another version of sonomark (${said.replace(/\s+/g, " ")}); fit the model again`,
      { status: 422, cause },
    );
  });
  const metadata = describeModel(config.encoder, config);
  const { imageSize: size, temperature } = metadata;
  return {
    source,
    metadata,
    probabilities(pixels) {
      const x = batchOf({ pixels, size }, range(pixels.length / size ** 2));
      try {
        return tf.tidy(() => tf.softmax(tf.div(logits(x), temperature))).data<"float32">();
      } finally {
        x.dispose();
      }
    },
    close: async () => dispose(),
  };
}
