/** @file A search over the settings of a study, as a study file declares it: `export const tune = { space: [ … ] } satisfies StudyTuneInput`. */
import { z } from "zod";
import { tuneSchema, type TuneConfig } from "./tune.ts";

/** What an inner split says of a trial's fold: fields of its calibration (src/config/calibration.ts). */
export const innerMetricSchema = z.enum(["auroc", "log_loss"]);
export type InnerMetric = z.infer<typeof innerMetricSchema>;

/** The search is not part of the study: no task's key depends on it, and a study with its best parameters is a study like any other. */
export const studyTuneSchema = tuneSchema.omit({ direction: true }).extend({
  metric: innerMetricSchema
    .default("auroc")
    .describe(
      "what a fold's inner split says of a trial: AUROC (higher is better) or log loss after temperature scaling (lower is better)",
    ),
});
export type StudyTune = z.infer<typeof studyTuneSchema>;
export type StudyTuneInput = z.input<typeof studyTuneSchema>;

/** As the search engine takes it. */
export const tuneConfigOf = (asked: StudyTune): TuneConfig => ({
  ...asked,
  direction: asked.metric === "auroc" ? "maximise" : "minimise",
});
