/** @file Experiments, runs, metric histories and artifacts: the store, read only. */
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { getMimeType } from "hono/utils/mime";
import { basename } from "node:path/posix";
import { TASK_TAG } from "../../src/run/tags.ts";
import type { Run, Store } from "../../src/tracking/store.ts";
import { nearest } from "../../src/util/suggest.ts";
import { UserError } from "../../src/util/user-error.ts";
import {
  artifactEntrySchema,
  experimentSchema,
  finiteOrNull,
  json,
  metricPointSchema,
  refusals,
  runIdSchema,
  runSchema,
  runSummarySchema,
  type RunSummary,
} from "../schemas.ts";

const experimentsRoute = createRoute({
  method: "get",
  path: "/experiments",
  responses: { 200: json(z.array(experimentSchema), "experiments that are not in the trash"), ...refusals },
});

const runsRoute = createRoute({
  method: "get",
  path: "/runs",
  request: {
    query: z.object({ experiment: z.string().optional().openapi({ description: "id or name; all experiments where it is left out" }) }),
  },
  responses: { 200: json(z.array(runSummarySchema), "runs, newest first"), ...refusals },
});

const runRoute = createRoute({
  method: "get",
  path: "/runs/{id}",
  request: { params: z.object({ id: runIdSchema }) },
  responses: { 200: json(runSchema, "the run, and its child runs, oldest first"), ...refusals },
});

const metricRoute = createRoute({
  method: "get",
  path: "/runs/{id}/metrics/{key}",
  request: {
    params: z.object({
      id: runIdSchema,
      key: z.string().openapi({ description: "metric name; a slash in it is sent as %2F", example: "oof/pretrained/auroc" }),
    }),
  },
  responses: { 200: json(z.array(metricPointSchema), "history in step order"), ...refusals },
});

const artifactsRoute = createRoute({
  method: "get",
  path: "/runs/{id}/artifacts",
  request: {
    params: z.object({ id: runIdSchema }),
    query: z.object({ path: z.string().optional().openapi({ description: "folder inside the run's artifacts" }) }),
  },
  responses: { 200: json(z.array(artifactEntrySchema), "files and folders"), ...refusals },
});

const artifactRoute = createRoute({
  method: "get",
  path: "/runs/{id}/artifact",
  request: { params: z.object({ id: runIdSchema }), query: z.object({ path: z.string().min(1).openapi({ example: "evaluation.json" }) }) },
  responses: {
    200: { description: "the file's bytes", content: { "application/octet-stream": { schema: z.string().openapi({ format: "binary" }) } } },
    ...refusals,
  },
});

/** Types that a browser shows in place; everything else is downloaded. */
const SHOWN = /^(image\/(png|jpeg)|text\/(html|plain|csv)|application\/json)/;
const contentType = (path: string): string =>
  path.endsWith(".csv") ? "text/csv; charset=utf-8" : (getMimeType(path) ?? "application/octet-stream");

export function summarise({ info, tags, metrics }: Run): RunSummary {
  return {
    runId: info.runId,
    experimentId: info.experimentId,
    name: info.name,
    status: info.status,
    startTime: info.startTime,
    endTime: info.endTime,
    task: tags[TASK_TAG] ?? null,
    parentRunId: tags["mlflow.parentRunId"] ?? null,
    metrics: Object.fromEntries(Object.values(metrics).map((point) => [point.key, finiteOrNull(point.value)])),
  };
}

async function experiments(store: Store) {
  return (await store.listExperiments()).map(({ experimentId, name }) => ({ experimentId, name }));
}

async function experimentIds(store: Store, asked: string | undefined): Promise<string[]> {
  const known = await experiments(store);
  if (asked === undefined) return known.map((e) => e.experimentId);
  const found = known.find((e) => e.experimentId === asked || e.name === asked);
  if (found) return [found.experimentId];
  const near = nearest(
    asked,
    known.map((e) => e.name),
  );
  throw new UserError(`experiment "${asked}" is not in the store${near ? `; did you mean "${near}"?` : ""}`, { status: 404 });
}

export const runRoutes = (store: Store) =>
  new OpenAPIHono()
    .openapi(experimentsRoute, async (c) => c.json(await experiments(store), 200))
    .openapi(runsRoute, async (c) => {
      const ids = await experimentIds(store, c.req.valid("query").experiment);
      return c.json((await store.searchRuns({ experimentIds: ids })).map(summarise), 200);
    })
    .openapi(runRoute, async (c) => {
      const run = await store.getRun(c.req.valid("param").id);
      const children = await store.searchRuns({ experimentIds: [run.info.experimentId], tags: { "mlflow.parentRunId": run.info.runId } });
      return c.json({ ...summarise(run), params: run.params, tags: run.tags, children: children.map(summarise).reverse() }, 200);
    })
    .openapi(metricRoute, async (c) => {
      const { id, key } = c.req.valid("param");
      const history = await store.metricHistory(id, key);
      if (history.length === 0) throw new UserError(`run ${id} has no metric "${key}"`, { status: 404 });
      return c.json(
        history.map(({ step, value, timestamp }) => ({ step, value: finiteOrNull(value), timestamp })),
        200,
      );
    })
    .openapi(artifactsRoute, async (c) => c.json(await store.listArtifacts(c.req.valid("param").id, c.req.valid("query").path), 200))
    .openapi(artifactRoute, async (c) => {
      const { path } = c.req.valid("query");
      const bytes = await store.readArtifact(c.req.valid("param").id, path);
      const type = contentType(path);
      return c.body(new Uint8Array(bytes), 200, {
        "Content-Type": type,
        "Content-Disposition": `${SHOWN.test(type) ? "inline" : "attachment"}; filename*=UTF-8''${encodeURIComponent(basename(path))}`,
        // an artifact is content, never part of this site: no scripts, no requests, an origin of its own
        "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
      });
    });
