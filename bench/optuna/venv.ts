/** @file A Python with the Optuna that the tuning bench is held against, in a virtual environment under the cache folder. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheFolder } from "../../src/util/files.ts";

const VERSION = "4.9.0";

/** Makes the environment where there is none; a minute the first time. A half-made one is never taken for a whole. */
export async function optunaPython(): Promise<string> {
  const home = join(cacheFolder(), `optuna-venv-${VERSION}`);
  const python = join(home, "bin", "python");
  if (existsSync(python)) return python;
  const draft = `${home}.draft`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(dirname(home), { recursive: true });
  const run = (...args: string[]) => execFileSync("python3", args, { stdio: ["ignore", "ignore", "inherit"] });
  run("-m", "venv", "--without-pip", draft);
  run("-m", "pip", "--python", join(draft, "bin", "python"), "install", "--quiet", "--disable-pip-version-check", `optuna==${VERSION}`);
  await rename(draft, home);
  return python;
}
