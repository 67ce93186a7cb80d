/** @file One process a study: a second one waits a moment (a killed one's lock goes stale), then is told so. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import lockfile from "proper-lockfile";
import { cacheFolder } from "../util/files.ts";
import { hashOf } from "../util/hash.ts";
import { UserError } from "../util/user-error.ts";

/** A lock that was not renewed for this long belonged to a process that died. */
const STALE_MS = 5_000;

/**
 * Runs `body` while holding the lock of the study `name` in the store `uri`.
 * @throws UserError (409) where another process holds it
 */
export async function withStudyLock<T>(uri: string, name: string, body: () => Promise<T>): Promise<T> {
  const folder = join(cacheFolder(), "locks");
  await mkdir(folder, { recursive: true });
  const target = join(folder, hashOf({ uri, name }).slice(0, 32));
  const release = await lockfile
    .lock(target, {
      realpath: false,
      stale: STALE_MS,
      update: STALE_MS / 5,
      retries: { retries: 14, factor: 1, minTimeout: 500, maxTimeout: 500 },
    })
    .catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ELOCKED") throw error;
      throw new UserError(
        `study ${name} is running in another process on this store; wait for it, or stop it and run the same command again`,
        { status: 409 },
      );
    });
  try {
    return await body();
  } finally {
    await release();
  }
}
