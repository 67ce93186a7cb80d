import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { packageRoot } from "../util/files.ts";
import { datasetRows, datasetsTable } from "./datasets-table.ts";
import { readers } from "./readers/registry.ts";

/** Cells of the rows of a Markdown table, by the first cell; counts (the third to fifth) left out. */
const rowsOf = (text: string): Map<string, string[]> =>
  new Map(
    text
      .split("\n")
      .filter((line) => line.startsWith("| `"))
      .map((line) => line.split(/(?<!\\)\|/).slice(1, -1))
      .map((cells) => [cells[0].trim(), [...cells.slice(1, 2), ...cells.slice(5)]]),
  );

describe("docs/datasets.md", (test) => {
  test("says of every reader what the reader says: `sonomark data table` prints it", async () => {
    const written = rowsOf(await readFile(join(packageRoot, "docs/datasets.md"), "utf8"));
    const printed = rowsOf(datasetsTable(datasetRows([])));
    assert.is(printed.size, readers.length);
    assert.equal(written, printed);
  });
});
