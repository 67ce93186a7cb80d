/** @file Other runtimes of ONNX than the one that is installed: Python's and Node's native one, fetched once into the cache folder. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import type * as web from "onnxruntime-web";
import { cacheFolder } from "../../src/util/files.ts";

const PYTHON = ["onnx==1.23.2", "onnxruntime==1.30.0", "numpy==2.3.5"];
const NODE = "onnxruntime-node@1.30.0";

const run = promisify(execFile);

/** `make` fills a folder under another name, so that it is never half there. */
async function once(name: string, make: (folder: string) => Promise<unknown>): Promise<string> {
  const home = join(cacheFolder(), name);
  if (existsSync(home)) return home;
  const draft = `${home}.draft`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  await make(draft);
  await rename(draft, home);
  return home;
}

/** What check.py prints of the cases in `folder`, by the interpreter `python` or one with {@link PYTHON} that is made here. */
export async function checkInPython(folder: string, python: string | undefined): Promise<Checked> {
  const interpreter = python ?? (await virtualEnvironment());
  const { stdout } = await run(interpreter, [join(import.meta.dirname, "check.py"), folder], { maxBuffer: 1e8 });
  return JSON.parse(stdout) as Checked;
}

export interface Checked {
  versions: string;
  /** largest absolute differences */
  results: { name: string; logits: number; probabilities: number }[];
}

async function virtualEnvironment(): Promise<string> {
  const folder = await once("onnx-venv", async (draft) => {
    await run("python3", ["-m", "venv", draft]);
    await run(join(draft, "bin", "python"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...PYTHON]);
  });
  return join(folder, "bin", "python");
}

/** The parts of onnxruntime's interface that both of its packages for JavaScript have. */
export type Runtime = Pick<typeof web, "InferenceSession" | "Tensor">;

/** onnxruntime-node, 290 MB: its binaries lie in the package, so no install script need run. */
export async function nativeRuntime(): Promise<{ runtime: Runtime; version: string }> {
  const folder = await once(NODE, (draft) =>
    run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", draft, NODE]),
  );
  const { version } = JSON.parse(await readFile(join(folder, "node_modules/onnxruntime-node/package.json"), "utf8")) as { version: string };
  return { runtime: createRequire(join(folder, "package.json"))("onnxruntime-node") as Runtime, version };
}
