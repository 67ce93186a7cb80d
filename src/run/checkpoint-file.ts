/** @file Weights from outside the study that `finetune.checkpoint` names: a folder as a pretraining stores it under model/. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../util/hash.ts";
import { UserError } from "../util/user-error.ts";

const FILE = "encoder.safetensors";

/** @throws UserError where there are none */
export async function readCheckpoint(folder: string): Promise<{ weights: Buffer; hash: string; source: string }> {
  if (folder === "")
    throw new UserError(`finetune.initialisations has checkpoint, and finetune.checkpoint is empty: set it to the folder of an ${FILE}`);
  const source = join(folder, FILE);
  const weights = await readFile(source).catch((cause: NodeJS.ErrnoException) => {
    throw new UserError(`finetune.checkpoint: ${source} cannot be read (${cause.code ?? cause.message}); give the folder that holds it`, {
      status: 404,
      cause,
    });
  });
  return { weights, hash: sha256(weights), source };
}
