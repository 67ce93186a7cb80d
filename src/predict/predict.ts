/** @file Predicts files one after the other in batches: what cannot be read is told, and the others go on. */
import { readFile } from "node:fs/promises";
import { messageOf, UserError } from "../util/user-error.ts";
import { decide, type Ensemble, type Threshold } from "./ensemble.ts";
import { framesOf, type PredictedFrame } from "./frames-of.ts";
import type { InputFile } from "./input-files.ts";

/** Frames that are in memory at once. */
const BATCH = 32;

export interface Prediction {
  file: string;
  /** calibrated, in the order of the classes */
  probabilities: number[];
  /** probability of the positive class */
  score: number;
  decision: string;
}

export interface PredictOptions {
  ensemble: Ensemble;
  /** without one the most probable class is decided for */
  threshold: Threshold | undefined;
  /** is told, in a sentence, what cannot be read */
  failed: (file: string, reason: string) => void;
}

/** A prediction for each frame of each file, in their order; files that cannot be read have none from where they break off. */
export async function* predict(files: readonly InputFile[], { ensemble, threshold, failed }: PredictOptions): AsyncGenerator<Prediction> {
  const { imageSize: size, classes, positiveClass } = ensemble;
  const positive = classes.indexOf(positiveClass);
  let batch: PredictedFrame[] = [];
  async function* flush(): AsyncGenerator<Prediction> {
    const levels = new Uint8Array(batch.length * size * size);
    batch.forEach((frame, i) => levels.set(frame.levels, i * size * size));
    const rows = batch.length === 0 ? [] : await ensemble.probabilities(levels);
    for (const [i, probabilities] of rows.entries())
      yield { file: batch[i].name, probabilities, score: probabilities[positive], decision: decide(ensemble, probabilities, threshold) };
    batch = [];
  }
  for (const { name, path } of files) {
    try {
      for await (const frame of framesOf(await bytesOf(path, name), name, size)) {
        batch.push(frame);
        if (batch.length === BATCH) yield* flush();
      }
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failed(name, error.message);
    }
  }
  yield* flush();
}

const bytesOf = (path: string, name: string): Promise<Buffer> =>
  readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const reason =
      cause.code === "ENOENT"
        ? "there is no such file; check the path"
        : `the file cannot be read (${messageOf(cause)}); check its permissions`;
    throw new UserError(`${name}: ${reason}`, { status: 404, cause });
  });
