/**
 * @file Identifiers to pseudonyms: HMAC-SHA256 with a salt that only this user has. Without the salt nobody can try names until one fits.
 * Reference: RFC 2104; DICOM PS3.15 Annex E.
 */
import { createHmac, randomBytes } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DataSet } from "dicom-parser";
import { cacheFolder, readIfThere } from "../../util/files.ts";
import { UserError } from "../../util/user-error.ts";
import { text } from "./data-set.ts";

const SALT_BYTES = 32;

/** @returns 64 hex digits; `kind` keeps equal values of different meaning apart */
export function pseudonym(salt: Uint8Array, kind: string, ...values: readonly string[]): string {
  return createHmac("sha256", salt)
    .update(JSON.stringify([kind, ...values]))
    .digest("hex");
}

function checked(salt: Uint8Array, path: string): Uint8Array {
  if (salt.length < SALT_BYTES)
    throw new UserError(`${path}: the salt has ${salt.length} bytes and needs ${SALT_BYTES}; make it by \`openssl rand -out FILE 32\``);
  return salt;
}

/** Made whole and never twice: of two processes that start together one loses, and takes the other's. */
async function makeSalt(path: string): Promise<Uint8Array> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomBytes(8).toString("hex")}`;
  await writeFile(draft, randomBytes(SALT_BYTES), { mode: 0o600, flag: "wx" });
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(draft);
  }
  return readFile(path);
}

/**
 * The salt of this user, made on first use in the cache folder. Whoever deletes it gets new pseudonyms.
 * @param file a salt of one's own instead, so that several machines give the same pseudonyms; else what SONOMARK_DICOM_SALT names
 * @throws UserError where that file is missing or too short
 */
export async function loadSalt({
  file = process.env.SONOMARK_DICOM_SALT,
  cache = cacheFolder(),
}: { file?: string; cache?: string } = {}): Promise<Uint8Array> {
  if (file) {
    const salt = await readIfThere(file);
    if (!salt) throw new UserError(`${file}: there is no such salt; make it by \`openssl rand -out FILE 32\``);
    return checked(salt, file);
  }
  const path = join(cache, "dicom-salt");
  return checked((await readIfThere(path)) ?? (await makeSalt(path)), path);
}

export interface Patient {
  /** "patient-" and 16 hex digits */
  pseudonym: string;
  /** what it was made of; only "id" keeps all images of a person together for certain */
  basis: "id" | "name" | "study" | "image";
}

/** From the patient's id and its issuer, else name and birth date, else the study, else the image. */
export function patientOf(dataSet: DataSet, salt: Uint8Array): Patient {
  const sources: [Patient["basis"], string[]][] = [
    ["id", ["x00100020", "x00100021"]],
    ["name", ["x00100010", "x00100030"]],
    ["study", ["x0020000d"]],
    ["image", ["x00080018"]],
  ];
  const read = sources.map(([basis, tags]) => ({ basis, values: tags.map((tag) => text(dataSet, tag)) }));
  const { basis, values } = read.find((source) => source.values[0] !== "") ?? read[3];
  return { pseudonym: `patient-${pseudonym(salt, basis, ...values).slice(0, 16)}`, basis };
}
