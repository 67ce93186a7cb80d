import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { datasetRows, datasetsTable } from "./datasets-table.ts";
import { readers } from "./readers/registry.ts";
import type { DataSummary } from "./summary.ts";

const none = { smallest: 0, median: 0, largest: 0 };
const summary = (reader: string, root: string): DataSummary => ({
  reader,
  root,
  images: 128,
  groups: 64,
  largestGroup: 2,
  classes: [
    { label: "benign", images: 70, groups: 40, withMask: 70 },
    { label: "malignant", images: 58, groups: 24, withMask: 58 },
  ],
  width: none,
  height: none,
  licence: "",
  citation: "",
  note: "",
  digest: "",
  problems: [],
});

/** Cells of the lines that are rows of a reader. */
const linesOf = (table: string, reader: string): string[][] =>
  table
    .split("\n")
    .map((line) => line.slice(2, -2).split(" | "))
    .filter(([name]) => name === `\`${reader}\``);

describe("datasetRows", (test) => {
  test("has every reader, in the order of the registry, with or without counts", () => {
    for (const summaries of [[], [summary("bus-bra", "/data/BUSBRA")]])
      assert.equal(
        datasetRows(summaries).map(({ name }) => name),
        readers.map(({ name }) => name),
      );
  });
  test("has a row for each copy of one data set", () => {
    const rows = datasetRows([summary("busi", "/a/full"), summary("bus-bra", "/b"), summary("busi", "/a/part.zip")]);
    assert.equal(
      rows.filter(({ name }) => name === "busi").map(({ measured }) => measured?.source),
      ["full", "part.zip"],
    );
  });
});

describe("datasetsTable", (test) => {
  test("is a Markdown table of equally many cells a row, whatever the readers say", () => {
    const lines = datasetsTable(datasetRows([])).split("\n");
    assert.is(lines.length, readers.length + 2);
    for (const line of lines) assert.is(line.match(/(?<!\\)\|/g)?.length, 8, line);
  });
  test("tells counts, classes, groups, licence, traps and where it was measured, and no path", () => {
    const table = datasetsTable(
      datasetRows([{ ...summary("bus-bra", "/home/someone/BUSBRA"), problems: [{ level: "error", message: "x" }] }]),
    );
    const [[, title, images, classes, groups, licence, traps]] = linesOf(table, "bus-bra");
    assert.equal([images, classes, groups], ["128 in BUSBRA (without 1 that have errors)", "benign 70, malignant 58", "64"]);
    assert.match(title, /^BUS-BRA, .*<br>\[doi:10\.1002\/mp\.16812\]\(https:\/\/doi\.org\/10\.1002\/mp\.16812\)$/);
    assert.match(licence, /^BUS-BRA licence/);
    assert.match(traps, /pixels are measured instead<br>a patient often has two views/);
    assert.not.match(table, /someone/);
  });
  test("says where nothing was measured", () => {
    const [[, , ...counts]] = linesOf(datasetsTable(datasetRows([])), "busi");
    assert.equal(counts.slice(0, 3), ["not measured here", "–", "–"]);
  });
  test("keeps Markdown's own signs as text, and links every DOI", () => {
    const row = {
      name: "x",
      title: "a|b_c",
      licence: "<none>",
      citation: "One. doi:10.1/a_b. Two. data doi:10.2/c; three",
      traps: ["*a*\nb"],
    };
    assert.is(
      datasetsTable([row]).split("\n")[2],
      "| `x` | a\\|b\\_c<br>[doi:10.1/a\\_b](https://doi.org/10.1/a_b)<br>[doi:10.2/c](https://doi.org/10.2/c) | not measured here | – | – | \\<none\\> | \\*a\\* b |",
    );
  });
});
