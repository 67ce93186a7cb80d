import { zipSync } from "fflate";
import * as assert from "uvu/assert";
import { assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { xlsx, xlsxParts } from "../testing/spreadsheet-files.ts";
import { parseXlsx } from "./spreadsheet.ts";

const table = [
  ["CaseID", "Size", "Margin"],
  [1, 0.0075, "angular & <indistinct>"],
  [null, null, null],
  [2, "not available", null],
];
const rows = [
  { CaseID: "1", Size: "0.0075", Margin: "angular & <indistinct>" },
  { CaseID: "2", Size: "not available", Margin: "" },
];
const parse = (bytes: Uint8Array) => parseXlsx(Buffer.from(bytes), "table.xlsx", ["CaseID", "Size"]);

describe("parseXlsx", (test) => {
  test("reads numbers and text as text, and passes by empty rows", async () => assert.equal(await parse(xlsx({ data: table })), rows));
  test("finds the sheet by its columns, wherever it stands", async () => {
    const other = [
      ["Field", "Meaning"],
      ["CaseID", "number of the case"],
    ];
    assert.equal(await parse(xlsx({ dictionary: other, data: table })), rows);
    assert.equal(await parse(xlsx({ data: table, dictionary: other })), rows);
  });
  test("names the nearest sheet and the column that it lacks", () =>
    assertUserError(
      () => parse(xlsx({ dictionary: [["Field"]], data: [["CaseID", "Margin"]], empty: [] })),
      /^table\.xlsx: the sheet "data" has no column "Size" \(it has CaseID, Margin\); add the column to its first row$/,
    ));
  test("refuses a column that is there twice", () =>
    assertUserError(() => parse(xlsx({ data: [["CaseID", "Size", "Size"]] })), /the sheet "data" has the column "Size" twice/));
  test("refuses what is no spreadsheet, or is damaged", async () => {
    const whole = xlsx({ data: table });
    const { "xl/workbook.xml": _, ...headless } = xlsxParts({ data: table });
    await assertUserError(() => parse(new TextEncoder().encode("CaseID,Size")), /^table\.xlsx: the archive cannot be read/);
    await assertUserError(() => parse(whole.subarray(0, whole.length - 40)), /^table\.xlsx: the archive cannot be read/);
    await assertUserError(() => parse(zipSync(headless)), /^table\.xlsx: the spreadsheet cannot be read/);
  });
  test("refuses a bomb: one entry of zeros, and many entries that are much together", async () => {
    const parts = xlsxParts({ data: table });
    await assertUserError(
      () => parse(zipSync({ ...parts, "xl/media/a.xml": new Uint8Array(20e6) })),
      /"xl\/media\/a\.xml" would unpack from/,
    );
    const heaps = Object.fromEntries(["a", "b", "c", "d", "e"].map((name) => [`xl/${name}.xml`, new Uint8Array(13e6)]));
    await assertUserError(
      () => parse(zipSync({ ...parts, ...heaps }, { level: 0 })),
      /^table\.xlsx: the spreadsheet unpacks to more than 64 MB/,
    );
  });
});
