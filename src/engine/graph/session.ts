/** @file A SavedModel in a TensorFlow session, run on native tensors: no number passes through JavaScript. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { tf } from "../tf.ts";
import { nativeBackend } from "./native-backend.ts";
import { TAG, type SavedModel } from "./saved-model.ts";

export interface Session {
  /** @returns new tensors in the caller's tidy */
  run(inputs: readonly tf.Tensor[]): tf.Tensor[];
  close(): void;
}

/**
 * The model stands in a temporary folder while TensorFlow reads it.
 * @throws Error of TensorFlow's where it does not accept the model, or of the file system's
 */
export function openSession({ chunks, inputs, outputs }: SavedModel): Session {
  const backend = nativeBackend();
  const folder = mkdtempSync(join(tmpdir(), "sonomark-graph-"));
  let id: number;
  try {
    writeFileSync(join(folder, "saved_model.pb"), Buffer.concat(chunks));
    id = backend.binding.loadSavedModel(folder, TAG);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const [inputNames, outputNames] = [inputs.join(","), outputs.join(",")];
  return {
    run: (tensors) =>
      backend.binding
        .runSavedModel(id, backend.getInputTensorIds(tensors), inputNames, outputNames)
        .map((output) => backend.createOutputTensor(output)),
    close: () => backend.binding.deleteSavedModel(id),
  };
}
