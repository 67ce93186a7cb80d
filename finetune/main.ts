/** @file The fine-tuning process: trains one fold, or evaluates all of them. Started by an executor with --task. */
import { runStage } from "../src/run/stage.ts";

await runStage(
  {
    finetune: async (context) => (await import("./finetune.ts")).finetune(context),
    evaluate: async (context) => (await import("./evaluate.ts")).evaluate(context), // needs no TensorFlow
  },
  { now: Date.now },
);
