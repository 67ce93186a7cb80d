import * as assert from "uvu/assert";
import { assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { parseCsv, toCsv } from "./csv.ts";

describe("parseCsv", (test) => {
  test("reads rows by column name, with quotes, BOM and CRLF", () => {
    assert.equal(parseCsv('\ufeffID,BBOX\r\nbus_1,"[1,2]"\r\n', "t.csv"), [{ ID: "bus_1", BBOX: "[1,2]" }]);
  });
  test("finds semicolons and tabs by the header line", () => {
    assert.equal(parseCsv("Image;Label\na,b;c\n", "t.csv"), [{ Image: "a,b", Label: "c" }]);
    assert.equal(parseCsv("x\ty\n1\t2\n", "t.csv"), [{ x: "1", y: "2" }]);
  });
  test("is not misled by delimiters inside a quoted column name", () => {
    assert.equal(parseCsv('"a;b;c",d\n1,2\n', "t.csv"), [{ "a;b;c": "1", d: "2" }]);
  });
  test("gives no rows for a header alone", () => assert.equal(parseCsv("a,b\n", "t.csv"), []));
  test("refuses a ragged row, naming the file and the line", () =>
    assertUserError(() => parseCsv("a,b\n1,2\n3\n", "t.csv"), /^t\.csv: .*line 3/));
  test("refuses a missing column, naming those that it has", () =>
    assertUserError(() => parseCsv("a,b\n1,2\n", "t.csv", ["Case"]), /^t\.csv: has no column "Case" \(it has a, b\)/));
  test("refuses an empty file where columns are required", () =>
    assertUserError(() => parseCsv("", "t.csv", ["ID"]), /has no column "ID" \(it has none\)/));
  test("refuses a column that is named twice", () =>
    assertUserError(() => parseCsv("a,a\n1,2\n", "t.csv"), /the column "a" is there twice/));
});

describe("toCsv", (test) => {
  test("comes back through parseCsv unchanged, with quotes, commas and line breaks inside", () => {
    const rows = [
      { image: 'benign (1), "x"', note: "two\nlines" },
      { image: "b", note: "" },
    ];
    assert.equal(parseCsv(toCsv(rows), "t.csv"), rows);
  });
  test("keeps every digit of a number and writes booleans as words", () =>
    assert.is(toCsv([{ p: 0.1 + 0.2, ok: true, none: null }]), "p,ok,none\n0.30000000000000004,true,\n"));
  test("takes the columns in the order that is asked for", () => assert.is(toCsv([{ a: 1, b: 2 }], ["b", "a"]), "b,a\n2,1\n"));
  test("writes the header for no rows", () => assert.is(toCsv([], ["a", "b"]), "a,b\n"));
});
