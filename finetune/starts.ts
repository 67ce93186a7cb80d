/** @file Where an encoder's first weights come from. One line an initialisation. */
import type { Initialisation } from "../src/config/arm.ts";
import type { Encoder } from "../src/models/encoder.ts";
import { imagenetEncoder } from "../src/models/imagenet/weights.ts";
import { decodeWeights } from "../src/models/weights.ts";
import { readCheckpoint } from "../src/run/checkpoint-file.ts";
import { pretrainName } from "../src/run/plan.ts";
import type { StageContext } from "../src/run/stage.ts";
import { UserError } from "../src/util/user-error.ts";

/** Parameters of the encoder [p]; undefined: random ones. */
type Start = (context: StageContext, encoder: Encoder) => Promise<Float32Array | undefined>;

const STARTS: Record<Initialisation, Start> = {
  scratch: async () => undefined,
  "scratch-long": async () => undefined,
  async pretrained({ task, needed, store }, encoder) {
    const run = await needed(pretrainName(task, task.fold!));
    const path = "model/encoder.safetensors";
    return decodeWeights(encoder, await store.readArtifact(run.info.runId, path), `${path} of run ${run.info.runId}`).flat;
  },
  imagenet: async (_context, encoder) => (await imagenetEncoder(encoder.config)).flat,
  async checkpoint({ task }, encoder) {
    const { weights, hash, source } = await readCheckpoint(task.study.finetune.checkpoint);
    if (hash !== task.checkpoint) throw new UserError(`${source} changed while the study ran; run the same command again`, { status: 409 });
    return decodeWeights(encoder, weights, source).flat;
  },
};

/** @throws UserError where what it starts from is missing, damaged or of another architecture */
export const startOf: Start = (context, encoder) => STARTS[context.task.arm!.initialisation](context, encoder);
