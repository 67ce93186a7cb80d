/** @file The page's files, beside the API. */
import { Hono } from "hono";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { describe } from "../src/testing/describe.ts";
import { servePage } from "./page.ts";

describe("servePage", (test) => {
  let dist: string;
  test.before(async () => void (dist = await mkdtemp(join(tmpdir(), "sonomark-page-"))));
  test.after(() => rm(dist, { recursive: true, force: true }));

  test("says how to build the page while it is not built", async () => {
    const app = new Hono();
    servePage(app, dist);
    const response = await app.request("/");
    assert.is(response.status, 503);
    assert.match(await response.text(), /run `node web\/build\.mjs`/);
  });

  test("serves the page fresh and its named assets for ever, and nothing beside them", async () => {
    await mkdir(join(dist, "assets"));
    await writeFile(join(dist, "index.html"), "<title>page</title>");
    await writeFile(join(dist, "assets/a-1.js"), "1");
    const app = new Hono();
    servePage(app, dist);
    const page = await app.request("/");
    assert.equal([page.status, page.headers.get("cache-control"), await page.text()], [200, "no-cache", "<title>page</title>"]);
    assert.match((await app.request("/assets/a-1.js")).headers.get("cache-control")!, /immutable/);
    for (const path of ["/../package.json", "/%2e%2e/package.json", "/assets/..%2f..%2fx", "/none"])
      assert.is((await app.request(path)).status, 404, path);
  });
});
