import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { speckle } from "../testing/speckle.ts";
import { range, rngOf } from "../util/rng.ts";
import { frameFieldsOf } from "./frame-fields.ts";

const SIDE = 64;
const count = (plane: Uint8Array) => plane.reduce((sum, value) => sum + value, 0);

describe("frameFieldsOf", (test) => {
  test("tells field of view from black border, and padding from both", () => {
    const { width, height, pixels } = speckle(256, 128, rngOf(1));
    for (const y of range(height)) pixels.fill(0, y * width, y * width + 64); // the left quarter shows nothing
    const { field, artefacts } = frameFieldsOf({ width, height, pixels }, SIDE);
    // the frame holds 32 rows of image, from row 16 on; 48 of their 64 columns are field
    for (const y of range(SIDE)) {
      const shown = count(field.subarray(y * SIDE, (y + 1) * SIDE));
      assert.ok(y >= 16 && y < 48 ? Math.abs(shown - 48) <= 1 : shown === 0, `row ${y}: ${shown} pixels`);
    }
    assert.is(count(artefacts), 0);
  });
  test("keeps what is drawn into the field", () => {
    const image = speckle(256, 256, rngOf(2));
    // a caliper's cross, two pixels wide
    for (const k of range(17))
      for (const w of [0, 1]) image.pixels[(120 + k) * 256 + 128 + w] = image.pixels[(128 + w) * 256 + 120 + k] = 255;
    const { field, artefacts } = frameFieldsOf(image, SIDE);
    assert.is(count(field), SIDE * SIDE);
    const marked = range(SIDE * SIDE).filter((i) => artefacts[i] === 1);
    assert.ok(marked.length >= 4, `${marked.length} pixels`);
    for (const i of marked) assert.ok(Math.hypot((i % SIDE) - 32, Math.floor(i / SIDE) - 32) < 4);
  });
});
