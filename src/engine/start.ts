/** @file Starts the engine of this process once: native TensorFlow through tfjs-node, or WebAssembly where SONOMARK_ENGINE=wasm. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import util from "node:util";
import { messageOf, UserError } from "../util/user-error.ts";
import { registerWasmKernels } from "./conv-filter-gradient.ts";
import { tf } from "./tf.ts";

/** What runs the numbers in this process. */
export interface EngineInfo {
  backend: "tensorflow" | "wasm";
  device: "cpu" | "gpu";
  /** Version of the native library, null under WebAssembly. */
  tensorflow: string | null;
  tfjs: string;
  threads: number;
}

/** Which engine to start: `cpu` hides graphics cards, `gpu` insists on one; undefined takes what set-up built. */
export type EngineChoice = "cpu" | "gpu" | "wasm";

export interface EngineOptions {
  /** Cores to use (1 gives the same bits whatever the machine has); an integer of at least 1. */
  threads?: number;
  /** Overrides `SONOMARK_ENGINE`. */
  engine?: EngineChoice;
}

const require = createRequire(import.meta.url);
let started: Promise<EngineInfo> | undefined;
let info: EngineInfo | undefined;

/** The engine that runs in this process, or undefined before `startEngine` has ended. */
export const engineInfo = (): EngineInfo | undefined => info;

/**
 * Starts the engine; later calls return the first one's answer, since a process has one TensorFlow.
 * @throws UserError when the binding is not built, or there is no graphics card where one was asked for.
 */
export function startEngine({ threads = 1, engine }: EngineOptions = {}): Promise<EngineInfo> {
  if (!Number.isInteger(threads) || threads < 1)
    throw new RangeError(`startEngine: threads must be an integer of at least 1, got ${threads}`);
  started ??= start(threads, engine ?? chosenEngine(process.env.SONOMARK_ENGINE));
  return started;
}

/** Reads `SONOMARK_ENGINE`. */
export function chosenEngine(word: string | undefined): EngineChoice | undefined {
  if (word === undefined || word === "" || word === "cpu" || word === "gpu" || word === "wasm") return word || undefined;
  throw new UserError(`SONOMARK_ENGINE is "${word}": set it to cpu, gpu or wasm, or unset it.`);
}

async function start(threads: number, engine: EngineChoice | undefined): Promise<EngineInfo> {
  tf.enableProdMode(); // keeps tfjs's banner and deprecation notes out of the output
  info = engine === "wasm" ? await startWasm() : await startNative(threads, engine);
  return info;
}

async function startNative(threads: number, engine: "cpu" | "gpu" | undefined): Promise<EngineInfo> {
  prepareEnvironment(threads, engine);
  restoreNodeUtil();
  const home = join(require.resolve("@tensorflow/tfjs-node-gpu/package.json"), "..");
  if (!existsSync(join(home, "lib/napi-v8/tfjs_binding.node")))
    throw new UserError(
      "The TensorFlow binding is not built: run npm run setup, or set SONOMARK_ENGINE=wasm for inference and small runs.",
    );
  try {
    await import("@tensorflow/tfjs-node-gpu");
  } catch (error) {
    throw new UserError(`The TensorFlow binding does not load (${messageOf(error)}): run npm run setup to build it anew.`, {
      cause: error,
    });
  }
  await tf.setBackend("tensorflow");
  await tf.ready();
  const backend = tf.backend() as unknown as { binding: { TF_Version: string }; isUsingGpuDevice: boolean };
  const device = backend.isUsingGpuDevice ? "gpu" : "cpu";
  if (engine === "gpu" && device === "cpu")
    throw new UserError(
      "SONOMARK_ENGINE is gpu, but TensorFlow sees no NVIDIA card: check nvidia-smi and run npm run setup, or set SONOMARK_ENGINE=cpu.",
    );
  return { backend: "tensorflow", device, tensorflow: backend.binding.TF_Version, tfjs: tf.version_core, threads };
}

async function startWasm(): Promise<EngineInfo> {
  const wasm = await import("@tensorflow/tfjs-backend-wasm");
  registerWasmKernels();
  wasm.setThreadsCount(1);
  wasm.setWasmPaths(join(require.resolve("@tensorflow/tfjs-backend-wasm/package.json"), "../dist/"));
  if (!(await tf.setBackend("wasm"))) throw new UserError("The WebAssembly engine does not start: use Node 20.11 or newer.");
  await tf.ready();
  return { backend: "wasm", device: "cpu", tensorflow: null, tfjs: tf.version_core, threads: 1 };
}

/** What the native library reads from the environment as it loads; what the user has set himself stays. */
function prepareEnvironment(threads: number, engine: "cpu" | "gpu" | undefined): void {
  const env = process.env;
  env.TF_NUM_INTRAOP_THREADS = env.TF_NUM_INTEROP_THREADS = env.OMP_NUM_THREADS = String(threads);
  env.TF_CPP_MIN_LOG_LEVEL ??= "3";
  env.TF_DETERMINISTIC_OPS ??= "1";
  env.TF_CUDNN_DETERMINISTIC ??= "1";
  env.TF_FORCE_GPU_ALLOW_GROWTH ??= "true"; // several stages may share a card
  if (engine === "cpu") env.CUDA_VISIBLE_DEVICES = "-1";
}

/** tfjs-node 4.22 calls two functions of `node:util` that Node 23 removed. */
function restoreNodeUtil(): void {
  const old = util as unknown as Record<string, unknown>;
  old.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  old.isArray = Array.isArray; // Node's own warns that it is deprecated
}
