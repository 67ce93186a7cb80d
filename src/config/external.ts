/** @file An external test: what a study's models are asked of another data set, and `external.json`, what came out beside the internal result. */
import { z } from "zod";
import { armSchema } from "./arm.ts";
import { thresholdRuleSchema } from "./calibration.ts";
import { intervalSchema } from "./interval.ts";

/** Files of the run of an external test, beside `evaluation.json`. */
export const EXTERNAL_FILES = { external: "external.json", shift: "shift.json", predictions: "predictions.csv" } as const;

/** Groups of each class without which no interval is worth its name. */
export const LEAST_EXTERNAL_GROUPS = 5;

export const externalTestSchema = z.strictObject({
  source: z.string().min(1).describe("the other data set: `reader:path`, or a path alone"),
  target: z.string().min(1).default("label").describe("what is predicted: label, or a column of the other data set's tables"),
  classes: z
    .array(z.string().min(1))
    .min(2)
    .nullable()
    .default(null)
    .describe(
      "names of the classes in the other data set, in the order of the model's; `a|b` is one class of two values; null: as the model's",
    ),
  duplicates: z.enum(["near", "exact"]).default("near").describe("what counts as one picture and stays in one group"),
  groups: z.string().default("").describe("table with the columns image and group that decides groups instead of the data set"),
  training: z
    .string()
    .nullable()
    .default("")
    .describe("where the study's own images lie now; empty: where the study says; null: nowhere, so that copies of them are not found"),
});
export type ExternalTest = z.infer<typeof externalTestSchema>;

/** What one model says of the other data set by itself, judged by what its own inner split chose. */
const memberSchema = z.strictObject({
  task: z.string(),
  runId: z.string(),
  fold: z.int(),
  repeat: z.int(),
  seed: z.int(),
  auroc: intervalSchema,
  brier: z.number(),
  logLoss: z.number(),
  /** null where no inner split chose */
  temperature: z.number().nullable(),
  /** at its own thresholds; empty where no inner split chose */
  operating: z.array(
    z.strictObject({ rule: thresholdRuleSchema, threshold: z.number(), sensitivity: z.number(), specificity: z.number() }),
  ),
});
export type ExternalMember = z.infer<typeof memberSchema>;

const rowSchema = z.strictObject({
  /** name of the arm */
  name: z.string(),
  arm: armSchema,
  members: z.array(memberSchema).min(1),
  /** mean AUROC of the models one by one on the other data set: what is comparable with the internal result, in which one model judges each image */
  single: intervalSchema,
  /** AUROC of the mean of their calibrated probabilities: what `evaluation.json` is about */
  ensemble: intervalSchema,
  /** pooled out-of-fold AUROC of the same models inside the study; null where the store has none */
  internal: intervalSchema.nullable(),
  /** external minus internal, of single models and of the ensemble; null without an internal result */
  deltaSingle: intervalSchema.nullable(),
  deltaEnsemble: intervalSchema.nullable(),
  sentence: z.string(),
});
export type ExternalRow = z.infer<typeof rowSchema>;

export const externalSchema = z.strictObject({
  model: z.strictObject({ study: z.string(), studyRunId: z.string(), reader: z.string(), transductive: z.boolean() }),
  data: z.strictObject({
    reader: z.string(),
    digest: z.string(),
    target: z.string(),
    images: z.int(),
    groups: z.int(),
    /** of the data set → of the model, in the model's order */
    classes: z.array(z.strictObject({ external: z.string(), model: z.string() })),
  }),
  leakage: z.strictObject({
    /** false where the study's images were not there to compare with */
    checked: z.boolean(),
    /** images that show a picture that the study was trained on */
    copies: z.int(),
    /** these and the other images of their groups, none of which is tested */
    leftOut: z.int(),
    sentence: z.string(),
  }),
  /** how the calibration of training was kept */
  calibration: z.string(),
  rows: z.array(rowSchema).min(1),
  notes: z.array(z.string()),
});
export type External = z.infer<typeof externalSchema>;
