/**
 * @file Not a time: kills a pretraining with kill -9 at random moments, runs the same command again until it ends, and compares the encoders with
 * those of a run that nobody disturbed, byte for byte. `npm run bench -- kill [--methods byol,swav] [--kills 10] [--seed 1]`.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { methodSchema } from "../src/config/pretrain.ts";
import { TASK_TAG } from "../src/run/tags.ts";
import { openFileStore } from "../src/tracking/file-store.ts";
import { packageRoot } from "../src/util/files.ts";
import { rngOf } from "../src/util/rng.ts";

const { values: options } = parseArgs({
  options: {
    methods: { type: "string", default: methodSchema.options.map(({ shape }) => shape.name.value).join() },
    kills: { type: "string", default: "10" },
    seed: { type: "string", default: "1" },
  },
});
const SETTINGS = [
  "data.folds=2",
  "pretrain.epochs=20",
  "pretrain.batchSize=16",
  "pretrain.accumulate=2",
  "pretrain.checkpointMinutes=0.01",
];
/** Milliseconds after the first progress of a task within which it is killed. */
const WITHIN = 6000;

const rng = rngOf(Number(options.seed), "bench", "kill");
const folder = await mkdtemp(join(tmpdir(), "sonomark-kill-"));

function start(store: string, method: string) {
  const settings = [...SETTINGS, `pretrain.method.name=${method}`].flatMap((setting) => ["--set", setting]);
  const child = spawn(process.execPath, ["src/cli/sonomark.mjs", "pretrain", "--store", join(folder, store), "--jobs", "2", ...settings], {
    cwd: packageRoot,
    stdio: ["ignore", "ignore", "pipe"],
    detached: true, // a process group of its own: everything dies at once
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ended = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  return { child, ended, said: () => said };
}

/** Runs the command to its end, with `kills` kills on the way. */
async function run(store: string, method: string, kills: number): Promise<number> {
  for (let killed = 0; ; killed++) {
    const { child, ended, said } = start(store, method);
    if (killed === kills) {
      if ((await ended) !== 0) throw new Error(said());
      return killed;
    }
    while (!said().includes(": started")) await setTimeout(50);
    const over = await Promise.race([ended.then(() => true), setTimeout(2000 + rng.next() * WITHIN).then(() => false)]);
    if (over) return killed; // done before the knife fell
    process.kill(-child.pid!, "SIGKILL");
    await ended;
  }
}

/** SHA-256 of each fold's encoder, and how many runs each task took. */
async function encoders(store: string) {
  const files = openFileStore(join(folder, store), { now: Date.now });
  const { experimentId } = await files.experiment("demo");
  const runs = (await files.searchRuns({ experimentIds: [experimentId] })).filter(({ tags }) => tags[TASK_TAG]?.startsWith("pretrain/"));
  const finished = runs.filter(({ info }) => info.status === "FINISHED").sort((a, b) => a.tags[TASK_TAG].localeCompare(b.tags[TASK_TAG]));
  const hashes = await Promise.all(
    finished.map(async ({ info }) =>
      createHash("sha256")
        .update(await files.readArtifact(info.runId, "model/encoder.safetensors"))
        .digest("hex"),
    ),
  );
  const histories = await Promise.all(finished.map(({ info }) => files.metricHistory(info.runId, "train/loss")));
  const doubled = histories.filter((points) => new Set(points.map(({ step }) => step)).size !== points.length).length;
  return { hashes, runs: runs.length, points: histories.map((points) => points.length), doubled };
}

console.log(
  "| method | kills | runs of 2 tasks | encoders equal to those of an unbroken run | points of train/loss | tasks with doubled points |",
);
console.log("|---|---|---|---|---|---|");
for (const method of options.methods.split(",")) {
  await run(`${method}-whole`, method, 0);
  const kills = await run(`${method}-killed`, method, Number(options.kills));
  const [whole, killed] = [await encoders(`${method}-whole`), await encoders(`${method}-killed`)];
  const equal = whole.hashes.filter((hash, i) => hash === killed.hashes[i]).length;
  const points = `${killed.points.join(" + ")} of ${whole.points.join(" + ")}`;
  console.log(`| ${[method, kills, killed.runs, `${equal} of ${whole.hashes.length}`, points, killed.doubled].join(" | ")} |`);
  if (equal !== whole.hashes.length || killed.doubled > 0) process.exitCode = 1;
}
await rm(folder, { recursive: true });
