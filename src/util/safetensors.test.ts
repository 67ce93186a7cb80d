/** @file The safetensors format: bytes by hand, round trips, hostile files. */
import * as assert from "uvu/assert";
import { assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { decodeSafetensors, encodeSafetensors, type Checkpoint } from "./safetensors.ts";

/** A file with this header text and data. */
function file(header: string, data: readonly number[] = []): Uint8Array {
  const json = Buffer.from(header);
  const bytes = Buffer.alloc(8 + json.length + data.length);
  bytes.writeBigUInt64LE(BigInt(json.length));
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}
const entry = (shape: string, offsets: string, type = "F32") => `{"dtype":"${type}","shape":${shape},"data_offsets":${offsets}}`;

const sample: Checkpoint = {
  tensors: new Map([
    ["weight", { shape: [2, 1], data: Float32Array.of(1.5, -2) }],
    ["labels", { shape: [3], data: Uint8Array.of(7, 8, 9) }],
    ["steps", { shape: [], data: Int32Array.of(-5) }],
    ["exact", { shape: [1], data: Float64Array.of(0.1) }],
    ["empty", { shape: [0, 4], data: new Float32Array(0) }],
  ]),
  metadata: { format: "sonomark", note: "ü" },
};

describe("safetensors", (test) => {
  test("writes length, header padded to 8 bytes, and little-endian data", () => {
    const bytes = encodeSafetensors({ tensors: new Map([["a", { shape: [1], data: Float32Array.of(1) }]]), metadata: {} });
    const header = `{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`;
    assert.equal(Buffer.from(bytes), Buffer.from(file(header.padEnd(56), [0, 0, 0x80, 0x3f])));
  });

  test("gives back what was written, from a view at any offset", () => {
    const bytes = encodeSafetensors(sample);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    for (const source of [bytes, shifted.subarray(3), Buffer.from(bytes)]) {
      const { tensors, metadata } = decodeSafetensors(source, "x");
      assert.equal(metadata, sample.metadata);
      for (const [name, { shape, data }] of sample.tensors) {
        assert.equal(tensors.get(name)!.shape, shape);
        assert.equal(tensors.get(name)!.data, data);
      }
    }
  });

  test("reads a file of the format's own example: metadata first, entries in any order", () => {
    const header = `{"__metadata__":{"k":"v"},"b":${entry("[1]", "[4,8]")},"a":${entry("[1]", "[0,4]")}}`;
    const { tensors, metadata } = decodeSafetensors(file(header, [0, 0, 0x80, 0x3f, 0, 0, 0, 0x40]), "x");
    assert.equal([tensors.get("a")!.data[0], tensors.get("b")!.data[0], metadata.k], [1, 2, "v"]);
  });

  test("refuses hostile files in one sentence with file and cure", async () => {
    const lying = Buffer.alloc(16);
    lying.writeBigUInt64LE(0xffffffffffffffffn);
    const hostile: [Uint8Array, RegExp][] = [
      [new Uint8Array(3), /3 bytes, a header needs 8/],
      [lying, /header claims 18446744073709552000 bytes, the file has 16/],
      [file("{nonsense"), /header is not JSON/],
      [file("[]"), /header is not an object/],
      [file(`{"a":3}`), /"a" is not an object/],
      [file(`{"__metadata__":{"a":1}}`), /metadata are not strings/],
      [file(`{"a":${entry("[1]", "[0,4]", "BF16")}}`, [0, 0, 0, 0]), /"a" has the type "BF16", known: F32, F64, I32, U8/],
      [file(`{"a":${entry("[1]", "[0,4]", "constructor")}}`, [0, 0, 0, 0]), /has the type "constructor"/],
      [file(`{"a":${entry("[-1]", "[0,4]")}}`, [0, 0, 0, 0]), /has the shape \[-1\]/],
      [file(`{"a":${entry("[1.5]", "[0,6]")}}`), /has the shape \[1.5\]/],
      [file(`{"a":${entry("[1]", "[0]")}}`), /has the offsets \[0\]/],
      [file(`{"a":${entry("[2]", "[0,4]")}}`, [0, 0, 0, 0]), /"a" has 4 bytes, its shape needs 8/],
      [file(`{"a":${entry("[1]", "[4,8]")}}`, new Array<number>(8).fill(0)), /"a" starts at byte 4, not at 0/],
      [file(`{"a":${entry("[1]", "[0,4]")},"b":${entry("[1]", "[0,4]")}}`, [0, 0, 0, 0]), /"b" starts at byte 0, not at 4/],
      [file(`{"a":${entry("[1]", "[0,4]")}}`, new Array<number>(8).fill(0)), /tensors end at byte 4 of 8/],
      [file(`{"a":${entry("[1]", "[0,4]")}}`), /tensors end at byte 4 of 0/],
    ];
    for (const [bytes, pattern] of hostile) {
      await assertUserError(() => decodeSafetensors(bytes, "model.safetensors"), pattern);
      await assertUserError(
        () => decodeSafetensors(bytes, "model.safetensors"),
        /^model\.safetensors is not a safetensors file .*: give a checkpoint that sonomark wrote\.$/,
      );
    }
  });

  test("refuses to write a tensor whose shape and values differ", () => {
    assert.throws(
      () => encodeSafetensors({ tensors: new Map([["a", { shape: [3], data: Float32Array.of(1) }]]), metadata: {} }),
      /a must hold 3 values, got 1/,
    );
  });
});
