/** @file What decoding says of images, remembered by content: an image is decoded once, however often its data set is opened. */
import { join } from "node:path";
import { z } from "zod";
import { cacheFolder, readIfThere, writeAtomic } from "../util/files.ts";
import { sha256 } from "../util/hash.ts";
import { identityOf } from "./decoder.ts";
import type { DataFiles } from "./files/data-files.ts";
import type { Decoder } from "./manifest.ts";

/** Raise it when decoding changes what it says of a file. */
const version = 2;

const factsSchema = z.strictObject({
  width: z.int(),
  height: z.int(),
  /** SHA-256 of the decoded pixels: equal for one picture in two files */
  content: z.string(),
  /** a mask without a lesion, an image that is black all over */
  empty: z.boolean(),
});
export type Facts = z.infer<typeof factsSchema>;

const memorySchema = z.record(z.string(), factsSchema);

export type FileKind = "image" | "mask";

/** Facts of an image or mask, by its kind and content. */
export interface FactBook {
  /** @throws UserError that names the file where it cannot be read or decoded */
  look(path: string, kind: FileKind): Promise<Facts & { sha256: string }>;
  /** Keeps what was learnt; a cache that cannot be written is no failure. */
  save(): Promise<void>;
}

async function decode(decoder: Decoder, bytes: Uint8Array, path: string, kind: FileKind): Promise<Facts> {
  const { width, height, pixels } = await decoder[kind](bytes, path);
  const empty = kind === "mask" ? !pixels.includes(1) : !pixels.some((level) => level > 0);
  return { width, height, content: sha256(pixels), empty };
}

/** Opens the memory of a data set; a damaged one is forgotten. */
export async function openFactBook(files: DataFiles, decoder: Decoder, cache: string = cacheFolder()): Promise<FactBook> {
  const file = join(cache, "facts", `${sha256(files.root).slice(0, 16)}-v${version}.json`);
  const known = new Map<string, Facts>();
  const bytes = await readIfThere(file).catch(() => undefined);
  try {
    for (const [key, facts] of Object.entries(memorySchema.parse(JSON.parse(bytes?.toString("utf8") ?? "{}")))) known.set(key, facts);
  } catch {
    // a memory that cannot be understood is worth no more than none
  }
  let learnt = false;
  return {
    async look(path, kind) {
      const content = await decoder.bytes(files, path);
      const hash = identityOf(content, path);
      const key = `${kind}:${hash}`;
      let facts = known.get(key);
      if (!facts) {
        known.set(key, (facts = await decode(decoder, content, path, kind)));
        learnt = true;
      }
      return { ...facts, sha256: hash };
    },
    async save() {
      if (learnt) await writeAtomic(file, JSON.stringify(Object.fromEntries(known))).catch(() => undefined);
    },
  };
}
