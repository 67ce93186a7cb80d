/** @file The API: routes, their validation and their OpenAPI document from one description, behind the guards. */
import { OpenAPIHono } from "@hono/zod-openapi";
import { methodNotAllowed } from "hono/method-not-allowed";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Store } from "../src/tracking/store.ts";
import { packageRoot } from "../src/util/files.ts";
import { invalid, notFound, onError, wrongMethod } from "./errors.ts";
import { hostCheck, safeHeaders, sameOriginOnly } from "./guards.ts";
import type { Inference } from "./inference.ts";
import type { Pictures } from "./pictures.ts";
import { healthRoutes } from "./routes/health.ts";
import { predictRoutes } from "./routes/predict.ts";
import { runRoutes } from "./routes/runs.ts";
import { studyRoutes } from "./routes/studies.ts";

const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string };

export interface AppOptions {
  store: Store;
  pictures: Pictures;
  inference: Inference;
  /** address that the server listens on */
  host: string;
}

export function createApp({ store, pictures, inference, host }: AppOptions) {
  const app = new OpenAPIHono({ defaultHook: invalid });
  app.use(safeHeaders, hostCheck(host), sameOriginOnly, methodNotAllowed({ app, onMethodNotAllowed: wrongMethod }));
  app.onError(onError);
  app.notFound(notFound);
  app.doc31("/openapi.json", {
    openapi: "3.1.0",
    info: {
      title: "sonomark",
      version,
      description: "Runs, results and predictions of sonomark studies. Research software, not a medical device.",
    },
  });
  return app
    .route("/api", healthRoutes(store))
    .route("/api", runRoutes(store))
    .route("/api", studyRoutes(store, pictures))
    .route("/api", predictRoutes(store, pictures, inference));
}

/** For the page's typed client. */
export type AppType = ReturnType<typeof createApp>;
