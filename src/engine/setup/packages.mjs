/** @file The npm packages of package-lock.json: installed only where node_modules differs from it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SetupProblem } from "./problem.mjs";
import { run } from "./exec.mjs";

/**
 * Does node_modules hold what package-lock.json says? npm writes what it has installed into
 * node_modules/.package-lock.json as its last act, so an install that was cut off does not count.
 * @param {string} root folder of package.json
 */
export function packagesMatch(root) {
  /** @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean }>} Packages */
  const read = (/** @type {string} */ path) => /** @type {Packages} */ (JSON.parse(readFileSync(join(root, path), "utf8")).packages);
  try {
    const installed = read("node_modules/.package-lock.json");
    return Object.entries(read("package-lock.json")).every(([path, wanted]) => {
      const there = installed[path];
      if (path === "" || (!there && wanted.optional)) return true; // the project itself; builds for other platforms
      return there?.version === wanted.version && there?.integrity === wanted.integrity;
    });
  } catch {
    return false;
  }
}

/**
 * `npm ci` without install scripts: no package runs code or downloads anything of its own.
 * @param {string} root
 * @returns {Promise<string>} what was done
 */
export async function installPackages(root) {
  const args = [
    "ci",
    "--ignore-scripts",
    "--include=dev",
    "--include=optional",
    "--prefer-offline",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ];
  const cli = process.env.npm_execpath;
  const { code, stdout, stderr } = await (cli && /\.c?js$/.test(cli)
    ? run(process.execPath, [cli, ...args], { cwd: root })
    : run("npm", args, { cwd: root }));
  if (code === 0) return `npm ci, ${/added (\d+) packages/.exec(stdout)?.[1] ?? "all"} packages`;
  throw new SetupProblem(sentence(code, stderr), { detail: head(stderr) });
}

/** The first lines of npm's words; the rest is help. */
const head = (/** @type {string} */ stderr) => stderr.trim().split("\n").slice(0, 12).join("\n");

function sentence(/** @type {number} */ code, /** @type {string} */ stderr) {
  if (code === 127) return "npm is missing: install it (it comes with Node) and run npm run setup again";
  if (/ENOSPC/.test(stderr))
    return "The disk ran full while npm installed the packages (they take 0.7 GB): free some space and run npm run setup again";
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNRE|ENETUNREACH|ENOTCACHED|ERR_SOCKET/.test(stderr))
    return "npm does not reach the package registry: check the network (and npm's proxy settings) and run npm run setup again";
  if (/EACCES|EPERM|EROFS/.test(stderr)) return "npm may not write node_modules: make the folder yours and run npm run setup again";
  if (/EINTEGRITY/.test(stderr))
    return "A package differs from its checksum in package-lock.json: run `npm cache verify` and then npm run setup again";
  if (/EUSAGE/.test(stderr))
    return "package-lock.json is missing or does not fit package.json: restore both from git and run npm run setup again";
  return "npm could not install the packages: see its words below, and run npm run setup again";
}
