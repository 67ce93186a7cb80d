/** @file Pictures and folders that tests make and throw away: PNG files drawn by a function, in a fresh temporary folder. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import sharp from "sharp";

/** Grey levels drawn by `level`, row-major, [height, width]. */
export function drawn(width: number, height: number, level: (x: number, y: number) => number): Uint8Array {
  return Uint8Array.from({ length: width * height }, (_, i) => level(i % width, Math.floor(i / width)));
}

/** A grey PNG, 8 bits a pixel. */
export function greyPng(width: number, height: number, level: (x: number, y: number) => number): Promise<Buffer> {
  return sharp(drawn(width, height, level), { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
}

/** Writes files, whose keys are paths relative to `root`; makes folders. */
export async function writeFiles(root: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

/** Calls `body` with a fresh empty folder, which is removed afterwards. */
export async function withFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "sonomark-test-"));
  try {
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
