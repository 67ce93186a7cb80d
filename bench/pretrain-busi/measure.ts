/** @file Measures encoders in processes of their own, side by side; what was measured is kept, so that a killed run goes on. */
import { fork } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { studySchema } from "../../src/config/study.ts";
import { readIfThere } from "../../src/util/files.ts";
import { hashOf, sha256 } from "../../src/util/hash.ts";
import { mapInFlight } from "../../src/util/in-flight.ts";
import { UserError } from "../../src/util/user-error.ts";
import { countdown } from "./countdown.ts";
import type { Machine } from "./encoders.ts";

/** One encoder of one outer fold and seed, and what is asked of it. */
export const unitSchema = z.strictObject({
  name: z.string(),
  /** `inner`: neighbours on the inner split alone; `held-out`: everything, on the images that the fold holds out */
  on: z.enum(["inner", "held-out"]),
  study: studySchema,
  data: z.string(),
  fold: z.int(),
  /** null: untrained */
  encoder: z.strictObject({ runId: z.string(), key: z.string() }).nullable(),
  store: z.string(),
});
export type Unit = z.infer<typeof unitSchema>;

export const innerResultSchema = z.strictObject({ auroc: z.number() });

export const heldOutResultSchema = z.strictObject({
  /** indices of the images held out, [m] */
  images: z.array(z.int()),
  /** of the positive class, by measure, [m] each */
  scores: z.record(z.string(), z.array(z.number())),
  knn: z.strictObject({ k: z.int(), temperature: z.number() }),
  penalty: z.number(),
  /** of each fine-tuning */
  finetune: z.array(
    z.strictObject({ share: z.number(), groups: z.int(), images: z.int(), batchSize: z.int(), epochs: z.int(), updates: z.int() }),
  ),
});
export type HeldOutResult = z.infer<typeof heldOutResultSchema>;

/** The code of this folder that decides a result. */
const DECIDING = ["unit.ts", "names.ts"]; // the others are in the stages, whose hash a unit has too
const ownCode = async (): Promise<string> =>
  hashOf(await Promise.all(DECIDING.map(async (file) => sha256(await readFile(join(import.meta.dirname, file))))));

/** All that decides a unit's result; where things lie does not. */
function keyOf({ on, study, data, fold, encoder }: Unit, code: string[]): string {
  const { data: images, seed, threads, encoder: network, finetune } = study;
  const { source: _, split: __, ...deciding } = images;
  return hashOf({ on, seed, threads, network, finetune, images: deciding, data, fold, encoder: encoder?.key ?? null, code });
}

/** Results parallel to `units`; only those that `cache` does not hold are measured. */
export async function measured<T>(
  what: string,
  units: readonly Unit[],
  schema: z.ZodType<T>,
  { cache, code, engine, jobs, signal, now }: Machine & { cache: string },
): Promise<T[]> {
  const codes = [code, engine, await ownCode()];
  const paths = units.map((unit) => join(cache, "units", `${keyOf(unit, codes)}.json`));
  const known = await Promise.all(paths.map(readIfThere));
  const todo = units.map((unit, i) => ({ unit, path: paths[i] })).filter((_, i) => !known[i]);
  const tell = countdown(what, { total: units.length, held: units.length - todo.length }, now);
  const folder = await mkdtemp(join(tmpdir(), "sonomark-"));
  try {
    await mapInFlight(todo, jobs, async ({ unit, path }, i) => {
      const asked = join(folder, `${i}.json`);
      await writeFile(asked, JSON.stringify(unit));
      await inProcess(unit.name, [asked, path], signal);
      tell(unit.name);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return Promise.all(paths.map(async (path) => schema.parse(JSON.parse(await readFile(path, "utf8")))));
}

function inProcess(name: string, args: string[], signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL("unit.ts", import.meta.url)), args, {
      execArgv: ["--import", "tsx"],
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "3" },
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let said = "";
    child.stderr!.setEncoding("utf8").on("data", (text: string) => (said += text));
    const stop = () => void child.kill("SIGKILL"); // it leaves nothing half-written
    signal.addEventListener("abort", stop, { once: true });
    child.once("error", reject);
    child.once("exit", (code) => {
      signal.removeEventListener("abort", stop);
      if (code === 0) resolve();
      else reject(signal.aborted ? signal.reason : new UserError(`${name} could not be measured: ${said.trim() || `exit code ${code}`}`));
    });
  });
}
