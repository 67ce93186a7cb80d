/** @file What `sonomark doctor` tells: engine, versions, devices, threads, store, caches; each problem with its cure. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { access, constants, statfs } from "node:fs/promises";
import { availableParallelism, cpus, freemem, totalmem } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder, packageRoot } from "../util/files.ts";
import { messageOf } from "../util/user-error.ts";
import { bindingIsInstalled, cachedBinding } from "./setup/binding.mjs";
import { engineFolder } from "./setup/cache.mjs";
import { run } from "./setup/exec.mjs";
import { damagedFiles, folderBytes, libraryFolder, libraryIsWhole } from "./setup/library.mjs";
import { packagesMatch } from "./setup/packages.mjs";
import { askedEngine, chooseVariant, machine, type Variant } from "./setup/platform.mjs";
import { check, findCompiler, findPip, findPython } from "./setup/tools.mjs";

export interface Problem {
  problem: string;
  cure: string;
}

export interface DoctorReport {
  /** `error` tells why there is none; the training step of the check ran where it is null. */
  engine: { backend: "tensorflow" | "wasm"; device: "cpu" | "gpu"; tensorflow: string | null; tfjs: string } | { error: string };
  /** null: not found */
  versions: Record<"sonomark" | "node" | "npm" | "python" | "pip" | "compiler", string | null>;
  machine: { platform: string; arch: string; cores: number; memoryBytes: number; freeMemoryBytes: number; devices: string[] };
  threads: { perTask: number; note: string };
  store: { uri: string; reachable: boolean; detail: string } | null;
  /** `used`: by this clone, null where that is not known */
  caches: { path: string; bytes: number; used: boolean | null }[];
  freeDiskBytes: number;
  problems: Problem[];
}

/** What the doctor asks of a tracking store. */
export interface StoreToExamine {
  readonly uri: string;
  listExperiments(): Promise<readonly unknown[]>;
}

/** Examines this machine and this clone; changes nothing. Takes a few seconds, as it reads every byte of the native library. */
export async function doctor({ store }: { store?: StoreToExamine } = {}): Promise<DoctorReport> {
  const problems: Problem[] = [];
  const [engine, versions, storeReport] = await Promise.all([
    examineEngine(problems),
    findVersions(),
    store ? examineStore(store, problems) : null,
  ]);
  const root = nearestFolder(cacheFolder());
  const { bavail, bsize } = await statfs(root);
  return {
    engine: engine.answer,
    versions,
    machine: {
      platform: process.platform,
      arch: process.arch,
      cores: availableParallelism(),
      memoryBytes: totalmem(),
      freeMemoryBytes: freemem(),
      devices: devices(),
    },
    threads: { perTask: 1, note: "the key `threads` of a study sets it; more threads may change the last digits of results" },
    store: storeReport,
    caches: listCaches(engine.used),
    freeDiskBytes: bavail * bsize,
    problems,
  };
}

async function examineEngine(problems: Problem[]): Promise<{ answer: DoctorReport["engine"]; used: string[] }> {
  const setup = "run npm run setup";
  const fail = (problem: string, cure: string, used: string[] = []) => {
    problems.push({ problem, cure });
    return { answer: { error: problem }, used };
  };
  if (!packagesMatch(packageRoot)) return fail("node_modules differs from package-lock.json", setup);
  let variant: Variant | undefined;
  try {
    const asked = askedEngine(process.env.SONOMARK_ENGINE);
    if (asked !== "wasm") variant = chooseVariant(asked, machine());
  } catch (error) {
    const [problem = "", ...cure] = messageOf(error).split(": ");
    return fail(problem, cure.join(": "));
  }
  const used: string[] = [];
  if (variant) {
    const library = libraryFolder(variant);
    used.push(library, cachedBinding(packageRoot, library));
    if (!libraryIsWhole(library)) return fail("TensorFlow's library is missing from the cache or cut short", setup, used);
    const damaged = await damagedFiles(library);
    if (damaged.length > 0)
      return fail(`TensorFlow's library is damaged in the cache (${damaged.join(", ")})`, `delete ${library} and ${setup}`, used);
    if (!bindingIsInstalled(packageRoot, library))
      return fail("The TensorFlow binding of this clone is not built, or another set-up built it", setup, used);
    if (variant.note) problems.push({ problem: variant.note, cure: "none is needed for work on the CPU" });
  }
  const answer = await check(variant ? "native" : "wasm");
  if ("error" in answer) return fail(`The engine fails its training step: ${answer.error}`, setup, used);
  if (variant?.engine === "gpu" && answer.device === "cpu")
    problems.push({
      problem: "TensorFlow does not see the NVIDIA card",
      cure: "check nvidia-smi; CUDA 12 needs driver 525 or newer",
    });
  return { answer, used };
}

async function findVersions(): Promise<DoctorReport["versions"]> {
  const python = await findPython();
  const [npm, pip, compiler] = await Promise.all([run("npm", ["--version"]), python ? findPip(python.command) : undefined, findCompiler()]);
  const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string };
  return {
    sonomark: version,
    node: process.versions.node,
    npm: npm.code === 0 ? npm.stdout.trim() : null,
    python: python?.line ?? null,
    pip: pip?.line.split(" ")[1] ?? null,
    compiler: compiler?.line ?? null,
  };
}

/** Can the store be read, and a folder be written? */
async function examineStore(store: StoreToExamine, problems: Problem[]): Promise<DoctorReport["store"]> {
  const { uri } = store;
  try {
    const experiments = await store.listExperiments();
    if (!/^https?:/.test(uri)) {
      const folder = nearestFolder(uri.startsWith("file:") ? fileURLToPath(uri) : uri);
      await access(folder, constants.W_OK);
    }
    return { uri, reachable: true, detail: `${experiments.length} experiments` };
  } catch (error) {
    const detail = messageOf(error);
    problems.push({ problem: `The store ${uri} cannot be used: ${detail}`, cure: "give another one with --store or MLFLOW_TRACKING_URI" });
    return { uri, reachable: false, detail };
  }
}

/** The folder itself or, where it is not made yet, the one that it will be made in. */
function nearestFolder(path: string): string {
  return existsSync(path) || path === dirname(path) ? path : nearestFolder(dirname(path));
}

/** Processor and graphics cards by name. */
function devices(): string[] {
  const cards = spawnSync("nvidia-smi", ["-L"], { encoding: "utf8", timeout: 10_000 }).stdout as string | null;
  return [cpus()[0]?.model.trim() ?? "unknown processor", ...(cards ?? "").split("\n").filter((line) => /^GPU \d/.test(line))];
}

/** Every folder of the cache with its size; of the engine's builds each, told apart by whether this clone uses it. */
function listCaches(used: readonly string[]): DoctorReport["caches"] {
  const entries = (folder: string) => (existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []);
  const bytes = (path: string) => (statSync(path).isDirectory() ? folderBytes(path) : statSync(path).size);
  return [
    ...entries(engineFolder()).map((path) => ({ path, bytes: bytes(path), used: used.length > 0 ? used.includes(path) : null })),
    ...entries(cacheFolder())
      .filter((path) => path !== engineFolder())
      .map((path) => ({ path, bytes: bytes(path), used: null })),
  ];
}

/** The report for people: one line a fact, problems last. */
export function formatDoctor(report: DoctorReport): string {
  const { engine, versions, machine: here, store } = report;
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  const size = (bytes: number) => (bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : gigabytes(bytes));
  const line = (name: string, text: string) => `${name.padEnd(10)} ${text}`;
  const running =
    "error" in engine
      ? `none: ${engine.error}`
      : `${engine.tensorflow ? `TensorFlow ${engine.tensorflow} on the ${engine.device.toUpperCase()}` : "WebAssembly, for inference and small runs"}, tfjs ${engine.tfjs}; its check passed`;
  const caches = report.caches.map(
    ({ path, bytes, used }) => `${size(bytes).padStart(9)}  ${basename(path)}${used === false ? " (not used by this clone)" : ""}`,
  );
  return [
    line("engine", running),
    line("threads", `${report.threads.perTask} a task of ${here.cores} cores; ${report.threads.note}`),
    line("machine", `${here.platform}-${here.arch}, ${gigabytes(here.memoryBytes)} of memory, ${gigabytes(here.freeMemoryBytes)} free`),
    ...here.devices.map((device) => line("device", device)),
    line(
      "versions",
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version ?? "not found"}`)
        .join(", "),
    ),
    ...(store ? [line("store", `${store.uri}: ${store.reachable ? "reachable, " : "not usable, "}${store.detail}`)] : []),
    line("cache", `${cacheFolder()}, ${gigabytes(report.freeDiskBytes)} free`),
    ...caches.map((text) => line("", text)),
    "",
    ...(report.problems.length === 0
      ? ["No problem found."]
      : report.problems.map(({ problem, cure }) => `Problem: ${problem}. Cure: ${cure}.`)),
  ].join("\n");
}
