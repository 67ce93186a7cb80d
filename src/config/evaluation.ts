/** @file `evaluation.json` of the evaluate task: what held-out predictions say of every arm, and of the first against the others. */
import { z } from "zod";
import { armSchema } from "./arm.ts";
import { auditSchema } from "./audit.ts";
import { baselineSchema } from "./baselines.ts";
import { thresholdRuleSchema } from "./calibration.ts";
import { intervalSchema } from "./interval.ts";

/** Points [x, y] of a curve, and what resampled groups leave of its height at places of a grid. */
const curveSchema = z.strictObject({
  points: z.array(z.tuple([z.number(), z.number()])),
  band: z.array(z.strictObject({ x: z.number(), low: z.number(), high: z.number() })),
});
export type Curve = z.infer<typeof curveSchema>;

/** What thresholds that inner splits chose do on held-out images: each fold's own threshold on its own images. */
const operatingSchema = z.strictObject({
  rule: thresholdRuleSchema,
  /** least and greatest threshold of the folds, on the calibrated probability */
  thresholds: z.tuple([z.number(), z.number()]),
  sensitivity: intervalSchema,
  specificity: intervalSchema,
  /** predictive values at the share of positives in these images; null where nothing was called so */
  ppv: intervalSchema.nullable(),
  npv: intervalSchema.nullable(),
  /** means over trainings */
  truePositives: z.number(),
  falsePositives: z.number(),
  trueNegatives: z.number(),
  falseNegatives: z.number(),
});
export type Operating = z.infer<typeof operatingSchema>;

const stratumSchema = z.strictObject({
  /** what images are divided by: site, drawn marks, a column of the data set */
  by: z.string(),
  value: z.string(),
  images: z.int(),
  groups: z.int(),
  positives: z.int(),
  /** null where a class has fewer than five groups */
  auroc: intervalSchema.nullable(),
});
export type Stratum = z.infer<typeof stratumSchema>;

export const modelEvaluationSchema = z.strictObject({
  /** of its arm, as metrics and tables call it */
  name: z.string(),
  arm: armSchema,
  /** how many trainings of each fold the estimates are means over */
  trainings: z.int(),

  /** pooled out-of-fold AUROC of raw scores with a group-bootstrap interval */
  auroc: intervalSchema,
  /**
   * AUROC of pairs that one model scored (the same fold held them out), with an interval for the procedure, not for these trained models alone: folds train
   * on each other's images, so what training anew on other patients would give varies more than the predictions at hand do (docs/results/noise-labels.md)
   */
  procedureAuroc: intervalSchema,
  /** the same estimate with DeLong's interval, which takes images as independent; null for several trainings, or perfect separation */
  delong: intervalSchema.nullable(),
  /** AUROC of the mean probability of all trainings; null where there is one */
  ensembleAuroc: intervalSchema.nullable(),
  /** AUROC of each held-out fold, mean over trainings; null where a fold holds one class */
  foldAuroc: z.array(z.number().nullable()),
  averagePrecision: intervalSchema,
  sensitivityAt: z.array(z.strictObject({ specificity: z.number(), sensitivity: intervalSchema })),
  specificityAt: z.array(z.strictObject({ sensitivity: z.number(), specificity: intervalSchema })),
  roc: curveSchema,
  precisionRecall: curveSchema,

  /** of probabilities after the temperature that the inner split chose */
  brier: intervalSchema,
  logLoss: intervalSchema,
  /** expected calibration error in bins of equal mass */
  calibrationError: intervalSchema,
  /** perfect are 0 and 1; null where the classes are separated or groups are few */
  calibrationLine: z.strictObject({ intercept: intervalSchema, slope: intervalSchema }).nullable(),
  /** observed share of positives by mean probability */
  reliability: curveSchema,
  /** net benefit by threshold probability; `all`: everybody is treated */
  decision: z.array(z.strictObject({ threshold: z.number(), model: z.number(), low: z.number(), high: z.number(), all: z.number() })),
  /** of every fold and training; empty where no inner split chose */
  temperatures: z.array(z.number()),
  /** empty where no inner split chose */
  operating: z.array(operatingSchema),

  /** true classes by rows, what had the highest probability by columns, means over trainings, [classes][classes] */
  confusion: z.array(z.array(z.number())),
  /** of more than two classes: mean of each against the rest */
  macroAuroc: intervalSchema.nullable(),
  strata: z.array(stratumSchema),
});
export type ModelEvaluation = z.infer<typeof modelEvaluationSchema>;

const comparisonSchema = z.strictObject({
  a: z.string(),
  b: z.string(),
  /** AUROC of a minus that of b, paired by group */
  delta: intervalSchema,
  /** by exchange of the models' ranks within groups */
  p: z.number(),
  /** Holm over all comparisons */
  pHolm: z.number(),
  /** DeLong's, which takes images as independent; null for several trainings */
  pDelong: z.number().nullable(),
  /** corrected resampled t over folds, deals and trainings; null where a fold has no AUROC */
  foldT: z.strictObject({ mean: z.number(), low: z.number(), high: z.number(), p: z.number() }).nullable(),
  sentence: z.string(),
});
export type ModelComparison = z.infer<typeof comparisonSchema>;

export const evaluationSchema = z.strictObject({
  /** what binary results are about: negative, positive; of more than two targets the last against all others */
  classes: z.array(z.string()).length(2),
  /** every class that models tell apart, the positive one last */
  targets: z.array(z.string()).min(2),
  images: z.int(),
  groups: z.int(),
  positives: z.int(),
  folds: z.int(),
  /** deals of repeated cross-validation, and trainings of each fold that differ by chance */
  repeats: z.int(),
  seeds: z.int(),
  transductive: z.boolean(),
  models: z.array(modelEvaluationSchema).min(1),
  /** the first arm minus each other one */
  comparisons: z.array(comparisonSchema),
  /** what metadata alone say of the classes, and the warning that it earns; null where there are too few groups to tell */
  shortcuts: auditSchema.nullable(),
  /** what can be told of the class without a network, on the same folds */
  baselines: z.array(baselineSchema),
});
export type Evaluation = z.infer<typeof evaluationSchema>;
