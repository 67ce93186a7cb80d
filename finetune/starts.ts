/** @file Where an encoder's first weights come from. One line an initialisation. */
import type { Initialisation } from "../src/config/arm.ts";
import type { Encoder } from "../src/models/encoder.ts";
import { imagenetEncoder } from "../src/models/imagenet/weights.ts";
import { decodeWeights, type Weights } from "../src/models/weights.ts";
import { readCheckpoint } from "../src/run/checkpoint-file.ts";
import { pretrainName } from "../src/run/plan.ts";
import type { StageContext } from "../src/run/stage.ts";
import { UserError } from "../src/util/user-error.ts";

export interface Started {
  /** parameters of the encoder [p]; absent: random ones */
  flat?: Float32Array;
  /** of its norms, where a frozen encoder is worth more with those that it was published with */
  statistics?: Weights["statistics"];
}

type Start = (context: StageContext, encoder: Encoder) => Promise<Started>;

const STARTS: Record<Initialisation, Start> = {
  scratch: async () => ({}),
  "scratch-long": async () => ({}),
  async pretrained({ task, needed, store }, encoder) {
    const run = await needed(pretrainName(task, task.fold!));
    const path = "model/encoder.safetensors";
    const { flat } = decodeWeights(encoder, await store.readArtifact(run.info.runId, path), `${path} of run ${run.info.runId}`);
    return { flat };
  },
  imagenet: (_context, encoder) => imagenetEncoder(encoder.config),
  async checkpoint({ task }, encoder) {
    const { weights, hash, source } = await readCheckpoint(task.study.finetune.checkpoint);
    if (hash !== task.checkpoint) throw new UserError(`${source} changed while the study ran; run the same command again`, { status: 409 });
    return { flat: decodeWeights(encoder, weights, source).flat };
  },
};

/** @throws UserError where what it starts from is missing, damaged or of another architecture */
export const startOf: Start = (context, encoder) => STARTS[context.task.arm!.initialisation](context, encoder);
