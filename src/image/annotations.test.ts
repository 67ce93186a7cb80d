import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { annotationsOf } from "./annotations.ts";

describe("annotationsOf", (test) => {
  test("finds nothing in an even image, however small", () => {
    for (const side of [1, 3, 40])
      assert.is(annotationsOf({ width: side, height: side, pixels: new Uint8Array(side * side).fill(90) }).flagged, false);
  });
});
