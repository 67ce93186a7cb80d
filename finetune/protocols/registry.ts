/** @file Every protocol by its name in the config: a name without a line here does not compile. */
import type { Protocol } from "../../src/config/arm.ts";
import { finetuneAll } from "./finetune.ts";
import { knn } from "./knn.ts";
import { linear } from "./linear.ts";
import type { ProtocolRun } from "./protocol.ts";

export const PROTOCOLS: Record<Protocol, ProtocolRun> = { finetune: finetuneAll, linear, knn };
