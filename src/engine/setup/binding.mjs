/** @file tfjs-node's binding to TensorFlow: compiled once into the cache, copied into each clone. */
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { draftPath, engineFolder, publish } from "./cache.mjs";
import { run, tail } from "./exec.mjs";
import { codeOf, SetupProblem } from "./problem.mjs";

const sources = ["binding/tfjs_backend.cc", "binding/tfjs_binding.cc"];
const quiet = fileURLToPath(new URL("quiet.cc", import.meta.url));
const packageOf = (/** @type {string} */ root) => join(root, "node_modules/@tensorflow/tfjs-node-gpu");
const installedPath = (/** @type {string} */ root) => join(packageOf(root), "lib/napi-v8/tfjs_binding.node");

/**
 * The compiler's arguments. N-API 8 makes one build serve every Node from 20 on; the old kind of rpath
 * goes before LD_LIBRARY_PATH, so no other TensorFlow of the user's slips in.
 */
function compilerArguments(/** @type {string} */ root, /** @type {string} */ library) {
  const lib = join(library, "tensorflow");
  return [
    ...["-O2", "-std=c++17", "-shared", "-fPIC", "-DNAPI_VERSION=8", "-DBUILDING_NODE_EXTENSION"],
    ...["-I", join(root, "node_modules/node-api-headers/include"), "-I", packageOf(root), "-I", join(lib, "include")],
    ...[...sources.map((source) => join(packageOf(root), source)), quiet],
    ...["-L", lib, "-l:libtensorflow_cc.so.2", "-l:libtensorflow_framework.so.2"],
    `-Wl,-rpath,${lib},--disable-new-dtags,-z,initfirst`,
  ];
}

/**
 * The binding's file in the cache: one for each library, source and set of flags.
 * @param {string} root
 * @param {string} library
 */
export function cachedBinding(root, library) {
  const hash = createHash("sha256").update(process.arch);
  for (const argument of compilerArguments(root, library)) hash.update(argument.replace(root, ""));
  for (const source of [...sources.map((file) => join(packageOf(root), file)), quiet]) hash.update(readFileSync(source));
  return join(engineFolder(), `binding-${hash.digest("hex").slice(0, 16)}.node`);
}

/**
 * Compiles the binding into the cache.
 * @param {string} root
 * @param {string} library
 * @param {string} compiler
 */
export async function compileBinding(root, library, compiler) {
  const draft = draftPath(engineFolder());
  const { code, stderr } = await run(compiler, [...compilerArguments(root, library), "-o", draft]);
  if (code !== 0) {
    const space = /No space left/.test(stderr);
    const cure = space ? "free some disk space" : "see its words below (it must know C++17; CXX=name picks another one)";
    throw new SetupProblem(`${compiler} could not compile the TensorFlow binding: ${cure} and run npm run setup again`, {
      native: true,
      detail: tail(stderr),
    });
  }
  publish(draft, cachedBinding(root, library));
}

/**
 * Is the cached binding there, and is it what this clone has?
 * @param {string} root
 * @param {string} library
 */
export function bindingIsInstalled(root, library) {
  const [cached, installed] = [cachedBinding(root, library), installedPath(root)];
  return existsSync(cached) && existsSync(installed) && readFileSync(installed).equals(readFileSync(cached));
}

/**
 * Copies the cached binding to where tfjs-node looks for it, unless it is there.
 * @param {string} root
 * @param {string} library
 */
export function installBinding(root, library) {
  if (bindingIsInstalled(root, library)) return;
  const path = installedPath(root);
  try {
    mkdirSync(dirname(path), { recursive: true });
    const draft = `${path}.${process.pid}`; // renamed, as the file may be in use
    copyFileSync(cachedBinding(root, library), draft);
    renameSync(draft, path);
  } catch (error) {
    throw new SetupProblem(`${path} cannot be written (${codeOf(error)}): make the folder yours and run npm run setup again`);
  }
}

/** Forgets the cached binding, so that the next look compiles it anew. */
export const dropBinding = (/** @type {string} */ root, /** @type {string} */ library) =>
  rmSync(cachedBinding(root, library), { force: true });
