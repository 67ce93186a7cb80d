/** @file Finished studies: results, held-out images and their pictures. */
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Store } from "../../src/tracking/store.ts";
import { toPng, type Pictures } from "../pictures.ts";
import { brokenStudySchema, errorSchema, json, refusals, runIdSchema, studyImageSchema, studySummarySchema } from "../schemas.ts";
import { readStudies, studyConfig, studyImages, studyRun } from "../studies.ts";

const studiesRoute = createRoute({
  method: "get",
  path: "/studies",
  responses: {
    200: json(
      z.object({ studies: z.array(studySummarySchema), broken: z.array(brokenStudySchema) }),
      "finished studies, newest first, and those whose results cannot be read",
    ),
    ...refusals,
  },
});

const imagesRoute = createRoute({
  method: "get",
  path: "/studies/{id}/images",
  request: { params: z.object({ id: runIdSchema }) },
  responses: { 200: json(z.array(studyImageSchema), "every image with its held-out prediction"), ...refusals },
});

const pictureRoute = createRoute({
  method: "get",
  path: "/studies/{id}/images/{image}/picture",
  request: { params: z.object({ id: runIdSchema, image: z.string().openapi({ description: "image id; a slash in it is sent as %2F" }) }) },
  responses: {
    200: { description: "the frame that the models see", content: { "image/png": { schema: z.string().openapi({ format: "binary" }) } } },
    409: json(errorSchema, "the data set has changed since the study"),
    ...refusals,
  },
});

export const studyRoutes = (store: Store, pictures: Pictures) =>
  new OpenAPIHono()
    .openapi(studiesRoute, async (c) => c.json(await readStudies(store), 200))
    .openapi(imagesRoute, async (c) => {
      const run = await studyRun(store, c.req.valid("param").id);
      return c.json(await studyImages(store, run, await studyConfig(store, run)), 200);
    })
    .openapi(pictureRoute, async (c) => {
      const { id, image } = c.req.valid("param");
      const run = await studyRun(store, id);
      const png = await toPng(await pictures.load(run, await studyConfig(store, run), image));
      return c.body(new Uint8Array(png), 200, { "Content-Type": "image/png", "Cache-Control": "private, max-age=3600" });
    });
