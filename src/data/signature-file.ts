/** @file Signatures of a data set's images in one file: for each the SHA-256 (32 bytes), the length (uint32, little-endian) and the signature. */
import { readIfThere, writeAtomic } from "../util/files.ts";
import { decodeSignature, encodeSignature, type Signature } from "./duplicates/signature.ts";

const HEAD = 36;

/** By content hash in hex; none where the file is missing, damaged or of another version. */
export async function readSignatures(file: string): Promise<Map<string, Signature>> {
  const signatures = new Map<string, Signature>();
  let rest = (await readIfThere(file).catch(() => undefined)) ?? Buffer.alloc(0);
  try {
    while (rest.length > 0) {
      const end = HEAD + rest.readUInt32LE(32);
      signatures.set(rest.toString("hex", 0, 32), decodeSignature(rest.subarray(HEAD, end)));
      rest = rest.subarray(end);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return new Map();
  }
  return signatures;
}

export async function writeSignatures(file: string, signatures: ReadonlyMap<string, Signature>): Promise<void> {
  const parts: Uint8Array[] = [];
  for (const [hash, signature] of signatures) {
    const body = encodeSignature(signature);
    const head = Buffer.alloc(HEAD);
    head.write(hash, "hex");
    head.writeUInt32LE(body.length, 32);
    parts.push(head, body);
  }
  await writeAtomic(file, Buffer.concat(parts));
}
