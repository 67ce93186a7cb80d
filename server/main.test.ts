/** @file The server as a program. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import * as assert from "uvu/assert";
import { describe } from "../src/testing/describe.ts";
import { packageRoot } from "../src/util/files.ts";

const store = await mkdtemp(join(tmpdir(), "sonomark-serve-"));

const start = (...args: string[]): ChildProcess =>
  spawn(process.execPath, ["--import", "tsx", "server/main.ts", "--store", store, ...args], {
    cwd: packageRoot,
    stdio: ["ignore", "pipe", "pipe"],
  });

/** Exit code and standard error of a program that ends by itself. */
async function outcome(child: ChildProcess): Promise<{ code: number; stderr: string }> {
  const [stderr, [code]] = await Promise.all([text(child.stderr!), once(child, "exit") as Promise<[number]>]);
  return { code, stderr };
}

describe("server/main.ts", (test) => {
  test.after(() => rm(store, { recursive: true, force: true }));

  test("prints its address as JSON, answers there, and ends with code 0 on SIGTERM", async () => {
    const child = start("--port", "0", "--json");
    const [line] = (await once(child.stdout!, "data")) as [Buffer];
    const { url } = JSON.parse(line.toString()) as { url: string };
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
    const health = (await (await fetch(new URL("/api/health", url))).json()) as { ok: boolean };
    assert.ok(health.ok);
    const ended = outcome(child);
    child.kill("SIGTERM");
    const { code, stderr } = await ended;
    assert.is(code, 0);
    assert.ok(stderr.includes(url));
  });

  test("says in one sentence that an asked port is in use, and exits with 1", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    const { code, stderr } = await outcome(start("--port", String(port)));
    taken.close();
    assert.is(code, 1);
    assert.is(stderr, `--port ${port}: another program uses this port; choose another or leave --port out\n`);
  });

  test("refuses what is no port", async () => {
    const { code, stderr } = await outcome(start("--port", "80a"));
    assert.is(code, 1);
    assert.match(stderr, /^--port 80a: must be a whole number/);
  });
});
