import { dump } from "npyjs";
import * as assert from "uvu/assert";
import { assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { parseNpy } from "./npy.ts";

/** A .npy file with this header and data, as numpy writes version 1.0. */
function npyFile(header: string, data: Uint8Array): Buffer {
  const text = `${header.padEnd(117)}\n`;
  return Buffer.concat([Buffer.from("\x93NUMPY\x01\x00", "latin1"), Buffer.of(text.length, 0), Buffer.from(text, "latin1"), data]);
}
const headerOf = (descr: string, shape: string, fortran = "False") =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;

describe("parseNpy", (test) => {
  test("reads numbers and shape, wherever the bytes lie in their buffer", () => {
    // numpy.save of numpy.array([[1, 2, 3], [40000, 5, 6]], dtype="<u2")
    const file = npyFile(headerOf("<u2", "(2, 3)"), Uint8Array.of(1, 0, 2, 0, 3, 0, 0x40, 0x9c, 5, 0, 6, 0));
    const shifted = Buffer.concat([Buffer.of(0), file]).subarray(1);
    for (const bytes of [file, shifted]) {
      const { data, shape } = parseNpy(bytes, "x.npy");
      assert.equal(data, Uint16Array.of(1, 2, 3, 40000, 5, 6));
      assert.equal(shape, [2, 3]);
    }
    assert.equal(parseNpy(npyFile(headerOf("|u1", "()"), Uint8Array.of(5)), "x.npy").shape, []);
  });
  test("reads what npyjs writes", () => {
    const values = Float32Array.of(-1.5, 0, 1e30);
    assert.equal(parseNpy(new Uint8Array(dump(values, [3])), "x.npy").data, values);
  });
  const bad: [string, Uint8Array, RegExp][] = [
    [
      "big-endian numbers",
      npyFile(headerOf(">u2", "(1,)"), Uint8Array.of(0, 1)),
      /^x\.npy: this is no .npy array that can be read \(.*>u2\)/,
    ],
    ["Fortran order", npyFile(headerOf("|u1", "(1, 2)", "True"), Uint8Array.of(0, 1)), /is in Fortran order; save it anew/],
    ["truth values", npyFile(headerOf("|b1", "(1,)"), Uint8Array.of(1)), /holds b1, which are no real numbers/],
    ["text", npyFile(headerOf("<U1", "(1,)"), Uint8Array.of(65, 0, 0, 0)), /holds U1/],
    ["complex numbers", npyFile(headerOf("<c8", "(1,)"), new Uint8Array(8)), /holds c8/],
    [
      "fewer numbers than it claims",
      npyFile(headerOf("|u1", "(1000, 1000)"), new Uint8Array(10)),
      /claims \[1000, 1000\] = 1000000 numbers but holds 10/,
    ],
    ["more numbers than it claims", npyFile(headerOf("|u1", "(2,)"), new Uint8Array(3)), /claims \[2\] = 2 numbers but holds 3/],
    ["a shape that is none", npyFile(headerOf("|u1", "(-1, -3)"), new Uint8Array(3)), /claims \[-1, -3\]/],
    ["a file that is cut short", npyFile(headerOf("|u1", "(2,)"), new Uint8Array(2)).subarray(0, 40), /no .npy array that can be read/],
    ["an empty file", new Uint8Array(), /no .npy array that can be read/],
    ["another format", Buffer.from("ID,Case\nbus_0001-l,1\n"), /no .npy array that can be read/],
  ];
  for (const [what, bytes, pattern] of bad) test(`refuses ${what}`, () => assertUserError(() => parseNpy(bytes, "x.npy"), pattern));
});
