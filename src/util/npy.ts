/** @file Arrays as numpy saves them (`.npy`), of numbers in C order and little-endian: nothing else is guessed at. */
import { parse, type NpyArray as Parsed } from "npyjs";
import { messageOf, UserError } from "./user-error.ts";

/** Numbers of an array, last axis fastest. */
export interface NpyArray {
  data:
    | Int8Array
    | Uint8Array
    | Int16Array
    | Uint16Array
    | Int32Array
    | Uint32Array
    | BigInt64Array
    | BigUint64Array
    | Float32Array
    | Float64Array;
  shape: number[];
}

const isNumbers = (data: unknown): data is NpyArray["data"] => ArrayBuffer.isView(data) && !(data instanceof DataView);

/**
 * @param name what error messages call the array
 * @throws UserError (422) where the file is damaged, big-endian, in Fortran order, or holds no numbers
 */
export function parseNpy(bytes: Uint8Array, name: string): NpyArray {
  const refused = (what: string, cause?: unknown): UserError =>
    new UserError(`${name}: ${what}; save it anew with numpy.save, as numbers in C order and little-endian`, { status: 422, cause });
  let parsed: Parsed;
  try {
    // a copy of its own: numbers of several bytes must start at a multiple of their size
    parsed = parse(new Uint8Array(bytes).buffer);
  } catch (cause) {
    throw refused(`this is no .npy array that can be read (${messageOf(cause)})`, cause);
  }
  const { data, shape, dtype, fortranOrder } = parsed;
  if (fortranOrder) throw refused("the array is in Fortran order");
  if (!isNumbers(data) || dtype.startsWith("c")) throw refused(`the array holds ${dtype}, which are no real numbers`);
  const claimed = shape.reduce((product, length) => product * length, 1);
  if (claimed !== data.length || shape.some((length) => length < 0))
    throw refused(`the array claims [${shape.join(", ")}] = ${claimed} numbers but holds ${data.length}`);
  return { data, shape };
}
