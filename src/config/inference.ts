/** @file What the server asks of the inference process, and what comes back. One request, one answer, over IPC. */
import { z } from "zod";
import { attributionSchema } from "./explain.ts";
import { hotSpotSchema } from "./biomarkers.ts";

export const inferenceRequestSchema = z.strictObject({
  id: z.string(),
  /** runs whose models answer; their mean is given. For a study image: the one run that held it out */
  modelRuns: z.array(z.strictObject({ runId: z.string() })).min(1),
  store: z.string(),
  /** encoded image file, base64 */
  image: z.string(),
  /** lesion in the frame that the models see, where it is known: base64 of size × size bytes, 1 on the lesion; hot spots then tell their zone */
  lesion: z.string().optional(),
  method: attributionSchema,
});
export type InferenceRequest = z.infer<typeof inferenceRequestSchema>;

export const inferenceAnswerSchema = z.discriminatedUnion("ok", [
  z.strictObject({
    id: z.string(),
    ok: z.literal(true),
    classes: z.array(z.string()).length(2),
    /** probability of the second class, mean over models */
    probability: z.number(),
    /** probability by model, in the request's order */
    probabilities: z.array(z.number()),
    /** side of the square frame */
    size: z.int(),
    /** the frame that the models saw, grey 0–255, base64 of size × size bytes */
    frame: z.string(),
    map: z.strictObject({
      rows: z.int(),
      columns: z.int(),
      /** raw and signed, row-major: evidence for the second class is positive */
      values: z.array(z.number()),
    }),
    hotSpots: z.array(hotSpotSchema),
  }),
  z.strictObject({ id: z.string(), ok: z.literal(false), status: z.int(), message: z.string() }),
]);
export type InferenceAnswer = z.infer<typeof inferenceAnswerSchema>;
