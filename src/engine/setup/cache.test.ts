/** @file Tests of the shared cache: the lock, drafts, and what killed runs leave. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { describe } from "../../testing/describe.ts";
import { cacheFolder } from "../../util/files.ts";
import { draftPath, engineFolder, makeFolder, publish, withLock } from "./cache.mjs";

const deadPid = 2 ** 22 + 1; // above the largest process id of Linux
const unexpected = () => assert.unreachable("waited for a lock that nobody holds");

async function inFolder(body: (folder: string) => unknown): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "sonomark-"));
  try {
    await body(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("withLock", (test) => {
  test("lets one at a time build", () =>
    inFolder(async (folder) => {
      const order: string[] = [];
      const owners: string[] = [];
      const first = withLock(folder, async () => { order.push("in"); await sleep(50); order.push("out"); }, unexpected); // prettier-ignore
      const second = withLock(folder, () => Promise.resolve(order.push("second")), (owner) => owners.push(owner)); // prettier-ignore
      await Promise.all([first, second]);
      assert.equal(order, ["in", "out", "second"]);
      assert.equal(owners, [`${hostname()}~${process.pid}`]);
      assert.equal(readdirSync(folder), []);
    }));

  test("gives the lock back when the work fails", () =>
    inFolder(async (folder) => {
      await withLock(folder, () => Promise.reject(new Error("no disk")), unexpected).catch((error: Error) =>
        assert.is(error.message, "no disk"),
      );
      assert.is(await withLock(folder, () => Promise.resolve(7), unexpected), 7);
    }));

  test("takes the lock of a dead process, and of one on another machine that has fallen silent", () =>
    inFolder(async (folder) => {
      for (const owner of [`${hostname()}~${deadPid}`, "elsewhere~1"]) {
        writeFileSync(join(folder, "lock"), owner);
        utimesSync(join(folder, "lock"), new Date(0), new Date(0));
        assert.is(await withLock(folder, () => Promise.resolve("mine"), () => {}), "mine"); // prettier-ignore
      }
    }));

  test("takes away the drafts of dead processes, and no others", () =>
    inFolder(async (folder) => {
      const [dead, alive] = [`.tmp~${hostname()}~${deadPid}~x`, ".tmp~elsewhere~1~x"];
      for (const name of [dead, alive, "tensorflow"]) mkdirSync(join(folder, name, "wheels"), { recursive: true });
      await withLock(folder, () => Promise.resolve(), unexpected);
      assert.equal(readdirSync(folder).sort(), [alive, "tensorflow"]);
    }));
});

describe("publish", (test) => {
  test("gives a draft its name, and keeps what another process was first with", () =>
    inFolder((folder) => {
      for (const text of ["first", "second"]) {
        const draft = draftPath(folder);
        mkdirSync(draft);
        writeFileSync(join(draft, "library"), text);
        publish(draft, join(folder, "tensorflow"));
        assert.not(existsSync(draft));
      }
      assert.is(readFileSync(join(folder, "tensorflow/library"), "utf8"), "first");
    }));
});

describe("engineFolder", (test) => {
  test("lies in the cache folder of the library's own rule", () => {
    for (const env of [{ SONOMARK_CACHE: "/c" }, { SONOMARK_CACHE: "c" }, { XDG_CACHE_HOME: "/x" }, { XDG_CACHE_HOME: "x" }, {}])
      assert.is(engineFolder(env), join(cacheFolder(env), "engine"));
  });
  test("is never relative: empty and relative settings of the cache are ignored or resolved", () => {
    for (const env of [{ SONOMARK_CACHE: "" }, { XDG_CACHE_HOME: "" }, { XDG_CACHE_HOME: "x" }])
      assert.is(cacheFolder(env), cacheFolder({}));
    assert.is(cacheFolder({ SONOMARK_CACHE: "c" }), join(process.cwd(), "c"));
  });
});

describe("makeFolder", (test) => {
  test("says which folder cannot be made, and the cure", () =>
    inFolder((folder) => {
      writeFileSync(join(folder, "file"), "");
      assert.throws(() => makeFolder(join(folder, "file/engine")), /file\/engine cannot be made \(ENOTDIR\): set SONOMARK_CACHE/);
    }));
});
