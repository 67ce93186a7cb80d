/** @file Square grey frames of a manifest, with lesion masks, in the manifest's order; made once and kept as one file in the cache. */
import { join } from "node:path";
import { fillBox, letterbox, letterboxMask } from "../image/letterbox.ts";
import { cacheFolder, readIfThere, writeAtomic } from "../util/files.ts";
import { hashOf, sha256 } from "../util/hash.ts";
import { mapInFlight } from "../util/in-flight.ts";
import type { ImageRecord, Manifest } from "./manifest.ts";
import { openPictures, type Picture } from "./pictures.ts";

/** `n` frames of `size` × `size` pixels. Arrays are row-major, frame after frame. */
export interface Frames {
  n: number;
  /** side in pixels */
  size: number;
  /** grey levels 0–255, [n, size, size]; padding is 0 */
  pixels: Uint8Array;
  /** 1 on the lesion, [n, size, size] */
  lesion: Uint8Array;
  /** 1 where the frame shows the image, 0 on padding, [n, size, size] */
  inside: Uint8Array;
}

export interface FrameOptions {
  /** cache folder, else the user's */
  cache?: string;
  /** called after each image that had to be decoded */
  progress?: (done: number, total: number) => void;
}

/** Raise it when decoding or letterboxing changes what a frame holds. */
const version = 1;

/** Four decodes in flight kept two cores busiest; the thread pool behind sharp has four threads. */
const inFlight = 4;

const planes = ["pixels", "lesion", "inside"] as const;

function emptyFrames(n: number, size: number): Frames {
  const plane = () => new Uint8Array(n * size * size);
  return { n, size, pixels: plane(), lesion: plane(), inside: plane() };
}

/** Fits one picture into frame `i`. */
async function fill(frames: Frames, i: number, { image, mask }: Picture): Promise<void> {
  const { size } = frames;
  const at = (plane: (typeof planes)[number]) => frames[plane].subarray(i * size * size, (i + 1) * size * size);
  fillBox(await letterbox(image, size, at("pixels")), size, at("inside"));
  if (mask) letterboxMask(mask, size, at("lesion"));
}

/** The cached frames, or undefined where there are none or the file is damaged. The file is the SHA-256 of the rest (32 bytes), then the planes. */
async function readCache(file: string, n: number, size: number): Promise<Frames | undefined> {
  const bytes = await readIfThere(file).catch(() => undefined);
  const length = n * size * size;
  if (bytes?.length !== 32 + planes.length * length || bytes.subarray(0, 32).toString("hex") !== sha256(bytes.subarray(32)))
    return undefined;
  const plane = (k: number) => new Uint8Array(bytes.buffer, bytes.byteOffset + 32 + k * length, length);
  return { n, size, pixels: plane(0), lesion: plane(1), inside: plane(2) };
}

async function writeCache(file: string, frames: Frames): Promise<void> {
  const body = Buffer.concat(planes.map((plane) => frames[plane]));
  await writeAtomic(file, Buffer.concat([Buffer.from(sha256(body), "hex"), body]));
}

/**
 * The frames of every image of the manifest, at `size`: decoded and fitted, masks united, or taken from the cache where an equal data set was
 * loaded at this size before. A damaged cache file is made again; a cache that cannot be written is no failure.
 * @throws UserError that names the file where an image cannot be read
 */
export async function loadFrames(
  manifest: Manifest,
  size: number,
  { cache = cacheFolder(), progress }: FrameOptions = {},
): Promise<Frames> {
  const { images } = manifest;
  // ids belong to the key: a manifest that was cut down to some of its images still carries the whole set's digest
  const key = hashOf([manifest.digest, images.map((image) => image.id)]).slice(0, 32);
  const file = join(cache, "frames", `${key}-${size}-v${version}.frames`);
  const cached = await readCache(file, images.length, size);
  if (cached) return cached;
  const frames = emptyFrames(images.length, size);
  const pictures = await openPictures(manifest);
  let done = 0;
  try {
    await mapInFlight(images, inFlight, async (image, i) => {
      await fill(frames, i, await pictures.read(image));
      progress?.(++done, images.length);
    });
  } finally {
    await pictures.close();
  }
  await writeCache(file, frames).catch(() => undefined);
  return frames;
}

/** The frame of one image, straight from its files: for thumbnails, which need no cache. @throws UserError as {@link loadFrames} */
export async function loadFrame(manifest: Pick<Manifest, "root" | "reader">, image: ImageRecord, size: number): Promise<Frames> {
  const frames = emptyFrames(1, size);
  const pictures = await openPictures(manifest);
  try {
    await fill(frames, 0, await pictures.read(image));
  } finally {
    await pictures.close();
  }
  return frames;
}

/** Copies of the frames at `indices`, in that order. */
export function select(frames: Frames, indices: ArrayLike<number>): Frames {
  const { size } = frames;
  const area = size * size;
  const chosen = emptyFrames(indices.length, size);
  for (let i = 0; i < indices.length; i++) {
    const from = indices[i];
    if (!Number.isInteger(from) || from < 0 || from >= frames.n)
      throw new RangeError(`select: indices must be integers in 0 … ${frames.n - 1}, got ${from}`);
    for (const plane of planes) chosen[plane].set(frames[plane].subarray(from * area, (from + 1) * area), i * area);
  }
  return chosen;
}
