/** @file How paths become pixels where every image is a picture file of its own. */
import { decodeGrey, decodeMask } from "../image/decode.ts";
import { sha256 } from "../util/hash.ts";
import type { Decoder } from "./manifest.ts";

export const pictureFiles: Decoder = { bytes: (files, path) => files.read(path), image: decodeGrey, mask: decodeMask };

/** What identifies an image: its bytes, and the part of them that its path names. */
export function identityOf(bytes: Uint8Array, path: string): string {
  const part = /#(.*)$/.exec(path)?.[1];
  return part === undefined ? sha256(bytes) : sha256(`${sha256(bytes)}#${part}`);
}
