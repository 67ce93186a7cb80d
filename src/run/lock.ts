/** @file One process a study and store: a second one waits a moment (a killed one's lock goes stale), then is told so. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import lockfile from "proper-lockfile";
import type { Store } from "../tracking/store.ts";
import { cacheFolder } from "../util/files.ts";
import { hashOf } from "../util/hash.ts";
import { UserError } from "../util/user-error.ts";

/** A lock that was not renewed for this long belonged to a process that died. */
const STALE_MS = 5_000;
const POLL_MS = 500;
/** Waits a little longer than a dead process's lock lives. */
const POLLS = 14;

/** The lock was lost: this process slept past its time, and another one may have taken the study over. */
export class LockLost extends UserError {}

/**
 * Runs `body` while holding the lock of the study `name` in `store`, on a signal that also fires where the lock is lost.
 * A folder is locked inside itself, whatever path leads there; a server by this machine's cache.
 * @throws UserError (409) where another process holds it; the reason of `signal` where that fires while waiting
 */
export async function withStudyLock<T>(
  store: Store,
  name: string,
  signal: AbortSignal,
  body: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  const release = await acquire(await lockPath(store, name), name, signal, () =>
    lost.abort(
      new LockLost(`study ${name}: this process slept so long that another one may have taken the study over; run the same command again`),
    ),
  );
  try {
    return await body(AbortSignal.any([signal, lost.signal]));
  } finally {
    await release().catch(() => {}); // a lost lock cannot be given back, and must not hide why the study ended
  }
}

async function lockPath(store: Store, name: string): Promise<string> {
  const { artifactLocation } = await store.experiment(name);
  // a dot name: MLflow and our store take every other entry of this folder for a run
  if (store.uri.startsWith("file:")) return join(fileURLToPath(artifactLocation), ".sonomark");
  const folder = join(cacheFolder(), "locks");
  await mkdir(folder, { recursive: true });
  return join(folder, hashOf({ uri: store.uri, name }).slice(0, 32));
}

async function acquire(path: string, name: string, signal: AbortSignal, onCompromised: () => void): Promise<() => Promise<void>> {
  for (let polls = 0; ; polls++) {
    signal.throwIfAborted();
    try {
      return await lockfile.lock(path, { realpath: false, stale: STALE_MS, update: STALE_MS / 5, onCompromised });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
      if (polls === POLLS)
        throw new UserError(
          `study ${name} is running in another process on this store; wait for it, or stop it and run the same command again`,
          {
            status: 409,
          },
        );
      await setTimeout(POLL_MS);
    }
  }
}
