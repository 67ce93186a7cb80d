/**
 * @file Frames in the cache, in shards: made once, checked by their hashes when opened, read by position, so that a set may be larger than memory.
 * A shard is named by what it shows. What a killed build left is used; a damaged shard is made again, alone; images added at the end leave
 * the shards before them as they are.
 */
import { readSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder, writeAtomic } from "../../util/files.ts";
import { hashOf } from "../../util/hash.ts";
import { mapInFlight } from "../../util/in-flight.ts";
import { range, rngOf, shuffle } from "../../util/rng.ts";
import { UserError } from "../../util/user-error.ts";
import { checkIndex, emptyFrames, frameAt, type Frame, type Frames } from "./frames.ts";
import { encodeShard, isWhole, layoutOf, unpackBits } from "./shard.ts";

/** What frames are made from. */
export interface FrameSource {
  /** what decides each frame beside its size: equal keys, equal frames, [n] */
  keys: readonly string[];
  /** Draws frame `i` into arrays that are all 0. */
  draw(i: number, frame: Frame): Promise<void>;
}

export interface FrameOptions {
  /** cache folder, else the user's */
  cache?: string;
  /** called after each image that had to be decoded, with the number of frames that are there */
  progress?: (done: number, total: number) => void;
}

/** Frames on disk. */
export interface FrameStore {
  readonly n: number;
  /** side in pixels */
  readonly size: number;
  /** Copies of the frames at `indices`, in that order. */
  read(indices: ArrayLike<number>): Frames;
  /** Their grey levels alone, [indices.length, size, size]. */
  pixelsOf(indices: ArrayLike<number>): Uint8Array;
  close(): Promise<void>;
}

/** Raise it when decoding or letterboxing changes what a frame holds, or the file its form. */
const version = 2;

/** Frames a shard: what a killed build loses at most. */
const SHARD_FRAMES = 512;
/** Pixels a shard, where frames are large. */
const SHARD_PIXELS = 16e6;

/** Four decodes in flight kept two cores busiest; the thread pool behind sharp has four threads. */
const inFlight = 4;

/** Some frames in a row. */
interface Shard {
  first: number;
  n: number;
  file: string;
  /** the open file */
  handle?: FileHandle;
  /** what the file would hold, where the cache cannot be written */
  bytes?: Buffer;
}

function readAt({ handle, bytes, file }: Shard, position: number, target: Uint8Array): void {
  if (bytes) target.set(bytes.subarray(position, position + target.length));
  else if (!handle || readSync(handle.fd, target, 0, target.length, position) < target.length)
    throw new UserError(`${file}: this file of the frame cache was cut short or closed while it was in use; start again`);
}

/** Opens the shard's file; undefined where there is none, or none that is whole. @param scratch bytes of the shard's length, overwritten */
async function openWhole(file: string, scratch: Buffer): Promise<FileHandle | undefined> {
  const handle = await open(file).catch(() => undefined);
  if (!handle) return undefined;
  try {
    const { size } = await handle.stat();
    if (size === scratch.length && (await handle.read(scratch, 0, size, 0)).bytesRead === size && isWhole(scratch)) return handle;
  } catch {
    // what cannot be read is made again
  }
  await handle.close();
  return undefined;
}

/** Stretches of `indices` that lie one after another in one shard. */
function* runsOf(indices: ArrayLike<number>, n: number, perShard: number): Generator<{ at: number; first: number; count: number }> {
  for (let at = 0, count = 1; at < indices.length; at += count) {
    const first = indices[at];
    checkIndex(first, n, "FrameStore");
    const end = Math.min(n, first - (first % perShard) + perShard);
    for (count = 1; at + count < indices.length && first + count < end && indices[at + count] === first + count;) count++;
    yield { at, first, count };
  }
}

function storeOf(shards: readonly Shard[], n: number, size: number, perShard: number): FrameStore {
  const area = size * size;
  function readPixels(indices: ArrayLike<number>, pixels: Uint8Array): void {
    for (const { at, first, count } of runsOf(indices, n, perShard)) {
      const shard = shards[Math.floor(first / perShard)];
      readAt(shard, layoutOf(shard.n, size).pixels + (first % perShard) * area, pixels.subarray(at * area, (at + count) * area));
    }
  }
  return {
    n,
    size,
    pixelsOf(indices) {
      const pixels = new Uint8Array(indices.length * area);
      readPixels(indices, pixels);
      return pixels;
    },
    read(indices) {
      const frames = emptyFrames(indices.length, size);
      readPixels(indices, frames.pixels);
      for (const { at, first, count } of runsOf(indices, n, perShard)) {
        const shard = shards[Math.floor(first / perShard)];
        const layout = layoutOf(shard.n, size);
        const bits = new Uint8Array(count * layout.bits);
        for (const plane of ["lesion", "inside"] as const) {
          readAt(shard, layout[plane] + (first % perShard) * layout.bits, bits);
          unpackBits(bits, count, area, frames[plane].subarray(at * area, (at + count) * area));
        }
      }
      return frames;
    },
    async close() {
      for (const shard of shards) {
        await shard.handle?.close();
        delete shard.handle;
      }
    },
  };
}

/**
 * Opens the frames of `source`; those that the cache lacks, or holds damaged, are drawn. A cache that cannot be written is no failure: its
 * shards stay in memory.
 * @throws what `draw` throws; shards finished before it stay
 */
export async function openStore(
  { keys, draw }: FrameSource,
  size: number,
  { cache = cacheFolder(), progress }: FrameOptions = {},
): Promise<FrameStore> {
  const n = keys.length;
  const perShard = Math.max(1, Math.min(SHARD_FRAMES, Math.floor(SHARD_PIXELS / (size * size))));
  const shards = range(Math.ceil(n / perShard)).map((s): Shard => {
    const own = keys.slice(s * perShard, (s + 1) * perShard);
    return { first: s * perShard, n: own.length, file: join(cache, "frames", `${hashOf(own).slice(0, 32)}-${size}-v${version}.frames`) };
  });
  const scratch = Buffer.alloc(layoutOf(Math.min(n, perShard), size).end);
  const look = async (shard: Shard) => (shard.handle = await openWhole(shard.file, scratch.subarray(0, layoutOf(shard.n, size).end)));

  let done = 0;
  const make = async (shard: Shard) => {
    const frames = emptyFrames(shard.n, size);
    await mapInFlight(range(shard.n), inFlight, async (k) => {
      await draw(shard.first + k, frameAt(frames, k));
      progress?.(++done, n);
    });
    const bytes = encodeShard(frames);
    const written = await writeAtomic(shard.file, bytes).then(
      () => true,
      () => false,
    );
    if (!written || !(await look(shard))) shard.bytes = bytes;
  };

  const store = storeOf(shards, n, size, perShard);
  try {
    const missing: Shard[] = [];
    for (const shard of shards)
      if (await look(shard)) done += shard.n;
      else missing.push(shard);
    // processes that build one set at a time take its shards in different orders, and find some of them made by the others
    for (const shard of shuffle(missing, rngOf(process.pid, "shards")))
      if (await look(shard)) done += shard.n;
      else await make(shard);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}
