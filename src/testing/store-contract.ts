/** @file What every tracking store must do: one suite, run by each back end. */
import type { Test } from "uvu";
import * as assert from "uvu/assert";
import type { MetricPoint, Store } from "../tracking/store.ts";
import { UserError } from "../util/user-error.ts";
import { assertUserError } from "./close.ts";

/** The time of the first run; MLflow wants ms. */
export const START = 1_760_000_000_000;

const point = (key: string, value: number, step: number, timestamp = START + step): MetricPoint => ({ key, value, step, timestamp });

/** @param open a store, the same or another one at each call; experiments of the suite have names of their own */
export function storeContract(test: Test, open: () => Store): void {
  const newRun = async (experiment: string): Promise<{ store: Store; experimentId: string; runId: string }> => {
    const store = open();
    const { experimentId } = await store.experiment(experiment);
    const { info } = await store.createRun({ experimentId, name: "run", startTime: START });
    return { store, experimentId, runId: info.runId };
  };

  test("makes an experiment once and finds it again by name", async () => {
    const store = open();
    const made = await store.experiment("contract once");
    assert.equal(await open().experiment("contract once"), made);
    assert.is(made.name, "contract once");
    assert.is((await store.listExperiments()).filter(({ name }) => name === "contract once").length, 1);
    assert.ok((await store.listExperiments()).some(({ name }) => name === "Default"));
  });

  test("makes one experiment of eight requests at once", async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => open().experiment("contract race")));
    assert.is(new Set(made.map(({ experimentId }) => experimentId)).size, 1);
  });

  test("refuses an experiment name that is empty or too long", async () => {
    await assertUserError(() => open().experiment(""), /has 0 characters/);
    await assertUserError(() => open().experiment("x".repeat(501)), /has 501 characters/);
  });

  test("keeps a run's name, times, tags and parent", async () => {
    const { store, experimentId, runId } = await newRun("contract run");
    const tags = { "mlflow.user": "ann", "mlflow.note.content": "# Title\nline é 漢 🎈\n" };
    const child = await store.createRun({ experimentId, name: "42", startTime: START + 5, parentRunId: runId, tags });
    const read = await open().getRun(child.info.runId);
    assert.equal({ ...read, metrics: {} }, child);
    assert.is(read.info.name, "42");
    assert.is(read.info.status, "RUNNING");
    assert.is(read.info.startTime, START + 5);
    assert.is(read.info.endTime, null);
    assert.is(read.tags["mlflow.parentRunId"], runId);
    assert.is(read.tags["mlflow.runName"], "42");
    assert.is(read.tags["mlflow.note.content"], tags["mlflow.note.content"]);
  });

  test("ends a run, opens it again and renames it", async () => {
    const { store, runId } = await newRun("contract update");
    await store.updateRun(runId, { status: "KILLED", endTime: START + 9, name: "yes" });
    const ended = await store.getRun(runId);
    assert.equal([ended.info.status, ended.info.endTime, ended.info.name], ["KILLED", START + 9, "yes"]);
    assert.is(ended.tags["mlflow.runName"], "yes");
    await store.updateRun(runId, { status: "RUNNING" });
    assert.is((await store.getRun(runId)).info.status, "RUNNING");
  });

  test("keeps params, also empty, odd and more than a batch of them", async () => {
    const { store, runId } = await newRun("contract params");
    const many = Object.fromEntries(Array.from({ length: 230 }, (_, i) => [`p.${i}`, `${i}`]));
    const params = {
      ...many,
      empty: "",
      "deep/er/key": "1",
      "Größe 漢": "é\nzwei",
      long: "x".repeat(6000),
      constructor: "a",
      __proto: "b",
    };
    await store.logParams(runId, params);
    await store.logParams(runId, { long: params.long, empty: "" });
    assert.equal((await open().getRun(runId)).params, params);
  });

  test("refuses a param that changes, with both values", async () => {
    const { store, runId } = await newRun("contract conflict");
    await store.logParams(runId, { rate: "0.1" });
    await assertUserError(
      () => store.logParams(runId, { fresh: "1", rate: "0.2" }),
      /param rate of run \w+ is "0.1" and cannot become "0.2"/,
    );
    assert.is((await store.getRun(runId)).params.rate, "0.1");
  });

  test("refuses keys and values that MLflow refuses or cuts", async () => {
    const { store, runId } = await newRun("contract limits");
    for (const key of ["", "a//b", "/a", "a/", "..", "a/../b", "a\\b", "p%", "a\nb", "x".repeat(251)])
      await assertUserError(() => store.logParams(runId, { [key]: "1" }), /^param key .* cannot be stored in MLflow: use at most 250/);
    await assertUserError(() => store.logMetrics(runId, [point("loss@1", 1, 0)]), /metric key "loss@1"/);
    await assertUserError(() => store.logParams(runId, { long: "x".repeat(6001) }), /param long has 6001 characters, MLflow keeps 6000/);
    await assertUserError(() => store.setTags(runId, { long: "x".repeat(8001) }), /tag long has 8001 characters/);
  });

  test("takes whole steps and times only", async () => {
    const { store, runId } = await newRun("contract whole");
    for (const bad of [point("m", 1, 0.5), point("m", 1, 0, START + 0.5), point("m", 1, NaN)])
      await assertRangeError(() => store.logMetrics(runId, [bad]), /must be an integer/);
    assert.equal(await store.metricHistory(runId, "m"), []);
  });

  test("keeps a history in step order, with NaN, infinities and small numbers exact", async () => {
    const { store, runId } = await newRun("contract history");
    const values = [0.1 + 0.2, NaN, Infinity, -Infinity, 5e-324, 1e-7, 1e21, 0, -3];
    const points = values.map((value, step) => point("odd/values", value, step - 4));
    await store.logMetrics(runId, points.slice(5));
    await store.logMetrics(runId, points.slice(0, 5));
    assert.equal(await open().metricHistory(runId, "odd/values"), points);
    assert.equal((await open().getRun(runId)).metrics["odd/values"], points.at(-1));
  });

  test("keeps more points than fit into a batch", async () => {
    const { store, runId } = await newRun("contract many");
    const points = Array.from({ length: 2500 }, (_, step) => point("train/loss", Math.sin(step), step));
    await store.logMetrics(runId, points);
    assert.equal(await store.metricHistory(runId, "train/loss"), points);
  });

  test("keeps identical points once, and points that differ in value or time apart", async () => {
    const { store, runId } = await newRun("contract once each");
    const points = [point("m", 1, 3), point("m", NaN, 1), point("m", 2, 3), point("m", 1, 3, START)];
    await store.logMetrics(runId, [...points, ...points]);
    await store.logMetrics(runId, points);
    const history = await store.metricHistory(runId, "m");
    assert.equal(
      history.map(({ step }) => step),
      [1, 3, 3, 3],
    );
  });

  test("takes the latest value by step, then time, not by order of writing", async () => {
    const { store, runId } = await newRun("contract latest");
    await store.logMetrics(runId, [point("m", 7, 9), point("m", 8, 2)]);
    await store.logMetrics(runId, [point("m", 9, 9, START + 50), point("m", 1, 3, START + 99)]);
    assert.equal((await store.getRun(runId)).metrics.m, point("m", 9, 9, START + 50));
  });

  test("has no history for a metric or a key that is not there", async () => {
    const { store, runId } = await newRun("contract none");
    assert.equal(await store.metricHistory(runId, "nothing"), []);
    assert.equal(await store.metricHistory(runId, "../params"), []);
  });

  test("overwrites tags, and renames a run by its tag", async () => {
    const { store, runId } = await newRun("contract tags");
    await store.setTags(runId, { state: "a", other: "" });
    await store.setTags(runId, { state: "b", "mlflow.runName": "renamed" });
    const { tags, info } = await store.getRun(runId);
    assert.equal([tags.state, tags.other, info.name], ["b", "", "renamed"]);
  });

  test("keeps dataset inputs, the same one once", async () => {
    const { store, runId } = await newRun("contract inputs");
    const input = {
      name: "busi",
      digest: "0123abcd",
      sourceType: "local",
      source: '{"uri":"data/busi"}',
      schema: null,
      profile: '{"num_rows":780}',
      context: "training",
    };
    await store.logInputs(runId, [input]);
    await store.logInputs(runId, [input, { ...input, digest: "ffff", context: "test" }]);
    const { inputs } = await open().getRun(runId);
    assert.equal(
      inputs.toSorted((a, b) => (a.digest < b.digest ? -1 : 1)),
      [input, { ...input, digest: "ffff", context: "test" }],
    );
    await assertUserError(() => store.logInputs(runId, [{ ...input, digest: "x".repeat(37) }]), /digest .* has 37 characters/);
  });

  test("keeps artifacts, replaces them and lists a folder at a time", async () => {
    const { store, runId } = await newRun("contract artifacts");
    const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 31) % 256);
    await store.putArtifact(runId, "maps/grad-cam.npy", bytes);
    await store.putArtifact(runId, "report.html", "old");
    await store.putArtifact(runId, "report.html", "new é");
    await store.putArtifact(runId, "empty.txt", "");
    assert.equal(await store.readArtifact(runId, "maps/grad-cam.npy"), Buffer.from(bytes));
    assert.is((await open().readArtifact(runId, "report.html")).toString(), "new é");
    assert.equal(await store.listArtifacts(runId), [
      { path: "empty.txt", isDirectory: false, size: 0 },
      { path: "maps", isDirectory: true, size: null },
      { path: "report.html", isDirectory: false, size: 6 },
    ]);
    assert.equal(await store.listArtifacts(runId, "maps"), [{ path: "maps/grad-cam.npy", isDirectory: false, size: 70_000 }]);
    assert.equal(await store.listArtifacts(runId, "nowhere"), []);
  });

  test("keeps odd artifact names", async () => {
    const { store, runId } = await newRun("contract names");
    const names = ["a b.txt", "é漢.txt", "100%.txt", "a+b~c?d&e;f,g'h\"i[j]@k=l$m!n(o)*.txt", "..dots", "a..b", ".hidden"];
    for (const name of names) await store.putArtifact(runId, `odd/${name}`, name);
    for (const name of names) assert.is((await store.readArtifact(runId, `odd/${name}`)).toString(), name);
    assert.equal((await store.listArtifacts(runId, "odd")).map(({ path }) => path.slice(4)).sort(), names.toSorted());
  });

  test("refuses artifact paths that leave the run or do not survive a server", async () => {
    const { store, runId } = await newRun("contract paths");
    for (const path of ["", "..", "../meta.yaml", "/etc/passwd", "a//b", "a/./b", "a/", "a\\b", "a\0"]) {
      await assertUserError(() => store.readArtifact(runId, path), /must be relative and stay inside the run/);
      await assertUserError(() => store.putArtifact(runId, path, "x"), /artifact path/);
    }
    for (const path of ["a#b", "a%20b", "a\nb"])
      await assertUserError(() => store.putArtifact(runId, path, "x"), /would not survive an MLflow server/);
    assert.is(await statusOf(() => store.readArtifact(runId, "nothing.txt")), 404);
    await store.putArtifact(runId, "folder/file", "x");
    assert.is(await statusOf(() => store.readArtifact(runId, "folder")), 404);
  });

  test("finds runs by tag and status, newest first", async () => {
    const { store, experimentId } = await newRun("contract search");
    const label = `it's "both"`;
    const started = [3, 1, 2].map((age, i) =>
      store.createRun({ experimentId, name: `r${age}`, startTime: START - 1000 * age, tags: { group: "g", label: i ? "it's" : label } }),
    );
    const [oldest, newest] = await Promise.all(started);
    await store.updateRun(newest.info.runId, { status: "FINISHED", endTime: START });
    const names = async (query: object) =>
      (await open().searchRuns({ experimentIds: [experimentId], ...query })).map(({ info }) => info.name);
    assert.equal(await names({}), ["run", "r1", "r2", "r3"]);
    assert.equal(await names({ tags: { group: "g" }, maxResults: 2 }), ["r1", "r2"]);
    assert.equal(await names({ tags: { group: "g", label } }), ["r3"]);
    assert.equal(await names({ tags: { label: "it's" } }), ["r1", "r2"]);
    assert.equal(await names({ status: ["FINISHED"] }), ["r1"]);
    assert.equal(await names({ status: ["FINISHED", "RUNNING"], tags: { group: "g" } }), ["r1", "r2", "r3"]);
    assert.equal(await names({ tags: { group: "other" } }), []);
    assert.equal(await open().searchRuns({ experimentIds: [] }), []);
    assert.is(oldest.info.name, "r3");
  });

  test("says which run or experiment is not there", async () => {
    const { store } = await newRun("contract missing");
    for (const runId of ["0123456789abcdef0123456789abcdef", "../x", "tags", ""])
      await assertUserError(() => store.getRun(runId), /run|Run/);
    assert.is(await statusOf(() => store.getRun("0123456789abcdef0123456789abcdef")), 404);
    await assertUserError(() => store.logMetrics("0123456789abcdef0123456789abcdef", [point("m", 1, 0)]), /[Rr]un/);
    await assertUserError(() => store.createRun({ experimentId: "999", name: "x", startTime: START }), /999/);
  });
}

async function statusOf(body: () => Promise<unknown>): Promise<number | undefined> {
  return body().then(
    () => undefined,
    (error: unknown) => (error instanceof UserError ? error.status : undefined),
  );
}

async function assertRangeError(body: () => Promise<unknown>, pattern: RegExp): Promise<void> {
  const error = await body().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.instance(error, RangeError);
  assert.match((error as Error).message, pattern);
}
