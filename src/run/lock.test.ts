import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { openStore } from "../tracking/open-store.ts";
import { assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { withStudyLock } from "./lock.ts";

const never = new AbortController().signal;
const inFolder = async (body: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), "sonomark-lock-"));
  await body(folder);
  await rm(folder, { recursive: true });
};
const open = (path: string) => openStore(path, { now: () => 0 });

describe("withStudyLock", (test) => {
  test("keeps a second one out, whatever path leads to the store, and lets it in afterwards", () =>
    inFolder(async (folder) => {
      const store = open(join(folder, "runs"));
      await store.experiment("s");
      await symlink(join(folder, "runs"), join(folder, "link"));
      const linked = open(join(folder, "link"));
      await withStudyLock(store, "s", never, async () => {
        await withStudyLock(store, "another", never, async () => {});
        await assertUserError(() => withStudyLock(linked, "s", never, async () => {}), /^study s is running in another process/);
      });
      assert.is(await withStudyLock(linked, "s", never, async () => 7), 7);
    }));
  test("stops waiting when it is told to", () =>
    inFolder(async (folder) => {
      const store = open(folder);
      const stop = new AbortController();
      await withStudyLock(store, "s", never, async () => {
        setTimeout(() => stop.abort(new Error("enough")), 100);
        const error = await withStudyLock(store, "s", stop.signal, async () => {}).catch((reason: unknown) => reason);
        assert.is((error as Error).message, "enough");
      });
    }));
  test("gives the lock back where the work fails, and hands on why", () =>
    inFolder(async (folder) => {
      const store = open(folder);
      const failing = withStudyLock(store, "s", never, async () => Promise.reject(new Error("broken")));
      assert.is(await failing.catch((error: Error) => error.message), "broken");
      assert.is(await withStudyLock(store, "s", never, async () => "next"), "next");
    }));
});
