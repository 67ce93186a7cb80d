/**
 * @file Weights as a safetensors file: 8 bytes of header length (little-endian), a JSON header, then the data.
 * Reference: Hugging Face safetensors, "Format" in the README, https://github.com/huggingface/safetensors
 */
import { messageOf, UserError } from "../util/user-error.ts";

/** One array: shape and row-major values. */
export interface PlainTensor {
  shape: readonly number[];
  data: Float32Array | Float64Array | Int32Array | Uint8Array;
}

/** The content of a file: arrays by name, and strings about them. */
export interface Checkpoint {
  tensors: ReadonlyMap<string, PlainTensor>;
  metadata: Readonly<Record<string, string>>;
}

const TYPES = { F32: Float32Array, F64: Float64Array, I32: Int32Array, U8: Uint8Array } as const;
type TypeName = keyof typeof TYPES;

/** The limit of the reference implementation. */
const LARGEST_HEADER = 100_000_000;

interface Entry {
  dtype: TypeName;
  shape: number[];
  data_offsets: [number, number];
}

/** The bytes of a safetensors file; equal content gives equal bytes. */
export function encodeSafetensors({ tensors, metadata }: Checkpoint): Uint8Array {
  const header: Record<string, Entry | Readonly<Record<string, string>>> = {};
  if (Object.keys(metadata).length > 0) header.__metadata__ = metadata;
  let end = 0;
  for (const [name, { shape, data }] of tensors) {
    if (name === "__metadata__" || name === "__proto__") throw new RangeError(`encodeSafetensors: a tensor must not be called ${name}`);
    if (product(shape) !== data.length)
      throw new RangeError(`encodeSafetensors: ${name} must hold ${product(shape)} values, got ${data.length}`);
    header[name] = { dtype: typeOf(data), shape: [...shape], data_offsets: [end, (end += data.byteLength)] };
  }
  const json = Buffer.from(JSON.stringify(header));
  const start = 8 + Math.ceil(json.length / 8) * 8; // data aligned to 8 bytes, header filled up with spaces
  const bytes = new Uint8Array(start + end).fill(0x20, 8, start);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true);
  bytes.set(json, 8);
  let at = start;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Reads a safetensors file; arrays are copies.
 * @param source what the bytes are called in messages
 * @throws UserError where the file is not what the format says
 */
export function decodeSafetensors(bytes: Uint8Array, source: string): Checkpoint {
  const fail = (why: string, cause?: unknown): never => {
    throw new UserError(`${source} is not a safetensors file (${why}): give a checkpoint that sonomark wrote.`, { cause });
  };
  if (bytes.length < 8) fail(`${bytes.length} bytes, a header needs 8`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (length > LARGEST_HEADER || length > bytes.length - 8) fail(`its header claims ${length} bytes, the file has ${bytes.length}`);
  const { __metadata__: metadata = {}, ...entries } = parseHeader(bytes.subarray(8, 8 + length), fail);
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === "string")) fail("its metadata are not strings");
  const data = bytes.subarray(8 + length);
  const ordered = Object.entries(entries).map(([name, entry]) => ({ name, ...checkEntry(name, entry, fail) }));
  ordered.sort((a, b) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1]);
  let at = 0;
  for (const {
    name,
    data_offsets: [start, end],
  } of ordered) {
    if (start !== at) fail(`"${name}" starts at byte ${start}, not at ${at}`);
    at = end;
  }
  if (at !== data.length) fail(`its tensors end at byte ${at} of ${data.length}`);
  const tensors = new Map(
    ordered.map(({ name, dtype, shape, data_offsets: [start, end] }) => [
      name,
      { shape, data: new TYPES[dtype](Uint8Array.from(data.subarray(start, end)).buffer) },
    ]),
  );
  return { tensors, metadata: metadata as Record<string, string> };
}

type Fail = (why: string, cause?: unknown) => never;

function parseHeader(bytes: Uint8Array, fail: Fail): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    fail(`its header is not JSON: ${messageOf(error)}`, error);
  }
  return isRecord(header) ? header : fail("its header is not an object");
}

function checkEntry(name: string, entry: unknown, fail: Fail): Entry {
  const { dtype, shape, data_offsets: offsets } = isRecord(entry) ? entry : fail(`"${name}" is not an object`);
  if (typeof dtype !== "string" || !Object.hasOwn(TYPES, dtype))
    return fail(`"${name}" has the type ${JSON.stringify(dtype)}, known: ${Object.keys(TYPES).join(", ")}`);
  if (!isSizes(shape)) return fail(`"${name}" has the shape ${JSON.stringify(shape)}`);
  if (!isSizes(offsets) || offsets.length !== 2) return fail(`"${name}" has the offsets ${JSON.stringify(offsets)}`);
  const [start, end] = offsets as [number, number];
  const expected = product(shape) * TYPES[dtype as TypeName].BYTES_PER_ELEMENT;
  if (end - start !== expected) return fail(`"${name}" has ${end - start} bytes, its shape needs ${expected}`);
  return { dtype: dtype as TypeName, shape, data_offsets: [start, end] };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

function typeOf(data: PlainTensor["data"]): TypeName {
  if (data instanceof Float32Array) return "F32";
  if (data instanceof Float64Array) return "F64";
  return data instanceof Int32Array ? "I32" : "U8";
}
