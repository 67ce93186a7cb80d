import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { formatTable } from "./text-table.ts";

describe("formatTable", (test) => {
  test("pads text on the right and numbers on the left", () => {
    assert.is(
      formatTable(
        ["name", "n"],
        [
          ["a", "1"],
          ["longer", "−12"],
        ],
      ),
      "name      n\n──────  ───\na         1\nlonger  −12",
    );
  });
});
