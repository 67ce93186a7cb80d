/** @file `report.json`: everything that the report of a study says, as data. Pictures are in `report.html` alone, and so is no group: it may be a patient. */
import { z } from "zod";
import { armSchema } from "./arm.ts";
import { biomarkersSchema } from "./biomarkers.ts";
import { evaluationSchema } from "./evaluation.ts";
import { intervalSchema } from "./interval.ts";
import { studySchema } from "./study.ts";

export const REPORT_JSON = "report.json";
export const REPORT_HTML = "report.html";

/** Where the images come from, as the run recorded it. */
const sourceSchema = z.strictObject({
  /** reader that took them */
  reader: z.string(),
  licence: z.string(),
  citation: z.string(),
});

/** What computed the results. */
const softwareSchema = z.strictObject({
  sonomark: z.string(),
  /** git commit, where the code was a checkout */
  commit: z.string().nullable(),
  /** hash of the code that decides results */
  code: z.string(),
  engine: z.string(),
  /** digest of the data: ids, labels, groups, contents */
  data: z.string(),
});

/** One training of all folds: what another deal of groups, or another seed, changes. */
const trainingSchema = z.strictObject({
  arm: z.string(),
  repeat: z.int(),
  seed: z.int(),
  /** pooled over folds */
  auroc: z.number(),
  brier: z.number(),
});
export type Training = z.infer<typeof trainingSchema>;

/** What a way to a classifier reaches with how many labels. */
const labelCurveSchema = z.strictObject({
  /** protocol and initialisation: the arm's name with all labels */
  name: z.string(),
  points: z.array(z.strictObject({ labels: z.number(), auroc: intervalSchema })),
});
export type LabelCurve = z.infer<typeof labelCurveSchema>;

/** A held-out image that the first arm's first training is surest of and wrong about. */
const errorSchema = z.strictObject({
  image: z.string(),
  label: z.string(),
  fold: z.int(),
  /** of the positive class, calibrated */
  probability: z.number(),
  /** −ln of the probability of what is true */
  loss: z.number(),
});
export type WorstError = z.infer<typeof errorSchema>;

const checklistItemSchema = z.strictObject({
  section: z.string(),
  number: z.string(),
  /** what is asked, in our own few words */
  topic: z.string(),
  /** what the run says of it; null where it says nothing */
  answer: z.string().nullable(),
  /** who must answer, or add what the run cannot know; null where the run says all */
  who: z.string().nullable(),
});
export type ChecklistItem = z.infer<typeof checklistItemSchema>;

const checklistSchema = z.strictObject({ name: z.string(), citation: z.string(), items: z.array(checklistItemSchema) });
export type Checklist = z.infer<typeof checklistSchema>;

export const reportSchema = z.strictObject({
  notice: z.string(),
  /** what the models had seen of the images on which they are judged; the leakage statement first */
  statements: z.array(z.string()).min(1),
  /** what else a reader must know before any number */
  warnings: z.array(z.string()),
  study: studySchema,
  /** null where the run does not say */
  source: sourceSchema.nullable(),
  software: softwareSchema,
  /** what each arm is, and what its weights come from */
  arms: z.array(z.strictObject({ name: z.string(), arm: armSchema, text: z.string() })),
  evaluation: evaluationSchema,
  /** empty where each fold was trained once */
  trainings: z.array(trainingSchema),
  /** empty where there is one share of labels */
  labelEfficiency: z.array(labelCurveSchema),
  /** by falling loss, one image a group */
  worst: z.array(errorSchema),
  /** null where the study was not analysed */
  biomarkers: biomarkersSchema.nullable(),
  methods: z.array(z.string()),
  limits: z.array(z.string()),
  checklists: z.array(checklistSchema),
});
export type Report = z.infer<typeof reportSchema>;
