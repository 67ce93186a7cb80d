/** @file What the set-up needs of the machine: Python with pip, a C++ compiler; and the check of what it built. */
import { fileURLToPath } from "node:url";
import { firstThatRuns, run, tail } from "./exec.mjs";
import { SetupProblem } from "./problem.mjs";

/** The first Python from 3.8 on. */
export const findPython = () =>
  firstThatRuns(["python3", "python"], ["-c", "import sys; assert sys.version_info >= (3, 8); print(sys.version.split()[0])"]);

/** The C++ compiler: `CXX`, else the first of the usual names. */
export const findCompiler = () => firstThatRuns(process.env.CXX ? [process.env.CXX] : ["g++", "c++", "clang++"], ["--version"]);

/** Has this Python pip? Answers pip's version line. */
export const findPip = (/** @type {string} */ python) => firstThatRuns([python], ["-m", "pip", "--version"]);

/** How each package manager installs what may be missing. */
const managers = [
  { probe: "apt-get", install: "sudo apt-get install -y", names: { python: "python3", pip: "python3-pip", compiler: "g++" } },
  { probe: "dnf", install: "sudo dnf install -y", names: { python: "python3", pip: "python3-pip", compiler: "gcc-c++" } },
  { probe: "zypper", install: "sudo zypper install -y", names: { python: "python3", pip: "python3-pip", compiler: "gcc-c++" } },
  { probe: "pacman", install: "sudo pacman -S --noconfirm", names: { python: "python", pip: "python-pip", compiler: "gcc" } },
];
const words = { python: "Python 3.8 or newer", pip: "Python's pip", compiler: "a C++ compiler" };

/**
 * Finds the tools that are needed, or says in one sentence which are missing and how to get them.
 * @param {{ python: boolean, compiler: boolean }} needed
 * @returns {Promise<{ python: string, compiler: string }>} commands; "" for what is not needed
 */
export async function findTools(needed) {
  const python = needed.python ? await findPython() : undefined;
  const compiler = needed.compiler ? await findCompiler() : undefined;
  /** @type {(keyof typeof words)[]} */
  const missing = [];
  if (needed.python && !python) missing.push("python", "pip");
  if (python && !(await findPip(python.command))) missing.push("pip");
  if (needed.compiler && !compiler) missing.push("compiler");
  if (missing.length > 0)
    throw new SetupProblem(`The native engine needs ${listed(missing)}, not found here: ${await cureFor(missing)}`, { native: true });
  return { python: python?.command ?? "", compiler: compiler?.command ?? "" };
}

const listed = (/** @type {(keyof typeof words)[]} */ missing) => missing.map((tool) => words[tool]).join(" and ");

async function cureFor(/** @type {(keyof typeof words)[]} */ missing) {
  const found = await firstThatRuns(managers.map(({ probe }) => probe), ["--version"]); // prettier-ignore
  const manager = managers.find(({ probe }) => probe === found?.command);
  if (!manager) return "install it and run npm run setup again";
  return `run \`${manager.install} ${missing.map((tool) => manager.names[tool]).join(" ")}\` and npm run setup again`;
}

/** @typedef {{ backend: "tensorflow" | "wasm", device: "cpu" | "gpu", tensorflow: string | null, tfjs: string }} EngineAnswer */

/**
 * One training step in a process of its own, so that a crash in native code is an answer too.
 * @param {"native" | "wasm"} engine
 * @returns {Promise<EngineAnswer | { error: string }>}
 */
export async function check(engine) {
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: process.env.TF_CPP_MIN_LOG_LEVEL ?? "3", TF_FORCE_GPU_ALLOW_GROWTH: "true" };
  if (process.env.SONOMARK_ENGINE === "cpu") env.CUDA_VISIBLE_DEVICES = "-1";
  const { code, stdout, stderr } = await run(process.execPath, [fileURLToPath(new URL("check.mjs", import.meta.url)), engine], {
    env,
    timeout: 120_000,
  });
  if (code === 0) return JSON.parse(stdout);
  const reason = stderr.split("\n").find((line) => /^\w*Error: /.test(line)); // of a stack trace only this line is for people
  return { error: reason ?? (tail(stderr) || `exit code ${code}`) };
}
