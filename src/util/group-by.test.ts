import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { groupBy } from "./group-by.ts";

describe("groupBy", (test) => {
  test("keeps the order of keys and of items", () => {
    const words = ["pear", "fig", "plum", "nut"];
    assert.equal(
      [...groupBy(words, (word) => word.length)],
      [
        [4, ["pear", "plum"]],
        [3, ["fig", "nut"]],
      ],
    );
  });
});
