/** @file The pretraining process. Started by an executor with --task. */
import { runStage } from "../src/run/stage.ts";
import { pretrain } from "./pretrain.ts";

await runStage({ pretrain }, { now: Date.now });
