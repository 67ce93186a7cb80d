/** @file A search over settings: its space, how points are chosen, when a trial is stopped early, and what the trials leave. */
import { z } from "zod";
import { checkSpace } from "./tune-checks.ts";

const scalarSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);
/** What a category may hold: a scalar, or an array of scalars such as the two ends of a crop. */
export const choiceSchema = z.union([scalarSchema, z.array(scalarSchema)]);
export type ParamValue = z.infer<typeof choiceSchema>;

const shared = {
  path: z
    .string()
    .regex(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/, "use setting names joined by dots, for example finetune.optimiser.learningRate")
    .describe("the setting, by its path in the study"),
  when: z
    .strictObject({
      parameter: z.string().describe("path of another parameter of this space"),
      equals: z.array(choiceSchema).min(1).describe("its values for which this parameter is set at all"),
    })
    .optional()
    .describe("condition; without one the parameter is set in every trial"),
};
const log = z.boolean().default(false).describe("search its logarithm: 0.001 to 0.01 counts as much as 0.01 to 0.1");

export const floatSchema = z.strictObject({
  kind: z.literal("float"),
  ...shared,
  low: z.number().describe("smallest value"),
  high: z.number().describe("largest value; with a step the last one that steps from low reach"),
  log,
  step: z.number().positive().optional().describe("distance of the values tried; without one every number between"),
});
export type FloatParameter = z.infer<typeof floatSchema>;

export const intSchema = z.strictObject({
  kind: z.literal("int"),
  ...shared,
  low: z.int().describe("smallest value"),
  high: z.int().describe("largest value; the last one that steps from low reach"),
  log,
  step: z.int().positive().default(1).describe("distance of the values tried"),
});
export type IntParameter = z.infer<typeof intSchema>;

export const categorySchema = z.strictObject({
  kind: z.literal("category"),
  ...shared,
  choices: z.array(choiceSchema).min(2).describe("the values tried; they have no order"),
});
export type CategoryParameter = z.infer<typeof categorySchema>;

export const parameterSchema = z.discriminatedUnion("kind", [floatSchema, intSchema, categorySchema]);
export type Parameter = z.infer<typeof parameterSchema>;

export const tpeSchema = z
  .strictObject({
    name: z.literal("tpe"),
    startupTrials: z.int().min(1).default(10).describe("trials before the model is asked (Optuna: 10)"),
    startup: z.enum(["random", "sobol"]).default("random").describe("how those are chosen (Optuna: random)"),
    candidates: z
      .int()
      .min(1)
      .max(10_000)
      .default(24)
      .describe("points drawn from the density of good trials; the best of them is tried (Optuna: 24)"),
    multivariate: z
      .boolean()
      .default(true)
      .describe("one density over all parameters that are set together, instead of one for each (Optuna 4: false; 5: true)"),
    bandwidth: z
      .enum(["spread", "range"])
      .default("spread")
      .describe(
        "what the kernels of good trials are as wide as: how far these spread, or a share of the range (Optuna: range); read with multivariate only",
      ),
    goodShare: z.number().positive().max(0.5).default(0.1).describe("share of the trials that counts as good (Optuna: 0.1)"),
    goodMost: z.int().min(1).default(25).describe("most trials that count as good (Optuna: 25)"),
    priorWeight: z.number().positive().default(1).describe("weight of the whole range beside one trial (Optuna: 1)"),
    magicClip: z.boolean().default(true).describe("kernels of few trials are never narrow (Optuna: true)"),
    constantLiar: z
      .boolean()
      .default(true)
      .describe("trials that still run count as bad, so that those beside them look elsewhere (Optuna 4: false; 5: true)"),
  })
  .meta({ title: "TPE", description: "Parzen densities of good and of other trials; tries where their ratio is highest" });
export type TpeConfig = z.infer<typeof tpeSchema>;

export const randomSchema = z
  .strictObject({ name: z.literal("random") })
  .meta({ title: "Random", description: "independent draws; the baseline that every sampler has to beat" });
export type RandomConfig = z.infer<typeof randomSchema>;

export const sobolSchema = z
  .strictObject({
    name: z.literal("sobol"),
    scramble: z
      .boolean()
      .default(true)
      .describe("Owen scrambling by the seed (Optuna: false); without it the first trial is every parameter's low"),
  })
  .meta({ title: "Sobol", description: "points that fill the space evenly; best with 8, 16, 32, … trials" });
export type SobolConfig = z.infer<typeof sobolSchema>;

export const samplerSchema = z.discriminatedUnion("name", [tpeSchema, randomSchema, sobolSchema]);
export type SamplerConfig = z.infer<typeof samplerSchema>;
export type SamplerName = SamplerConfig["name"];

export const noPrunerSchema = z
  .strictObject({ name: z.literal("none") })
  .meta({ title: "None", description: "every trial runs to its end" });
export type NoPrunerConfig = z.infer<typeof noPrunerSchema>;

export const medianSchema = z
  .strictObject({
    name: z.literal("median"),
    startupTrials: z.int().min(0).default(5).describe("complete trials before any is stopped (Optuna: 5)"),
    warmupSteps: z.int().min(0).default(0).describe("no trial is stopped before this step (Optuna: 0)"),
    interval: z.int().min(1).default(1).describe("steps between two looks (Optuna: 1)"),
    leastTrials: z.int().min(1).default(1).describe("complete trials that reported the step, for it to be judged (Optuna: 1)"),
  })
  .meta({ title: "Median", description: "stops a trial whose best step so far is worse than the median of the others at the same step" });
export type MedianConfig = z.infer<typeof medianSchema>;

export const wilcoxonSchema = z
  .strictObject({
    name: z.literal("wilcoxon"),
    threshold: z
      .number()
      .positive()
      .max(0.5)
      .default(0.1)
      .describe(
        "one-sided p below which a trial is stopped (Optuna: 0.1); it is looked at after every fold, so a trial as good as the best is stopped more often than that",
      ),
    startupFolds: z
      .int()
      .min(2)
      .default(2)
      .describe("folds before any trial is stopped (Optuna: 2); 4 is the fewest that can reach p < 0.1"),
  })
  .meta({ title: "Wilcoxon", description: "stops a trial that is worse than the best one fold by fold (signed-rank test)" });
export type WilcoxonConfig = z.infer<typeof wilcoxonSchema>;

export const prunerSchema = z.discriminatedUnion("name", [noPrunerSchema, medianSchema, wilcoxonSchema]);
export type PrunerConfig = z.infer<typeof prunerSchema>;
export type PrunerName = PrunerConfig["name"];

export const directionSchema = z.enum(["maximise", "minimise"]);
export type Direction = z.infer<typeof directionSchema>;

export const spaceSchema = z.array(parameterSchema).min(1).superRefine(checkSpace);
/** Parameters in the order of the file: it is the order of Sobol dimensions and of axes. */
export type Space = z.infer<typeof spaceSchema>;
export type SpaceInput = z.input<typeof spaceSchema>;

export const tuneSchema = z.strictObject({
  space: spaceSchema.describe("the settings that are searched, and where"),
  sampler: samplerSchema.prefault({ name: "tpe" }).describe("how the next trial is chosen"),
  pruner: prunerSchema.prefault({ name: "none" }).describe("when a trial is stopped early"),
  metric: z.string().min(1).default("auroc").describe("the value of a trial, by its name in the run"),
  direction: directionSchema.default("maximise").describe("which way the metric is better"),
  trials: z.int().min(1).max(100_000).default(50).describe("trials in all, those that were stopped or failed included"),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0)
    .describe("decides which points are tried; not how a trial trains"),
});
export type TuneConfig = z.infer<typeof tuneSchema>;
export type TuneInput = z.input<typeof tuneSchema>;

/** One trial as it is stored. Parameters whose condition does not hold are not among `params`. */
export const trialSchema = z.strictObject({
  number: z.int().min(0),
  params: z.record(z.string(), choiceSchema),
  state: z.enum(["running", "complete", "pruned", "failed"]),
  value: z.number().nullable().describe("the metric; of a pruned trial what was known when it was stopped; null while unknown"),
  steps: z.record(z.string(), z.number()).describe("intermediate values by step"),
  folds: z.record(z.string(), z.number()).describe("values by fold"),
  reason: z.string().optional().describe("why the trial failed"),
});
export type Trial = z.infer<typeof trialSchema>;
export type TrialState = Trial["state"];
export type Params = Trial["params"];
