/** @file The fine-tuning process: trains one fold, evaluates all of them, or tests them on another data set. Started by an executor with --task. */
import { runStage } from "../src/run/stage.ts";

await runStage(
  {
    finetune: async (context) => (await import("./finetune.ts")).finetune(context),
    evaluate: async (context) => (await import("./evaluate.ts")).evaluate(context), // needs no TensorFlow
    external: async (context) => (await import("./external/external.ts")).external(context),
    tuned: async (context) => (await import("./tuned.ts")).tuned(context),
  },
  { now: Date.now },
);
