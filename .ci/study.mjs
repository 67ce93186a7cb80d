/**
 * @file The whole chain on the sample, small: a study, again (nothing to do), killed with kill -9 and gone on with, bit for bit equal;
 * read by the real MLflow; shown by the real page in a browser. Sends { passed, failed } to its parent.
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { openFileStore } from "../src/tracking/file-store.ts";
import { mlflowEnv, mlflowPython } from "../src/testing/mlflow-venv.ts";

const root = resolve(import.meta.dirname, "..");
const folder = await mkdtemp(join(tmpdir(), "sonomark-study-"));
// checkpoints every second or so: what is killed goes on in the middle of a task
const small = [
  "pretrain.epochs=3",
  "pretrain.checkpointMinutes=0.02",
  "finetune.epochs=4",
  "analysis.permutations=199",
  "analysis.bootstraps=200",
].flatMap((setting) => ["--set", setting]);
const counts = { passed: 0, failed: 0 };

/** Runs a check, and goes on after one that fails. */
async function check(name, body) {
  const began = performance.now();
  let why = "";
  let skipped = false;
  try {
    skipped = (await body()) === "skipped";
    if (!skipped) counts.passed++;
  } catch (error) {
    counts.failed++;
    why = `\n    ${error.stack ?? error}`;
  }
  console.log(
    `  ${why ? "FAILED " : skipped ? "skipped" : "passed "} ${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${name}${why}`,
  );
}

/** Starts a program; `ended` resolves with its exit code and what it wrote. */
function start(command, args, options = {}) {
  const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"], ...options });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  const ended = new Promise((done) => child.once("close", (code, signal) => done({ code, signal, stdout, stderr })));
  return { child, ended, soFar: () => stderr };
}

const study = (store) => start(process.execPath, ["src/cli/sonomark.mjs", "study", "--json", "--store", join(folder, store), ...small]);

async function must(program) {
  const { code, stdout, stderr } = await program.ended;
  if (code !== 0) throw new Error(`exit code ${code}\n${stderr.slice(-3000)}`);
  return { result: JSON.parse(stdout), stderr };
}

/** A moment, unless the program ends in it. */
const pause = (program) => Promise.race([setTimeout(50), program.ended.then(() => Promise.reject(new Error("ended too early")))]);

const at = (store) => openFileStore(join(folder, store), { now: Date.now });
const predictions = async ({ runId }, store) => (await at(store).readArtifact(runId, "oof-predictions.csv")).toString("utf8");
const equal = (a, b, what) => {
  if (a !== b) throw new Error(`${what}: ${String(a).slice(0, 300)} is not ${String(b).slice(0, 300)}`);
};

let first;
await check("a study runs to its end", async () => {
  ({ result: first } = await must(study("a")));
  equal(first.ran, true, "ran");
  equal(first.evaluation.images, 128, "images");
  equal(first.biomarkers.table.length > 0, true, "has a biomarker table");
});
await check("a second run does nothing and says so", async () => {
  const { result, stderr } = await must(study("a"));
  equal(result.ran, false, "ran");
  equal(result.runId, first.runId, "run");
  equal(/nothing to do/.test(stderr), true, "says so");
});
await check("stopped with Ctrl-C it ends with 130, and no run is left RUNNING", async () => {
  const stopped = study("b");
  while (!/tasks to run/.test(stopped.soFar())) await pause(stopped);
  await setTimeout(4000); // the first tasks are at work
  stopped.child.kill("SIGINT");
  const { code, stderr } = await stopped.ended;
  equal(code, 130, "exit code");
  equal(/goes on from here/.test(stderr), true, "says so");
  const { experimentId } = await at("b").experiment("demo");
  const statuses = (await at("b").searchRuns({ experimentIds: [experimentId] })).map(({ info }) => info.status);
  equal(statuses.includes("KILLED") && !statuses.includes("RUNNING"), true, statuses.join());
});
await check("killed with kill -9 and run again, it ends with the same out-of-fold predictions, bit for bit", async () => {
  const victim = study("b");
  while (!/\[ ?\d+\/\d+\] finetune\/\S+: done/.test(victim.soFar())) await pause(victim);
  victim.child.kill("SIGKILL");
  await victim.ended;
  const { result, stderr } = await must(study("b"));
  equal(/held by the store/.test(stderr), true, "finished tasks are not run again");
  equal(await predictions(result, "b"), await predictions(first, "a"), "predictions");
});
await check("MlflowClient finds the parent, its children, params, histories and artifacts", async () => {
  const python = await mlflowPython();
  if (!python) return "skipped"; // mlflowPython has said why
  const { code, stdout, stderr } = await start(python, [".ci/study_in_mlflow.py", join(folder, "a"), "demo", first.runId], {
    env: mlflowEnv,
  }).ended;
  equal(code, 0, stderr.slice(-2000));
  const seen = JSON.parse(stdout);
  equal(seen.children, 14, "children");
  equal(seen.params > 30, true, "params of the parent");
  equal(seen.history > 4, true, "points of train/loss");
  equal(seen.artifacts.includes("report.html") && seen.artifacts.includes("oof-predictions.csv"), true, "artifacts of the parent");
});
await check("the page predicts an uploaded image in a real browser", async () => {
  const { code, stdout, stderr } = await start(process.execPath, ["--import", "tsx", "web/e2e.ts"], {
    env: { ...process.env, SONOMARK_E2E_STORE: join(folder, "a") },
  }).ended;
  equal(code, 0, `${stdout}\n${stderr}`.slice(-3000));
});

await rm(folder, { recursive: true, force: true });
process.send?.(counts);
process.exitCode = counts.failed ? 1 : 0;
if (process.connected) process.disconnect();
