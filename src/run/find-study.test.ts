import { join } from "node:path";
import * as assert from "uvu/assert";
import { assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { withFolder } from "../testing/picture-files.ts";
import { openStore } from "../tracking/open-store.ts";
import type { RunStatus, Store } from "../tracking/store.ts";
import { findStudies } from "./find-study.ts";
import { STUDY_TAG, STUDY_TASK, TASK_TAG } from "./tags.ts";

/** Ids that begin alike: aaaa0001…, aaaa0002… */
const idOf = (n: number): string => `aaaa${String(n).padStart(4, "0")}`.padEnd(32, "0");

type Add = (name: string, status?: RunStatus, parentRunId?: string) => Promise<string>;

/** A store, and a way to put runs there, each later than the one before. */
const inStore = (body: (store: Store, add: Add) => Promise<void>) => () =>
  withFolder(async (folder) => {
    let ids = 0;
    const store = openStore(join(folder, "mlruns"), { now: () => 0, randomId: () => idOf(++ids) });
    let startTime = 0;
    await body(store, async (name, status = "FINISHED", parentRunId) => {
      const { experimentId } = await store.experiment("study");
      const tags = { [STUDY_TAG]: name, [TASK_TAG]: parentRunId === undefined ? STUDY_TASK : name };
      const run = { experimentId, name, startTime: ++startTime, tags, ...(parentRunId === undefined ? {} : { parentRunId }) };
      const { runId } = (await store.createRun(run)).info;
      await store.updateRun(runId, { status, endTime: startTime });
      return runId;
    });
  });

const idsOf = async (store: Store, what: string) => (await findStudies(store, what)).map(({ info }) => info.runId);

describe("findStudies", (test) => {
  test(
    "by name gives finished runs first, the newest of each first",
    inStore(async (store, add) => {
      const killed = await add("small", "KILLED");
      const old = await add("small");
      const recent = await add("small");
      const open = await add("small", "RUNNING");
      await add("other");
      assert.equal(await idsOf(store, "small"), [recent, old, open, killed]);
    }),
  );
  test(
    "by an id, or the beginning of one, gives that run alone",
    inStore(async (store, add) => {
      const runId = await add("small");
      await add("other");
      for (const what of [runId, runId.slice(0, 20)]) assert.equal(await idsOf(store, what), [runId]);
    }),
  );
  test(
    "takes a name for a name, though it could be the beginning of an id",
    inStore(async (store, add) => {
      const other = await add("other");
      const named = await add(other.slice(0, 8));
      assert.equal(await idsOf(store, other.slice(0, 8)), [named]);
    }),
  );
  test(
    "says in one sentence what is wrong: no study, a mistyped one, a task, several that begin alike",
    inStore(async (store, add) => {
      await assertUserError(
        () => findStudies(store, "small"),
        /has no study of the name or run id small: it has no study yet; run one first$/,
      );
      const runId = await add("small");
      const task = await add("evaluate", "FINISHED", runId);
      await assertUserError(() => findStudies(store, "smal"), /has no study of the name or run id smal: did you mean small\?$/);
      await assertUserError(() => findStudies(store, "0".repeat(32)), /has no study of the name or run id 0{32}: it has small$/);
      await assertUserError(() => findStudies(store, task), new RegExp(`is the task evaluate, and a study is asked for: give ${runId}$`));
    }),
  );
  test(
    "asks for more of an id that two studies begin with",
    inStore(async (store, add) => {
      await add("one");
      await add("two");
      const sentence = /^aaaa is the beginning of 2 runs \(aaaa\d{4} of two, aaaa\d{4} of one\); give more of it$/;
      await assertUserError(() => findStudies(store, "aaaa"), sentence);
    }),
  );
});
