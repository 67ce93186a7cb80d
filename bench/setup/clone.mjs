/** @file A fresh copy of what the set-up needs, with caches of its own, in a temporary folder. */
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** Where all of a bench's files lie; gone at its end. */
export const folder = mkdtempSync(join(tmpdir(), "sonomark-setup-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
process.once("SIGINT", () => process.exit(130));

/** Copies package files and src/engine; answers the new folder. */
export function makeClone(name) {
  const clone = join(folder, name);
  for (const path of ["package.json", "package-lock.json", ".npmrc", "src/engine"])
    cpSync(join(root, path), join(clone, path), { recursive: true });
  return clone;
}

/** The environment of a set-up whose caches are `name`. What npm has told this process about itself stays out. */
export function environment(name, changes = {}) {
  const own = Object.entries(process.env).filter(([key]) => !/^(npm_|SONOMARK_|INIT_CWD)/i.test(key));
  mkdirSync(join(folder, name), { recursive: true });
  return {
    ...Object.fromEntries(own),
    SONOMARK_CACHE: join(folder, name, "sonomark"),
    npm_config_cache: join(folder, name, "npm"),
    ...changes,
  };
}

/**
 * Starts a set-up in a clone. `ended` resolves to { code, stdout, stderr, seconds }.
 * The child leads a group of its own, so that `process.kill(-child.pid)` reaches what it has started.
 */
export function startSetup(clone, env, node = process.execPath) {
  const start = performance.now();
  const child = spawn(node, ["src/engine/setup.mjs", "--json"], { cwd: clone, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  const ended = new Promise((done) => {
    child.on("close", (code) => done({ code, stdout, stderr, seconds: (performance.now() - start) / 1000 }));
  });
  return { child, ended };
}

export const setUp = (clone, env, node) => startSetup(clone, env, node).ended;
