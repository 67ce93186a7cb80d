/** @file What decoding says of images and masks, remembered by content: each is decoded once, however often its data set is opened. */
import { join } from "node:path";
import { z } from "zod";
import { annotationsOf } from "../image/annotations.ts";
import { fieldOfViewOf } from "../image/field-of-view.ts";
import { cacheFolder, readIfThere, writeAtomic } from "../util/files.ts";
import { sha256 } from "../util/hash.ts";
import { identityOf, pictureFiles } from "./decoder.ts";
import { signatureOf, type Signature } from "./duplicates/signature.ts";
import type { DataFiles } from "./files/data-files.ts";
import type { Decoder, Reader } from "./manifest.ts";
import { readSignatures, writeSignatures } from "./signature-file.ts";

/** Raise it when decoding changes what it says of a file. */
const version = 3;

const maskFactsSchema = z.strictObject({
  width: z.int(),
  height: z.int(),
  /** no lesion; of an image: black all over */
  empty: z.boolean(),
});

const imageFactsSchema = maskFactsSchema.extend({
  /** SHA-256 of the decoded pixels: equal for one picture in two files */
  content: z.string(),
  /** size of the encoded image */
  bytes: z.int(),
  /** share of the picture that is border around the field of view */
  border: z.number(),
  /** share of the picture that text, calipers and markers cover; 0 where none were found */
  annotated: z.number(),
});

export type MaskFacts = z.infer<typeof maskFactsSchema>;
export type ImageFacts = z.infer<typeof imageFactsSchema>;

const memorySchema = z.strictObject({
  images: z.record(z.string(), imageFactsSchema),
  masks: z.record(z.string(), maskFactsSchema),
});

/** Facts by content. The methods throw a UserError that names the file where it cannot be read or decoded. */
export interface FactBook {
  image(path: string): Promise<{ sha256: string; facts: ImageFacts; signature: Signature }>;
  mask(path: string): Promise<{ sha256: string; facts: MaskFacts }>;
  /** Keeps what was learnt; a cache that cannot be written is no failure. */
  save(): Promise<void>;
}

async function learnImage(decoder: Decoder, bytes: Uint8Array, path: string): Promise<{ facts: ImageFacts; signature: Signature }> {
  const image = await decoder.image(bytes, path);
  const { width, height, pixels } = image;
  const field = fieldOfViewOf(image);
  const { flagged, share } = annotationsOf(image, field);
  return {
    facts: {
      width,
      height,
      empty: !pixels.some((level) => level > 0),
      content: sha256(pixels),
      bytes: bytes.length,
      border: field.borderShare,
      annotated: flagged ? share : 0,
    },
    signature: signatureOf(image),
  };
}

/**
 * Opens the memory of a data set; a damaged one is forgotten.
 * Another reader may see other things in the same files, so it has a memory of its own.
 */
export async function openFactBook(
  files: DataFiles,
  { name: reader, decoder = pictureFiles }: Pick<Reader, "name" | "decoder">,
  cache: string = cacheFolder(),
): Promise<FactBook> {
  const file = join(cache, "facts", `${sha256(`${reader}:${files.root}`).slice(0, 16)}-v${version}`);
  const known = await readMemory(`${file}.json`);
  const signatures = await readSignatures(`${file}.signatures`);
  let learnt = false;
  const look = async (path: string) => {
    const bytes = await decoder.bytes(files, path);
    return { bytes, hash: identityOf(bytes, path) };
  };
  return {
    async image(path) {
      const { bytes, hash } = await look(path);
      if (!known.images[hash] || !signatures.has(hash)) {
        const { facts, signature } = await learnImage(decoder, bytes, path);
        known.images[hash] = facts;
        signatures.set(hash, signature);
        learnt = true;
      }
      return { sha256: hash, facts: known.images[hash], signature: signatures.get(hash)! };
    },
    async mask(path) {
      const { bytes, hash } = await look(path);
      if (!known.masks[hash]) {
        const { width, height, pixels } = await decoder.mask(bytes, path);
        known.masks[hash] = { width, height, empty: !pixels.includes(1) };
        learnt = true;
      }
      return { sha256: hash, facts: known.masks[hash] };
    },
    async save() {
      if (!learnt) return;
      await writeAtomic(`${file}.json`, JSON.stringify(known)).catch(() => undefined);
      await writeSignatures(`${file}.signatures`, signatures).catch(() => undefined);
    },
  };
}

async function readMemory(file: string): Promise<z.infer<typeof memorySchema>> {
  try {
    return memorySchema.parse(JSON.parse((await readIfThere(file))!.toString("utf8")));
  } catch {
    // none, or one that cannot be understood and is worth no more than none
    return { images: {}, masks: {} };
  }
}
