/** @file What the API says, as schemas: routes, OpenAPI document and the page's types come from these. */
import { z } from "@hono/zod-openapi";
import { inferenceAnswerSchema } from "../src/config/inference.ts";
import { biomarkersSchema, hotSpotSchema } from "../src/config/biomarkers.ts";
import { evaluationSchema } from "../src/config/evaluation.ts";

export const runIdSchema = z
  .string()
  .regex(/^[0-9a-f]{32}$/, "a run id is 32 hex digits")
  .openapi({ example: "0123456789abcdef0123456789abcdef" });

export const errorSchema = z
  .object({ error: z.string().openapi({ description: "one sentence: what, where, the value seen, the cure" }) })
  .openapi("Error");

/** A JSON answer of this shape. */
export const json = <S extends z.ZodType>(schema: S, description: string) => ({ description, content: { "application/json": { schema } } });

/** The refusals that every route shares. */
export const refusals = {
  400: json(errorSchema, "the request cannot be read"),
  404: json(errorSchema, "there is no such thing"),
  422: json(errorSchema, "the request is readable and wrong"),
  500: json(errorSchema, "a bug"),
};

export const experimentSchema = z.object({ experimentId: z.string(), name: z.string() }).openapi("Experiment");

/** Finite numbers; null stands for NaN and the infinities, which JSON lacks. */
const number = z.number().nullable();
export const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

export const runSummarySchema = z
  .object({
    runId: z.string(),
    experimentId: z.string(),
    name: z.string(),
    status: z.enum(["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"]),
    startTime: z.number().openapi({ description: "ms since 1970" }),
    endTime: number,
    task: z
      .string()
      .nullable()
      .openapi({ description: "task name; `study` for a study's parent run; null for runs that sonomark did not make" }),
    parentRunId: z.string().nullable(),
    metrics: z.record(z.string(), number).openapi({ description: "latest value of each metric" }),
  })
  .openapi("RunSummary");
export type RunSummary = z.infer<typeof runSummarySchema>;

export const runSchema = runSummarySchema
  .extend({ params: z.record(z.string(), z.string()), tags: z.record(z.string(), z.string()), children: z.array(runSummarySchema) })
  .openapi("Run");

export const metricPointSchema = z.object({ step: z.int(), value: number, timestamp: z.number() }).openapi("MetricPoint");

export const artifactEntrySchema = z.object({ path: z.string(), isDirectory: z.boolean(), size: number }).openapi("Artifact");

export const studySummarySchema = z
  .object({
    runId: z.string(),
    experimentId: z.string(),
    name: z.string(),
    description: z.string(),
    endTime: number,
    classes: z.array(z.string()),
    imageSize: z.int(),
    folds: z.int(),
    /** the one whose models answer, are explained and analysed */
    model: z.string(),
    transductive: z.boolean(),
    report: z.boolean().openapi({ description: "the artifact report.html is there" }),
    evaluation: evaluationSchema,
    biomarkers: biomarkersSchema,
  })
  .openapi("Study");
export type StudySummary = z.infer<typeof studySummarySchema>;

export const brokenStudySchema = z.object({ runId: z.string(), name: z.string(), error: z.string() }).openapi("BrokenStudy");
export type BrokenStudy = z.infer<typeof brokenStudySchema>;

export const studyImageSchema = z
  .object({
    image: z.string(),
    label: z.string(),
    fold: z.int().openapi({ description: "the fold that held the image out" }),
    probability: z.number().openapi({ description: "of the positive class, by the model that did not train on the image" }),
  })
  .openapi("StudyImage");
export type StudyImage = z.infer<typeof studyImageSchema>;

export const methodSchema = z
  .object({ name: z.string(), schema: z.record(z.string(), z.unknown()).openapi({ description: "JSON Schema of the method's settings" }) })
  .openapi("Method");

const answer = inferenceAnswerSchema.options[0].shape;

export const predictionSchema = z
  .object({
    classes: answer.classes,
    probability: answer.probability,
    models: z.array(z.object({ fold: z.int(), probability: z.number() })).openapi({ description: "what each model that was asked said" }),
    heldOut: z
      .object({ image: z.string(), label: z.string(), fold: z.int(), probability: z.number() })
      .nullable()
      .openapi({ description: "for a study image: what the study recorded; only the model of that fold answered. null for an upload" }),
    size: answer.size,
    frame: answer.frame.openapi({ description: "what the models saw: grey 0–255, base64 of size × size bytes" }),
    lesion: z.string().nullable().openapi({ description: "1 on the lesion, base64 of size × size bytes; null where no mask is known" }),
    map: answer.map,
    hotSpots: z.array(hotSpotSchema),
  })
  .openapi("Prediction");
export type Prediction = z.infer<typeof predictionSchema>;
