import * as assert from "uvu/assert";
import { assertUserError } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import { dicomFile, ultrasound, type DicomElements, type DicomValue } from "../../testing/dicom-files.ts";
import { openDataSet } from "./data-set.ts";
import { applyPalette, expandSegments, paletteBits, readPalette } from "./palette.ts";

const image = ultrasound({ rows: 2, columns: 2, photometric: "PALETTE COLOR", pixels: Uint8Array.of(0, 1, 2, 3) });

/** The palette of a file whose three tables are `data`. */
function paletteOf(
  descriptor: number[],
  [vr, data]: readonly [string, DicomValue],
  { table = "0", syntax = "explicit", signed = false } = {},
) {
  const elements: Record<string, DicomElements[string]> = { ...image };
  for (const colour of [1, 2, 3]) {
    elements[`0028110${colour}`] = ["US", descriptor];
    elements[`002812${table}${colour}`] = [vr, data];
  }
  return readPalette(openDataSet(dicomFile(elements, syntax), "x.dcm"), { signed, name: "x.dcm" });
}

describe("readPalette", (test) => {
  const words = Uint16Array.of(10, 20, 300, 65535);
  for (const syntax of ["explicit", "implicit", "big"])
    test(`reads words in the byte order of the file: ${syntax}`, () => {
      const palette = paletteOf([4, 0, 16], ["OW", words], { syntax });
      assert.equal(palette.tables, [words, words, words]);
      assert.is(paletteBits(palette), 16);
    });
  for (const syntax of ["explicit", "big"])
    test(`reads tables of bytes, which lie two in a word: ${syntax}`, () => {
      const data = syntax === "big" ? Uint8Array.of(2, 1, 4, 3) : Uint8Array.of(1, 2, 3, 4);
      const palette = paletteOf([4, 0, 8], ["OW", data], { syntax });
      assert.equal([...palette.tables[0]], [1, 2, 3, 4]);
      assert.is(paletteBits(palette), 8);
    });
  test("a length of 0 means 65,536 entries", () => {
    const table = Uint16Array.from({ length: 65536 }, (_, i) => i);
    assert.equal(paletteOf([0, 0, 16], ["OW", table]).tables[2], table);
  });
  test("reads segmented tables", () => {
    const segments = Uint16Array.of(0, 2, 7, 9, 1, 3, 15);
    assert.equal([...paletteOf([5, 0, 16], ["OW", segments], { table: "2" }).tables[1]], [7, 9, 11, 13, 15]);
  });
  test("refuses tables that are too short", () =>
    assertUserError(() => paletteOf([9, 0, 16], ["OW", words]), /^x\.dcm: a palette of 9 colours is missing or damaged; export it again/));
});

describe("expandSegments", (test) => {
  test("rounds half to even on linear segments, as numpy does", () => {
    // numpy.around(numpy.linspace(0.5, 2, 4)): 0. 1. 2. 2. (0.5 and 1.5 go to the even neighbour)
    assert.equal([...expandSegments(Uint16Array.of(0, 1, 0, 1, 4, 2), 5)], [0, 0, 1, 2, 2]);
    assert.equal([...expandSegments(Uint16Array.of(0, 1, 4, 1, 2, 0), 3)], [4, 2, 0]);
  });
  test("repeats segments at the byte offset of an indirect one, which go on from the last value", () => {
    // 5 6 | linear to 10 in two steps | the segments from byte 8 again, one of them
    assert.equal([...expandSegments(Uint16Array.of(0, 2, 5, 6, 1, 2, 10, 2, 1, 8, 0), 6)], [5, 6, 8, 10, 10, 10]);
  });
  test("refuses an indirect segment in itself, an unknown type and a wrong sum", () => {
    for (const segments of [
      [0, 1, 5, 2, 1, 6, 0],
      [7, 1, 5],
      [1, 1, 5],
      [0, 2, 5, 6],
    ])
      assert.throws(() => expandSegments(Uint16Array.from(segments), 3), /expandSegments: /);
  });
});

describe("applyPalette", (test) => {
  test("counts from the first value, and takes the nearest end outside", () => {
    const table = Uint16Array.of(5, 6, 7);
    const palette = { first: -1, tables: [table, table.map((v) => v * 10), table.map((v) => v * 100)] } as const;
    assert.equal([...applyPalette(Int16Array.of(-9, 0, 9), palette)], [5, 50, 500, 6, 60, 600, 7, 70, 700]);
  });
  test("a first value of a signed image may be negative", () => {
    assert.is(paletteOf([4, -2, 16], ["OW", Uint16Array.of(1, 2, 3, 4)], { signed: true }).first, -2);
    assert.is(paletteOf([4, -2, 16], ["OW", Uint16Array.of(1, 2, 3, 4)]).first, 65534);
  });
});
