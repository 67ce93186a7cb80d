/** @file libtensorflow, out of TensorFlow's wheel into the cache. */
import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { draftPath, engineFolder, publish } from "./cache.mjs";
import { run, tail } from "./exec.mjs";
import { downloadWheels, pipSentence } from "./pip.mjs";
import { pins } from "./platform.mjs";
import { codeOf, SetupProblem } from "./problem.mjs";

/** @typedef {import("./platform.mjs").Variant} Variant */

const megabytes = (/** @type {number} */ bytes) => `${Math.round(bytes / 1e6)} MB`;

/**
 * Where the library of a variant lies: `tensorflow/` and, with CUDA, `nvidia/` beside it, as in Python's
 * site-packages, because the libraries look for one another along that way.
 * @param {Variant} variant
 */
export function libraryFolder(variant) {
  const key = createHash("sha256").update(JSON.stringify(variant.wheels.wheels)).digest("hex").slice(0, 10);
  return join(engineFolder(), `tensorflow-${pins.tensorflow}-${variant.name}-${key}`);
}

/** @returns {Record<string, { bytes: number, sha256: string }>} */
const manifestOf = (/** @type {string} */ folder) => JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));

/**
 * Are all files there with their sizes? (Milliseconds; `damagedFiles` reads every byte.)
 * @param {string} folder
 */
export function libraryIsWhole(folder) {
  try {
    return Object.entries(manifestOf(folder)).every(([path, { bytes }]) => statSync(join(folder, path)).size === bytes);
  } catch {
    return false;
  }
}

/**
 * The files whose content is not what came out of the wheel.
 * @param {string} folder
 * @returns {Promise<string[]>}
 */
export async function damagedFiles(folder) {
  const damaged = [];
  for (const [path, { sha256 }] of Object.entries(manifestOf(folder))) {
    const hash = createHash("sha256");
    try {
      for await (const chunk of createReadStream(join(folder, path), { highWaterMark: 1 << 20 })) hash.update(chunk);
    } catch {
      damaged.push(path);
      continue;
    }
    if (hash.digest("hex") !== sha256) damaged.push(path);
  }
  return damaged;
}

/**
 * Refuses at once where the disk is too small.
 * @param {Variant} variant
 */
export async function checkSpace({ wheels, engine }) {
  const { bavail, bsize } = await statfs(engineFolder());
  const need = (wheels.bytes + wheels.unpacked) * 1.02;
  if (bavail * bsize >= need) return;
  const cpu = engine === "gpu" ? " (SONOMARK_ENGINE=cpu needs far less)" : "";
  throw new SetupProblem(
    `TensorFlow needs ${megabytes(need)} of disk and ${engineFolder()} has ${megabytes(bavail * bsize)}${cpu}: free some space, or set SONOMARK_CACHE to a folder on a larger disk`,
    { native: true },
  );
}

/**
 * Downloads the pinned wheels with pip, checks them, unpacks what is needed and gives the folder its name.
 * @param {Variant} variant
 * @param {string} folder
 * @param {string} python
 * @param {(text: string) => void} progress called now and then during a long download
 */
export async function fetchLibrary({ name, engine, wheels }, folder, python, progress) {
  const draft = draftPath(engineFolder());
  const unpacked = join(draft, "unpacked");
  mkdirSync(unpacked, { recursive: true });
  const timer = setInterval(
    () => progress(`${megabytes(Math.min(folderBytes(draft), wheels.bytes))} of ${megabytes(wheels.bytes)}`),
    10_000,
  );
  const platform = ["--implementation", "cp", "--python-version", "3.11", "--abi", "cp311", "--abi", "none"];
  const {
    folder: downloads,
    code,
    stderr,
  } = await downloadWheels(python, wheels.wheels, draft, [...platform, ...wheels.tags.flatMap((tag) => ["--platform", tag])]);
  clearInterval(timer);
  if (code !== 0) {
    const words = { what: "TensorFlow", wheel: `${Object.keys(wheels.wheels)[0]} for ${name}`, pins: "src/engine/pins.json", again };
    throw new SetupProblem(pipSentence(stderr, words), { native: true, detail: tail(stderr) });
  }
  const unpack = await run(python, [fileURLToPath(new URL("unpack.py", import.meta.url)), downloads, unpacked]);
  if (unpack.code !== 0) throw new SetupProblem(unpackSentence(unpack.stderr), { native: true, detail: tail(unpack.stderr) });
  writeFileSync(join(unpacked, "manifest.json"), unpack.stdout);
  setAside(folder);
  publish(unpacked, folder);
  return `${pins.tensorflow} for ${engine === "gpu" ? "CUDA" : "CPU"}, ${megabytes(wheels.bytes)} → ${basename(folder)}`;
}

/** Moves a damaged folder out of the way; who has its files open keeps them. */
function setAside(/** @type {string} */ folder) {
  try {
    renameSync(folder, draftPath(engineFolder()));
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}

/** Bytes of the files below a folder that may change meanwhile. */
export function folderBytes(/** @type {string} */ folder) {
  let sum = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) sum += statSync(join(entry.parentPath ?? entry.path, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  return sum;
}

const again = "and run npm run setup again";

function unpackSentence(/** @type {string} */ stderr) {
  if (/No space left|Errno 28/.test(stderr))
    return `The disk ran full while TensorFlow was unpacked: free some space or set SONOMARK_CACHE to a folder on a larger disk, ${again}`;
  return `TensorFlow's wheel could not be unpacked: see below, ${again}`;
}
