/** @file Files that are never half-written, and the folders that sonomark owns outside the repository. */
import { mkdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import writeFileAtomic from "write-file-atomic";

/** The folder of package.json. */
export const packageRoot = resolve(fileURLToPath(import.meta.url), "../../..");

/** The user's cache folder: `SONOMARK_CACHE`, else `$XDG_CACHE_HOME/sonomark`, else `~/.cache/sonomark`. Same rule in src/engine/setup.mjs. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.SONOMARK_CACHE) return resolve(env.SONOMARK_CACHE);
  const shared = env.XDG_CACHE_HOME; // "relative paths … should be ignored": XDG Base Directory Specification 0.8; so is an empty one
  return join(shared && isAbsolute(shared) ? shared : join(homedir(), ".cache"), "sonomark");
}

/** Writes to a temporary name in the same folder, then renames; makes the folder. */
export async function writeAtomic(path: string, data: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFileAtomic(path, typeof data === "string" ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength));
}

/** The bytes of a file, or undefined where there is none. */
export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
