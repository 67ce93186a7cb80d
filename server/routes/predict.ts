/** @file Attribution methods, and predictions with their maps. A study image is answered only by the model that never saw it. */
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { attributionSchema } from "../../src/config/explain.ts";
import { parseConfig } from "../../src/config/parse.ts";
import type { StudyConfig } from "../../src/config/study.ts";
import type { Run, Store } from "../../src/tracking/store.ts";
import { UserError } from "../../src/util/user-error.ts";
import { limitedBody } from "../guards.ts";
import type { Inference } from "../inference.ts";
import type { Pictures } from "../pictures.ts";
import { errorSchema, json, methodSchema, predictionSchema, refusals, runIdSchema, type Prediction } from "../schemas.ts";
import { foldModels, studyConfig, studyImages, studyRun } from "../studies.ts";

const methodsRoute = createRoute({
  method: "get",
  path: "/methods",
  responses: { 200: json(z.array(methodSchema), "attribution methods and their settings"), ...refusals },
});

const settings = z
  .unknown()
  .openapi({ description: "attribution method and its settings; /api/methods has the schemas", example: { name: "grad-cam" } });

const predictRoute = createRoute({
  method: "post",
  path: "/predict",
  middleware: [limitedBody] as const,
  request: {
    body: {
      content: {
        "application/json": {
          schema: z.strictObject({
            study: runIdSchema,
            image: z.string().min(1).openapi({ description: "id of one of the study's images" }),
            method: settings,
          }),
        },
        "multipart/form-data": {
          schema: z.strictObject({
            study: runIdSchema,
            image: z.instanceof(File, { message: "send the image as a file" }).openapi({ type: "string", format: "binary" }),
            method: z.string().openapi({ description: "as in the JSON body, as JSON text" }),
          }),
        },
      },
    },
  },
  responses: {
    200: json(predictionSchema, "the prediction, its map and its hot spots"),
    ...refusals,
    403: json(errorSchema, "sent by a page of another site"),
    409: json(errorSchema, "the data set has changed since the study"),
    413: json(errorSchema, "too many bytes or pixels"),
    415: json(errorSchema, "not an image"),
    429: json(errorSchema, "too many images wait already"),
    503: json(errorSchema, "the inference process died or took too long"),
  },
});

function fromText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UserError(`method: must be JSON such as {"name":"grad-cam"}, got ${JSON.stringify(text)}`, { status: 422 });
  }
}

/** The image in question, and what the study knows of it. */
interface Subject {
  file: Buffer;
  /** base64 of the lesion in the frame */
  lesion: string | null;
  heldOut: Prediction["heldOut"];
}

async function uploaded(file: File): Promise<Subject> {
  if (file.size === 0) throw new UserError("the uploaded file is empty; choose an image", { status: 400 });
  return { file: Buffer.from(await file.arrayBuffer()), lesion: null, heldOut: null };
}

async function studied(store: Store, pictures: Pictures, run: Run, study: StudyConfig, image: string): Promise<Subject> {
  const heldOut = (await studyImages(store, run, study)).find((candidate) => candidate.image === image);
  if (!heldOut) throw new UserError(`study ${study.name} has no image "${image}"`, { status: 404 });
  const { file, lesion } = await pictures.load(run, study, image);
  return { file, lesion: lesion && Buffer.from(lesion).toString("base64"), heldOut };
}

export const predictRoutes = (store: Store, pictures: Pictures, inference: Inference) =>
  new OpenAPIHono()
    .openapi(methodsRoute, (c) => {
      const methods = attributionSchema.options.map((option) => ({
        name: option.shape.name.value,
        schema: z.toJSONSchema(option, { io: "input" }) as Record<string, unknown>,
      }));
      return c.json(methods, 200);
    })
    .openapi(predictRoute, async (c) => {
      const isForm = c.req.header("content-type")?.startsWith("multipart/form-data");
      const asked = isForm ? c.req.valid("form") : c.req.valid("json");
      if (asked.study === undefined)
        throw new UserError("the request has no body; send JSON with study, image and method, or a form with an image file");
      const method = parseConfig(attributionSchema, typeof asked.method === "string" ? fromText(asked.method) : asked.method, "method");
      const run = await studyRun(store, asked.study);
      const study = await studyConfig(store, run);
      const { file, lesion, heldOut } = await (typeof asked.image === "string"
        ? studied(store, pictures, run, study, asked.image)
        : uploaded(asked.image));

      const models = await foldModels(store, run, study);
      // a model that trained on the image would remember it: only the one that did not may answer
      const folds = heldOut ? [heldOut.fold] : models.map((_, fold) => fold);
      const modelRuns = folds.map((fold) => ({ runId: models[fold] }));
      const question = { modelRuns, store: store.uri, image: file.toString("base64"), ...(lesion === null ? {} : { lesion }), method };
      const { classes, probability, probabilities, size, frame, map, hotSpots } = await inference.ask(question, c.req.raw.signal);
      const said = folds.map((fold, i) => ({ fold, probability: probabilities[i] }));
      return c.json({ classes, probability, models: said, heldOut, size, frame, lesion, map, hotSpots }, 200);
    });
