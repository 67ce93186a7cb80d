import { spawn, spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as assert from "uvu/assert";
import { assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { layoutFaults } from "../testing/mlflow-layout.ts";
import { START } from "../testing/store-contract.ts";
import { BATCH, valueAt } from "../testing/store-writer.ts";
import { experimentIdOf } from "./layout.ts";
import { openFileStore } from "./file-store.ts";
import type { MetricPoint, Store } from "./store.ts";

const folder = mkdtempSync(join(tmpdir(), "sonomark-faults-"));
let folders = 0;
const point = (key: string, step: number, value = 1): MetricPoint => ({ key, value, step, timestamp: START + step });
const openAt = (root: string): Store => openFileStore(root, { now: () => START });

/** A store in a folder of its own with one run; `path` is the run's folder. */
async function newRun() {
  const root = join(folder, `${folders++}`, "mlruns");
  const store = openAt(root);
  const { experimentId } = await store.experiment("demo");
  const { runId } = (await store.createRun({ experimentId, name: "run", startTime: START })).info;
  return { root, store, experimentId, runId, path: join(root, experimentId, runId) };
}

describe("a store whose writer was killed", (test) => {
  test("mends a torn last line when the metric is written again", async () => {
    const { root, store, runId, path } = await newRun();
    await store.logMetrics(runId, [point("m", 0), point("m", 1)]);
    for (const torn of [`${START + 2} 0.1`, `${START + 2}`, `${START + 2} 0.12 `, `${START + 2} 1 2`]) {
      appendFileSync(join(path, "metrics/m"), torn);
      assert.is((await openAt(root).metricHistory(runId, "m")).length, 2, `reads over "${torn}"`);
      assert.is((await openAt(root).getRun(runId)).metrics.m.step, 1);
    }
    await openAt(root).logMetrics(runId, [point("m", 3)]);
    assert.is(readFileSync(join(path, "metrics/m"), "utf8"), `${START} 1 0\n${START + 1} 1 1\n${START + 3} 1 3\n`);
    assert.equal(layoutFaults(root), []);
  });

  test("mends all its metrics when its status is set", async () => {
    const { root, store, runId, path } = await newRun();
    await store.logMetrics(runId, [point("m", 0), point("deep/er/m", 0)]);
    appendFileSync(join(path, "metrics/deep/er/m"), "176");
    writeFileSync(join(path, "metrics/torn-at-birth"), "17");
    writeFileSync(join(path, "metrics/empty"), "");
    mkdirSync(join(path, "..", `.${runId}.left`));
    assert.is(layoutFaults(root).length > 2, true);
    await openAt(root).updateRun(runId, { status: "KILLED", endTime: START });
    assert.equal(layoutFaults(root), []);
    assert.equal(readdirSync(join(path, "metrics")).sort(), ["deep", "m"]);
    assert.equal(
      readdirSync(join(path, "..")).filter((name) => name.startsWith(".")),
      [],
    );
  });

  test("does not write a point again that an earlier process wrote", async () => {
    const { root, store, runId, path } = await newRun();
    const points = [point("m", 0), point("m", 1, NaN), point("m", 2, 1e-7)];
    await store.logMetrics(runId, points);
    await openAt(root).logMetrics(runId, [...points, point("m", 3)]);
    await store.logMetrics(runId, [...points, point("m", 3), point("m", 4)]); // the first process again
    assert.is(readFileSync(join(path, "metrics/m"), "utf8").trim().split("\n").length, 5);
  });

  test("keeps every acknowledged point once after kill -9 at any moment, with four writers at once", async () => {
    const root = join(folder, "killed", "mlruns");
    const acknowledged = await Promise.all([0, 1, 4, 13].map((batches, i) => killedWriter(root, `writer ${i}`, batches)));
    const store = openAt(root);
    const experiments = (await store.listExperiments()).filter(({ name }) => name === "shared");
    assert.is(experiments.length, 1);
    const runs = await store.searchRuns({ experimentIds: [experiments[0].experimentId] });
    assert.is(runs.length, 4);
    for (const { runId, batches } of acknowledged) {
      await store.updateRun(runId, { status: "KILLED", endTime: START });
      const history = await store.metricHistory(runId, "train/loss");
      assert.ok(history.length >= batches * BATCH, `${history.length} points of ${batches} batches`);
      history.forEach((held, step) => assert.equal(held, { key: "train/loss", value: valueAt(step), step, timestamp: START + step }));
      const { params } = await store.getRun(runId);
      assert.ok(Object.keys(params).length >= batches);
      for (const [key, value] of Object.entries(params)) assert.is(key, `p.${value}`);
      if (batches > 0) assert.is((await store.readArtifact(runId, "latest.bin")).length, 50_000);
    }
    assert.equal(layoutFaults(root), []);
  });
});

/** Kills a writer at once when it has told `batches` batches. */
async function killedWriter(root: string, name: string, batches: number): Promise<{ runId: string; batches: number }> {
  const script = join(import.meta.dirname, "../testing/store-writer.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, root, "shared", name], { stdio: ["ignore", "pipe", "inherit"] });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (lines.length === batches + 1) child.kill("SIGKILL");
  }
  return { runId: lines[0], batches: lines.length - 1 };
}

describe("a store in a folder that others touched", (test) => {
  test("passes over runs and experiments that cannot be read", async () => {
    const { root, store, experimentId, runId, path } = await newRun();
    for (const [name, text] of [
      ["empty", ""],
      ["torn", "run_id: 'x"],
      ["other", "run_id: nobody\nstatus: 1\n"],
      ["list", "- 1\n"],
      ["status", `run_id: status\nstatus: 9\n`],
    ]) {
      mkdirSync(join(root, experimentId, name));
      writeFileSync(join(root, experimentId, name, "meta.yaml"), text);
      mkdirSync(join(root, `bad-${name}`));
      writeFileSync(join(root, `bad-${name}`, "meta.yaml"), text);
    }
    writeFileSync(join(root, "README.md"), "hello");
    writeFileSync(join(path, "params/.DS_Store"), Uint8Array.of(0, 255));
    await store.logMetrics(runId, [point("m", 5)]);
    appendFileSync(join(path, "metrics/m"), `\nrubbish\n${START} 2\n${START} 3 7 data digest\n`);
    assert.equal(
      (await openAt(root).searchRuns({ experimentIds: [experimentId] })).map(({ info }) => info.runId),
      [runId],
    );
    assert.is((await openAt(root).listExperiments()).length, 2);
    assert.equal((await openAt(root).getRun(runId)).params, {});
    assert.equal(
      (await openAt(root).metricHistory(runId, "m")).map(({ step }) => step),
      [0, 5, 7],
    );
    await assertUserError(() => openAt(root).getRun("torn"), /run torn has a broken .*meta\.yaml/);
  });

  test("reads what MLflow itself writes, without quotes", async () => {
    const { root, experimentId } = await newRun();
    const runId = "00000000000000000000000000000042";
    const path = join(root, experimentId, runId);
    for (const name of ["metrics", "params", "tags", "artifacts"]) mkdirSync(join(path, name), { recursive: true });
    const meta = `artifact_uri: mlflow-artifacts:/${experimentId}/${runId}/artifacts\nend_time: null\nexperiment_id: ${experimentId}\nlifecycle_stage: active\nrun_id: '${runId}'\nrun_name: 42\nstart_time: 1760000000000\nstatus: 3\nuser_id: ann\n`;
    writeFileSync(join(path, "meta.yaml"), meta);
    writeFileSync(join(path, "metrics/m"), `${START} 1e-07 0\r\n${START + 1} nan 1\r\n${START + 1} -Infinity 2\r\n`);
    const { info } = await openAt(root).getRun(runId);
    assert.equal([info.name, info.status, info.experimentId], ["42", "FINISHED", experimentId]);
    assert.equal(
      (await openAt(root).metricHistory(runId, "m")).map(({ value }) => value),
      [1e-7, NaN, -Infinity],
    );
    await assertUserError(() => openAt(root).listArtifacts(runId), /lie at mlflow-artifacts:.*name the MLflow server with --store/);
  });

  test("keeps what it does not know when it changes a run", async () => {
    const { store, runId, path } = await newRun();
    appendFileSync(join(path, "meta.yaml"), "later_invention: 123456789012345678\n");
    await store.updateRun(runId, { status: "FINISHED", endTime: START });
    assert.match(readFileSync(join(path, "meta.yaml"), "utf8"), /^later_invention: 123456789012345678$/m);
  });

  test("finds the artifacts after the folder was moved, and after empty folders were lost", async () => {
    const { root, store, experimentId, runId } = await newRun();
    await store.putArtifact(runId, "a/b.txt", "x");
    const moved = join(folder, "moved");
    cpSync(root, moved, { recursive: true });
    rmSync(root, { recursive: true });
    rmSync(join(moved, experimentId, runId, "metrics"), { recursive: true });
    assert.is((await openAt(moved).readArtifact(runId, "a/b.txt")).toString(), "x");
    await openAt(moved).putArtifact(runId, "c.txt", "y");
    await openAt(moved).logMetrics(runId, [point("m", 0)]);
    assert.equal(
      (await openAt(moved).listArtifacts(runId)).map(({ path }) => path),
      ["a", "c.txt"],
    );
  });

  test("gives nothing that a link brings in from outside", async () => {
    const { store, runId, path } = await newRun();
    writeFileSync(join(folder, "secret"), "secret");
    symlinkSync(join(folder, "secret"), join(path, "artifacts/link"));
    symlinkSync(folder, join(path, "artifacts/folder"));
    await assertUserError(() => store.readArtifact(runId, "link"), /leads out of the run/);
    await assertUserError(() => store.listArtifacts(runId, "folder"), /leads out of the run/);
    assert.equal(await store.listArtifacts(runId), []);
  });

  test("says that an experiment is in the trash, and how to get it back", async () => {
    const { root, experimentId, runId } = await newRun();
    renameSync(join(root, experimentId), join(root, ".trash", experimentId));
    await assertUserError(
      () => openAt(root).experiment("demo"),
      new RegExp(`"demo" is in the trash of .*mlflow experiments restore -x ${experimentId}`),
    );
    await assertUserError(() => openAt(root).getRun(runId), /deleted experiments are not searched/);
    await assertUserError(() => openAt(root).createRun({ experimentId, name: "x", startTime: START }), /experiment \d+ is not in/);
  });

  test("takes another id where a renamed experiment holds it", async () => {
    const { root, experimentId } = await newRun();
    const meta = join(root, experimentId, "meta.yaml");
    writeFileSync(meta, readFileSync(meta, "utf8").replace('"demo"', '"renamed"'));
    const again = await openAt(root).experiment("demo");
    assert.is(again.experimentId, experimentIdOf("demo", 1));
    assert.equal(await openAt(root).experiment("demo"), again);
    assert.equal(layoutFaults(root), []);
  });

  test("takes no data for a run that was deleted", async () => {
    const { root, runId, path } = await newRun();
    const meta = join(path, "meta.yaml");
    writeFileSync(meta, readFileSync(meta, "utf8").replace('lifecycle_stage: "active"', 'lifecycle_stage: "deleted"'));
    await assertUserError(() => openAt(root).setTags(runId, { a: "1" }), /is deleted and takes no more data/);
    assert.is((await openAt(root).getRun(runId)).info.lifecycleStage, "deleted");
  });

  test("does not bring a run's folder back that was removed while it was written", async () => {
    const { store, runId, path } = await newRun();
    await store.logMetrics(runId, [point("m", 0)]);
    rmSync(path, { recursive: true });
    await assertUserError(() => store.logMetrics(runId, [point("m", 1)]), /run \w+ is not in/);
    assert.not(existsSync(path));
  });
});

describe("a folder that cannot be a store", (test) => {
  test.after(() => rmSync(folder, { recursive: true, force: true })); // the last suite of this file
  test("is not written to by opening or reading", async () => {
    const root = join(folder, "untouched");
    assert.equal(await openAt(root).listExperiments(), []);
    assert.equal(await openAt(root).searchRuns({ experimentIds: ["0"] }), []);
    await assertUserError(() => openAt(root).getRun("a"), /run a is not in/);
    assert.not(existsSync(root));
  });

  test("is refused where MLflow would find no run in it", async () => {
    await assertUserError(
      () => openAt(join(folder, "artifacts", "mlruns")),
      /lies in a folder called "artifacts", where MLflow finds no run/,
    );
  });

  test("is refused where it is a file", async () => {
    writeFileSync(join(folder, "file"), "");
    await assertUserError(() => openAt(join(folder, "file")), /is a file: name a folder with --store/);
    await assertUserError(() => openAt(join(folder, "file", "mlruns")).experiment("x"), /file cannot be a folder|is a file/);
  });

  test("refuses keys that need one name as file and as folder", async () => {
    const { store, runId, root } = await newRun();
    await store.logMetrics(runId, [point("a", 0), point("b/c", 0)]);
    await store.logParams(runId, { a: "1" });
    for (const body of [
      () => store.logMetrics(runId, [point("a/b", 0)]),
      () => store.logMetrics(runId, [point("b", 0)]),
      () => store.logParams(runId, { "a/b": "1" }),
      () => store.setTags(runId, { "mlflow.runName/x": "1" }),
    ])
      await assertUserError(body, /clashes with another name as "a" does with "a\/b"/);
    await store.putArtifact(runId, "a", "x");
    await assertUserError(() => store.putArtifact(runId, "a/b", "x"), /clashes with another name/);
    assert.equal(layoutFaults(root), []);
    assert.equal(
      readdirSync(join(root, (await store.experiment("demo")).experimentId)).filter((name) => name.startsWith(".")),
      [],
    );
  });

  test("says that it is read-only", async () => {
    const { root, store, experimentId, runId, path } = await newRun();
    const places = [root, join(root, "0"), join(root, experimentId), path, join(path, "params")];
    for (const place of places) chmodSync(place, 0o555);
    try {
      await asOtherUser(async () => {
        for (const body of [
          () => openAt(root).experiment("other"),
          () => store.createRun({ experimentId, name: "x", startTime: START }),
          () => store.logParams(runId, { a: "1" }),
          () => store.logMetrics(runId, [point("m", 0)]),
          () => store.putArtifact(runId, "x", "x"),
          () => store.updateRun(runId, { status: "FAILED" }),
        ])
          await assertUserError(body, /cannot be written \(EACCES\): give this user write permission, or name another store with --store/);
        assert.is((await store.searchRuns({ experimentIds: [experimentId] })).length, 1);
      });
    } finally {
      for (const place of places) chmodSync(place, 0o755);
    }
    assert.equal(layoutFaults(root), []);
  });

  test("says that the disk is full, and leaves no half point", () => {
    const mount = mkdtempSync(join(folder, "tmpfs-"));
    const script = join(import.meta.dirname, "../testing/fill-disk.ts");
    const commands = `mount -t tmpfs -o size=256k tmpfs "$1" && exec "$2" --import tsx "$3" "$1"`;
    const { status, stdout, stderr } = spawnSync("unshare", ["-rm", "sh", "-c", commands, "sh", mount, process.execPath, script], {
      encoding: "utf8",
    });
    if (/unshare|mount:/.test(stderr) || status === null) {
      console.error(`The test of a full disk is skipped: this machine allows no small disk (${stderr.trim()}).`);
      return;
    }
    assert.is(status, 0, stderr);
    const { messages, faults, kept, acknowledged } = JSON.parse(stdout) as {
      messages: string[];
      faults: string[];
      kept: number;
      acknowledged: number;
    };
    for (const message of messages) assert.match(message, /cannot be written, no space left on the disk \(ENOSPC\): free some/);
    assert.is(messages.length, 3);
    assert.equal(faults, []);
    assert.is(kept, acknowledged);
  });
});

/** Root may write anywhere: for a while this process is nobody. */
async function asOtherUser(body: () => Promise<void>): Promise<void> {
  const root = process.geteuid?.() === 0;
  if (root) chmodSync(folder, 0o755);
  if (root) process.seteuid!(65534);
  try {
    await body();
  } finally {
    if (root) process.seteuid!(0);
  }
}
