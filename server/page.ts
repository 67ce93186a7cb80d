/** @file The built page, or one sentence that says how to build it. */
import { serveStatic } from "@hono/node-server/serve-static";
import type { Hono } from "hono";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../src/util/files.ts";

const DIST = join(packageRoot, "web/dist");

/** Adds the page to `app`; everything under /api stays JSON. */
export function servePage(app: Pick<Hono, "get" | "use">, dist = DIST): void {
  if (!existsSync(join(dist, "index.html"))) {
    app.get("/", (c) =>
      c.text("The page is not built yet: run `node web/build.mjs` in the project's folder, then start the server again.\n", 503),
    );
    return;
  }
  app.use(
    async (c, next) => {
      await next();
      // the build names assets by their content, so they never change; the page itself does
      if (c.res.ok) c.header("Cache-Control", c.req.path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
    },
    serveStatic({ root: dist }),
  );
}
