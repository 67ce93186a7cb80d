/**
 * @file DICOM bytes to a data set, and single values out of it: a value that is absent, empty or of the wrong length is `undefined`, never an exception.
 * Reference: DICOM PS3.5 §7, PS3.10 §7.1. Tags are written as dicom-parser does: "x0028" + "0010".
 */
import { constants, inflateRawSync } from "node:zlib";
import dicomParser, { type DataSet, type Element } from "dicom-parser";
import { cutShort, refuse } from "./refuse.ts";

/** Bytes that a deflated data set may have when inflated: 512 MiB. */
const INFLATE_LIMIT = 2 ** 29;

/** The bytes "DICM" after a preamble of 128. */
export const isDicom = (bytes: Uint8Array): boolean => Buffer.from(bytes.subarray(128, 132)).toString("latin1") === "DICM";

function inflate(bytes: Uint8Array, position: number): Uint8Array {
  const inflated = inflateRawSync(bytes.subarray(position), { maxOutputLength: INFLATE_LIMIT, finishFlush: constants.Z_SYNC_FLUSH });
  return Buffer.concat([bytes.subarray(0, position), inflated]);
}

/** dicom-parser throws strings, and plain objects that hold the whole file. */
function parsed(parse: () => DataSet, name: string): DataSet {
  try {
    return parse();
  } catch {
    throw cutShort(name);
  }
}

/** A directory, report, presentation state, waveform or document: a DICOM file that has no pixels by its nature. Reference: PS3.4 §B.5. */
export const isDocument = (sopClass: string): boolean =>
  /^1\.2\.840\.10008\.(1\.3\.10|5\.1\.4\.1\.1\.(9|11|66|88|104)(\.[\d.]+)?)$/.test(sopClass);

/** Of the header that every file begins with. @throws UserError 415 for what is no DICOM file, 422 for a damaged one */
export function fileMeta(bytes: Uint8Array, name: string): { sopClass: string; transferSyntax: string } {
  if (!isDicom(bytes)) throw refuse(name, 'this is no DICOM file ("DICM" does not stand at byte 128); give DICOM files only', 415);
  const meta = parsed(() => dicomParser.readPart10Header(bytes), name);
  return { sopClass: text(meta, "x00020002"), transferSyntax: text(meta, "x00020010") };
}

/** @throws UserError 422 for a damaged file */
export function openDataSet(bytes: Uint8Array, name: string): DataSet {
  const dataSet = parsed(() => dicomParser.parseDicom(bytes, { inflater: inflate }), name);
  // a stream may end inside its last element without an exception
  const end = dataSet.byteArray.length;
  if (Object.values(dataSet.elements).some((element) => element.dataOffset + element.length > end)) throw cutShort(name);
  return dataSet;
}

/** The bytes of an element, as a view. */
export function bytesOf(dataSet: DataSet, tag: string): Uint8Array | undefined {
  const element: Element | undefined = dataSet.elements[tag];
  return element && element.length > 0 ? dataSet.byteArray.subarray(element.dataOffset, element.dataOffset + element.length) : undefined;
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const isBigEndian = (dataSet: DataSet): boolean => dataSet.byteArrayParser === dicomParser.bigEndianByteArrayParser;

/** 16-bit words of an element in the byte order of the data set. */
export function words(dataSet: DataSet, tag: string): Uint16Array {
  const bytes = bytesOf(dataSet, tag) ?? new Uint8Array();
  return Uint16Array.from({ length: bytes.length >> 1 }, (_, i) => view(bytes).getUint16(2 * i, !isBigEndian(dataSet)));
}

/** VR US. */
export const uint16 = (dataSet: DataSet, tag: string): number | undefined => words(dataSet, tag)[0];

/** VR UL or SL. */
export function int32(dataSet: DataSet, tag: string): number | undefined {
  const bytes = bytesOf(dataSet, tag);
  return bytes && bytes.length >= 4 ? view(bytes).getInt32(0, !isBigEndian(dataSet)) : undefined;
}

/** VR FD. */
export function float64(dataSet: DataSet, tag: string): number | undefined {
  const bytes = bytesOf(dataSet, tag);
  return bytes && bytes.length >= 8 ? view(bytes).getFloat64(0, !isBigEndian(dataSet)) : undefined;
}

/** The text of an element without padding. It may name a person: it goes into a hash or through an allow-list, nowhere else. */
export function text(dataSet: DataSet, tag: string): string {
  return Buffer.from(bytesOf(dataSet, tag) ?? [])
    .toString("latin1")
    .replace(/^[\s\0]+|[\s\0]+$/g, "");
}

/** The first number of VR DS or IS. */
export function decimal(dataSet: DataSet, tag: string): number | undefined {
  const first = text(dataSet, tag).split("\\")[0].trim();
  return /^[+-]?\d*\.?\d+(e[+-]?\d+)?$/i.test(first) ? Number(first) : undefined;
}

/** The text of an element where it is one of `allowed`. */
export function oneOf<T extends string>(dataSet: DataSet, tag: string, allowed: readonly T[]): T | undefined {
  const value = text(dataSet, tag);
  return allowed.find((word) => word === value);
}
