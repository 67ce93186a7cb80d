/** @file What a search over a study leaves in its run: `tune.json` while it goes, `tuned.json` at its end. */
import { z } from "zod";
import { choiceSchema, trialSchema, tuneSchema } from "./tune.ts";

/** Files of a search's run. */
export const TUNE_FILES = {
  search: "tune.json",
  trials: "trials.csv",
  result: "tuned.json",
  /** held-out performance of the nested choice, and of the study's own settings beside it */
  evaluation: "evaluation.json",
  predictions: "oof-predictions.csv",
  /** held-out performance of the best single trial, which all folds chose together: better than it will be */
  optimistic: "optimistic.json",
  page: "tune.html",
} as const;

/** What the held-out predictions are gathered of: each fold's own choice, the study's own settings, one trial for all folds. */
export const gatheredSchema = z.enum(["tuned", "default", "best"]);
export type Gathered = z.infer<typeof gatheredSchema>;

/** The need of the gathering task that is one fold of one of them. */
export const gatheredName = (of: Gathered, fold: number): string => `${of}/fold-${fold}`;

/** Trial 0 has the study's own settings, where they lie in the space. */
export const OWN_TRIAL = 0;

export const tuneFileSchema = z.strictObject({
  study: z.string(),
  config: tuneSchema,
  /** trials side by side, which is part of what decides the points tried */
  jobs: z.int().min(1),
  folds: z.int().min(2),
  /** whether trial 0 has the study's own settings */
  own: z.boolean(),
  trials: z.array(trialSchema),
});
export type TuneFile = z.infer<typeof tuneFileSchema>;

export const tunedSchema = z.strictObject({
  metric: z.string(),
  direction: z.enum(["maximise", "minimise"]),
  counts: z.strictObject({ complete: z.int(), pruned: z.int(), failed: z.int() }),
  /** what each outer fold chose by its own inner split */
  byFold: z.array(
    z.strictObject({
      fold: z.int(),
      trial: z.int(),
      inner: z.number(),
      params: z.record(z.string(), choiceSchema),
      /** trials that had a value on this fold */
      candidates: z.int(),
    }),
  ),
  /** of one trial for all folds: what a user takes for a new study */
  best: z.strictObject({ trial: z.int(), value: z.number(), params: z.record(z.string(), choiceSchema) }),
  /** the study's own settings; null where they are not in the space, or their trial has no end */
  own: z.strictObject({ trial: z.int(), value: z.number() }).nullable(),
  /** whether the trials' settings were chosen without any label, so that no held-out image had a say in what was tried */
  strict: z.boolean(),
  importance: z.array(z.strictObject({ path: z.string(), divergence: z.number(), share: z.number(), trials: z.int() })),
});
export type Tuned = z.infer<typeof tunedSchema>;
