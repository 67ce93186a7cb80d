/** @file The order of the set-up, and what it prints: short lines on stderr, with --json one document on stdout. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { cachedBinding, compileBinding, dropBinding, installBinding } from "./binding.mjs";
import { engineFolder, makeFolder, removeOwned, withLock } from "./cache.mjs";
import { children, tail } from "./exec.mjs";
import { checkSpace, damagedFiles, fetchLibrary, libraryFolder, libraryIsWhole } from "./library.mjs";
import { installPackages, packagesMatch } from "./packages.mjs";
import { askedEngine, chooseVariant, machine } from "./platform.mjs";
import { SetupProblem } from "./problem.mjs";
import { check, findTools } from "./tools.mjs";

const root = resolve(fileURLToPath(import.meta.url), "../../../..");
const say = (/** @type {string} */ text) => process.stderr.write(`${text}\n`);
/** @type {{ name: string, seconds: number }[]} */
const steps = [];

/**
 * Times a step and prints its line.
 * @param {string} name
 * @param {() => Promise<string>} body answers the text of the line
 */
async function step(name, body) {
  const start = performance.now();
  const text = await body();
  const seconds = (performance.now() - start) / 1000;
  steps.push({ name, seconds: Number(seconds.toFixed(2)) });
  say(`  ${name.padEnd(10)} ${seconds.toFixed(1).padStart(5)} s  ${text}`);
}

/** @param {readonly string[]} args */
export async function main(args) {
  const start = performance.now();
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
  process.once("exit", () => {
    for (const child of children) child.kill("SIGKILL");
    removeOwned();
  });
  try {
    const unknown = args.find((argument) => argument !== "--json");
    if (unknown) throw new SetupProblem(`The set-up takes only --json, not ${unknown}`);
    const asked = askedEngine(process.env.SONOMARK_ENGINE);
    const engine = asked === "wasm" ? await setUpWasm() : await setUpNative(asked);
    const seconds = (performance.now() - start) / 1000;
    const what = engine.tensorflow
      ? `TensorFlow ${engine.tensorflow} on the ${engine.device.toUpperCase()}`
      : "WebAssembly, for inference and small runs";
    say(`Set-up ready in ${seconds.toFixed(1)} s: ${what}.`);
    if (args.includes("--json")) console.log(JSON.stringify({ ...engine, seconds: Number(seconds.toFixed(2)), steps }));
  } catch (error) {
    process.exitCode = 1;
    if (!(error instanceof SetupProblem)) throw error;
    if (error.detail) say(error.detail.replace(/^/gm, "  | "));
    say(error.message);
  }
}

async function setUpWasm() {
  makeFolder(engineFolder());
  if (!packagesMatch(root)) await withLock(engineFolder(), packages, waiting);
  const answer = await check("wasm");
  if ("error" in answer) throw new SetupProblem("The WebAssembly engine does not run here: see below", { detail: answer.error });
  return answer;
}

async function setUpNative(/** @type {"cpu" | "gpu" | undefined} */ asked) {
  const variant = chooseVariant(asked, machine());
  const library = libraryFolder(variant);
  makeFolder(engineFolder());
  if (variant.note) say(variant.note);
  const ready = () => packagesMatch(root) && libraryIsWhole(library) && existsSync(cachedBinding(root, library));
  if (!ready()) await withLock(engineFolder(), () => build(variant, library), waiting);
  installBinding(root, library);
  let answer = await check("native");
  if ("error" in answer) {
    say(`The engine fails its check (${tail(answer.error, 1)}); building it anew.`);
    await withLock(engineFolder(), () => rebuild(variant, library), waiting);
    installBinding(root, library);
    answer = await check("native");
  }
  if ("error" in answer)
    throw new SetupProblem("The TensorFlow binding is built but fails its training step: see below", {
      native: true,
      detail: answer.error,
    });
  if (variant.engine === "gpu" && answer.device === "cpu") {
    const sentence = "TensorFlow does not see the NVIDIA card (CUDA 12 needs driver 525 or newer): check nvidia-smi and update the driver";
    if (asked === "gpu") throw new SetupProblem(`${sentence}, or unset SONOMARK_ENGINE to use the CPU`);
    say(`${sentence}; until then it runs on the CPU.`);
  }
  return answer;
}

const waiting = () => say("  waiting for another set-up that is at work …");
const packages = async () => {
  if (!packagesMatch(root)) await step("packages", () => installPackages(root));
};

/** Whatever is missing. Packages and library come side by side; what this machine lacks is told before either. */
async function build(/** @type {import("./platform.mjs").Variant} */ variant, /** @type {string} */ library) {
  const whole = libraryIsWhole(library);
  const compiled = whole && packagesMatch(root) && existsSync(cachedBinding(root, library));
  const { python, compiler } = await findTools({ python: !whole, compiler: !compiled });
  if (!whole) await checkSpace(variant);
  const progress = (/** @type {string} */ text) => say(`  TensorFlow          ${text}`);
  const jobs = [packages()];
  if (!whole) jobs.push(step("TensorFlow", () => fetchLibrary(variant, library, python, progress)));
  const failed = (await Promise.allSettled(jobs)).find((job) => job.status === "rejected");
  if (failed) throw failed.reason;
  if (!existsSync(cachedBinding(root, library)))
    await step("binding", async () => {
      try {
        await compileBinding(root, library, compiler);
      } catch (error) {
        if (!(await replaceDamaged(variant, library))) throw error; // the linker reads the library too
        await compileBinding(root, library, compiler);
      }
      return `compiled by ${compiler}`;
    });
}

/** After a failed check: the binding again, and the library where a byte of it has changed. */
async function rebuild(/** @type {import("./platform.mjs").Variant} */ variant, /** @type {string} */ library) {
  await replaceDamaged(variant, library);
  dropBinding(root, library);
  await build(variant, library);
}

/** Fetches the library anew if a byte of it has changed; answers whether it had. */
async function replaceDamaged(/** @type {import("./platform.mjs").Variant} */ variant, /** @type {string} */ library) {
  const damaged = await damagedFiles(library);
  if (damaged.length === 0) return false;
  say(`  damaged in the cache: ${damaged.join(", ")}`);
  const { python } = await findTools({ python: true, compiler: false });
  await checkSpace(variant);
  await step("TensorFlow", () => fetchLibrary(variant, library, python, () => {}));
  return true;
}
