/** @file The analysis process: explains one fold's held-out images, or analyses all maps. Started by an executor with --task. */
import { runStage } from "../src/run/stage.ts";

// loaded on demand: analysing needs no TensorFlow, and starts faster without it
await runStage(
  {
    explain: async (context) => (await import("./explain.ts")).explain(context),
    analyse: async (context) => (await import("./analyse.ts")).analyse(context),
  },
  { now: Date.now },
);
