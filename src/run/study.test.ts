import { mkdtemp, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { openStore } from "../tracking/open-store.ts";
import { closeAbandoned } from "./study.ts";
import { HOST_TAG, STUDY_TAG } from "./tags.ts";

/** Statuses of a study's runs after its lock was taken: of its own run, of tasks of this and of another machine, of somebody's own run. */
async function statuses(uri?: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "sonomark-study-"));
  const files = openStore(folder, { now: () => 0 });
  const store = { ...files, uri: uri ?? files.uri };
  const { experimentId } = await store.experiment("s");
  const make = async (tags: Record<string, string>) => (await store.createRun({ experimentId, name: "r", startTime: 0, tags })).info.runId;
  const here = { [STUDY_TAG]: "s", [HOST_TAG]: hostname() };
  const ids = [await make(here), await make(here), await make({ ...here, [HOST_TAG]: "another" }), await make({})];
  await closeAbandoned(store, experimentId, ids[0], () => 7);
  const runs = await Promise.all(ids.map((id) => store.getRun(id)));
  await rm(folder, { recursive: true });
  return runs.map(({ info }) => info.status);
}

describe("closeAbandoned", (test) => {
  test("ends what any machine left open in a folder, which its lock guards, but nobody else's runs", async () =>
    assert.equal(await statuses(), ["RUNNING", "KILLED", "KILLED", "RUNNING"]));
  test("ends on a server only what this machine left open: others may be at work", async () =>
    assert.equal(await statuses("http://localhost:5000"), ["RUNNING", "KILLED", "RUNNING", "RUNNING"]));
});
