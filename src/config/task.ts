/** @file A task: one stage process of a study. Its key names its result for ever. */
import { z } from "zod";
import { armSchema } from "./arm.ts";
import { externalTestSchema } from "./external.ts";
import { studySchema } from "./study.ts";

export const stageSchema = z.enum(["pretrain", "finetune", "evaluate", "explain", "analyse", "external", "tuned"]);
export type Stage = z.infer<typeof stageSchema>;

export const taskSchema = z.strictObject({
  name: z.string().describe("for people, unique in the study: finetune/pretrained/fold-0"),
  key: z.string().describe("hash of config, data, code and engine that decide the result"),
  stage: stageSchema,
  fold: z.int().min(0).nullable().describe("held-out fold, or null where the task spans all folds"),
  arm: armSchema.nullable().describe("the classifier that is made or explained, or null where the task is of none or of all"),
  repeat: z.int().min(0).describe("deal of repeated cross-validation, 0 the first; `study` has this deal's split"),
  seed: z.int().min(0).describe("which training of several that differ by chance alone"),
  needs: z.record(z.string(), z.string()).describe("task name → key of every task whose result this one reads"),
  study: studySchema,
  external: externalTestSchema.optional().describe("what the study's models are asked of another data set, whose digest `data` is then"),
  /** digest of the data's manifest and hash of the code: a stage that finds others stops, since the key would lie */
  data: z.string(),
  code: z.string(),
  checkpoint: z.string().nullable().describe("hash of the weights that finetune.checkpoint names, where something starts from them"),
  store: z.string().describe("URI of the tracking store"),
  experimentId: z.string(),
  parentRunId: z.string(),
});
export type Task = z.infer<typeof taskSchema>;

/** What a stage process tells its parent over IPC. */
export type TaskEvent =
  | { kind: "run"; runId: string }
  | { kind: "progress"; done: number; total: number; note?: string }
  | { kind: "note"; text: string }
  | { kind: "failed"; message: string; user: boolean };
