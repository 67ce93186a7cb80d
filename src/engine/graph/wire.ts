/**
 * @file Protocol buffers as they are written, as far as a graph needs them. A message is a list of chunks, so that large constants are
 * copied once, into the file. (tfjs-node's own message classes are internal to it; a test reads with them what is written here.)
 * Reference: Protocol Buffers, Encoding, https://protobuf.dev/programming-guides/encoding/.
 */

/** Encoded fields, one after the other. */
export type Message = readonly Uint8Array[];

/** How a field's value is laid out. */
const WIRE = { varint: 0, delimited: 2, fixed32: 5 } as const;

const tag = (field: number, wire: keyof typeof WIRE): Uint8Array => varint((field << 3) | WIRE[wire]);

/** Integers, enums and booleans; negative ones as 64-bit two's complement. */
export const intField = (field: number, value: number | boolean): Message => [tag(field, "varint"), varint(Number(value))];

export const floatField = (field: number, value: number): Message => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return [tag(field, "fixed32"), bytes];
};

export const bytesField = (field: number, bytes: Uint8Array): Message => messageField(field, [bytes]);

export const textField = (field: number, text: string): Message => bytesField(field, Buffer.from(text));

export const messageField = (field: number, message: Message): Message => [
  tag(field, "delimited"),
  varint(message.reduce((sum, { byteLength }) => sum + byteLength, 0)),
  ...message,
];

/** Seven bits a byte, lowest first; the eighth says that more follow. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.of(...bytes, Number(rest));
}
