/** @file The cache folder that clones share: nothing in it is ever half-written, and one set-up at a time builds. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { homedir, hostname } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf, SetupProblem } from "./problem.mjs";

const beatMs = 2_000;
const staleMs = 30_000;
const leftoverMs = 86_400_000;

/** What this process must take away, however it ends. */
const owned = new Set();
export const removeOwned = () => owned.forEach((path) => rmSync(path, { recursive: true, force: true }));

/** Same rule as cacheFolder() in src/util/files.ts; each clone's TensorFlow comes from `engine` in it. */
export function engineFolder(env = process.env) {
  if (env.SONOMARK_CACHE) return join(resolve(env.SONOMARK_CACHE), "engine");
  const shared = env.XDG_CACHE_HOME;
  return join(shared && isAbsolute(shared) ? shared : join(homedir(), ".cache"), "sonomark", "engine");
}

/**
 * Makes the folder.
 * @param {string} folder
 */
export function makeFolder(folder) {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new SetupProblem(
      `The cache folder ${folder} cannot be made (${codeOf(error)}): set SONOMARK_CACHE to a folder that you may write`,
    );
  }
}

/** Does the process run that left its host name and id in `name`? True where only another host could say. */
function ownerLives(/** @type {string} */ host, /** @type {number} */ pid) {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/** Takes away what runs that were killed have left. */
function sweep(/** @type {string} */ folder) {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(".tmp~")) continue;
    const [, host, pid] = name.split("~");
    const path = join(folder, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (!ownerLives(host, Number(pid)) || (host !== hostname() && age > leftoverMs)) rmSync(path, { recursive: true, force: true });
  }
}

/**
 * A path in `folder` that only this process writes, and that is gone when it ends.
 * @param {string} folder
 */
export function draftPath(folder) {
  const path = join(folder, `.tmp~${hostname()}~${process.pid}~${randomBytes(4).toString("hex")}`);
  owned.add(path);
  return path;
}

/**
 * Gives a finished draft its name. Where another process was first, that one's stays.
 * @param {string} draft
 * @param {string} path
 */
export function publish(draft, path) {
  try {
    renameSync(draft, path);
  } catch (error) {
    if (codeOf(error) !== "ENOTEMPTY" && codeOf(error) !== "EEXIST") throw error;
    rmSync(draft, { recursive: true, force: true });
  }
}

/**
 * Runs `body` while no other set-up builds in `folder`. The lock saves double work; that nothing breaks is
 * the renames' doing, so a lock whose owner is dead, or has not been heard of for 30 s, may be taken.
 * @template T
 * @param {string} folder
 * @param {() => Promise<T>} body
 * @param {(owner: string) => void} waiting called once if there is somebody to wait for
 * @returns {Promise<T>}
 */
export async function withLock(folder, body, waiting) {
  const path = join(folder, "lock");
  const me = `${hostname()}~${process.pid}`;
  for (let told = false; !take(path, me); told = true) {
    if (!told) waiting(readOwner(path) ?? "");
    await sleep(300);
  }
  owned.add(path);
  const beat = setInterval(() => heartbeat(path), beatMs);
  try {
    sweep(folder);
    return await body();
  } finally {
    clearInterval(beat);
    removeOwned();
    owned.clear();
  }
}

/** Tells the others that the lock is held; it may be gone if this process slept for long, which only costs double work. */
function heartbeat(/** @type {string} */ path) {
  try {
    utimesSync(path, new Date(), new Date());
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}

const readOwner = (/** @type {string} */ path) => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
};

/** True where the lock is ours now. */
function take(/** @type {string} */ path, /** @type {string} */ me) {
  try {
    writeFileSync(path, me, { flag: "wx" });
    return true;
  } catch (error) {
    if (codeOf(error) !== "EEXIST")
      throw new SetupProblem(
        `The cache folder ${path} cannot be written (${codeOf(error)}): set SONOMARK_CACHE to a folder that you may write`,
      );
  }
  const [host, pid] = (readOwner(path) ?? "").split("~");
  const silent = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  if ((host && !ownerLives(host, Number(pid))) || silent > staleMs) rmSync(path, { force: true });
  return false;
}
