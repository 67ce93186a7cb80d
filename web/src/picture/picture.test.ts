/** @file The overlay's pixels, its legend and its outlines. */
import * as assert from "uvu/assert";
import { assertClose } from "../../../src/testing/close.ts";
import { describe } from "../../../src/testing/describe.ts";
import { COLOUR_MAPS, stepOf } from "./colour-maps.ts";
import { compose, enlarge, limitOf } from "./compose.ts";
import { legendOf } from "./legend.ts";
import { bytesOf, outlineOf, radiusOf } from "./shapes.ts";

const { diverging, magma, viridis, cividis } = COLOUR_MAPS;
const rgbAt = (table: Uint8Array, step: number): number[] => [...table.subarray(3 * step, 3 * step + 3)];

describe("COLOUR_MAPS", (test) => {
  test("hold the published end colours", () => {
    // matplotlib 3.10: magma(0), viridis(255), cividis(0), RdBu(0) and RdBu(255), in 0–255
    assert.equal(rgbAt(magma.table, 0), [0, 0, 4]);
    assert.equal(rgbAt(viridis.table, 255), [253, 231, 37]);
    assertClose(rgbAt(cividis.table, 0), [0, 34, 78], { atol: 6 }, "d3 approximates cividis by a polynomial:");
    assert.equal(
      [rgbAt(diverging.table, 255), rgbAt(diverging.table, 0)],
      [
        [103, 0, 31],
        [5, 48, 97],
      ],
    );
  });

  test("diverging: red for the positive class, blue against it, light at zero", () => {
    const [red, , blue] = rgbAt(diverging.table, stepOf("diverging", 0.8, 1));
    assert.ok(red! > blue!);
    const [red2, , blue2] = rgbAt(diverging.table, stepOf("diverging", -0.8, 1));
    assert.ok(blue2! > red2!);
    assert.ok(Math.min(...rgbAt(diverging.table, stepOf("diverging", 0, 1))) > 230);
  });

  test("sequential maps show strength and not sign", () => {
    for (const value of [0, 0.3, 1, 5]) assert.is(stepOf("sequential", value, 1), stepOf("sequential", -value, 1));
    assert.equal([stepOf("sequential", 9, 1), stepOf("diverging", -9, 1)], [255, 0]);
  });
});

describe("enlarge", (test) => {
  const grid = { rows: 1, columns: 2, values: [0, 1] };

  test("keeps cell centres and is linear between them", () => {
    // side 4: pixel centres at 1/8, 3/8, 5/8, 7/8; cell centres at 1/4, 3/4
    assertClose(enlarge(grid, 4, false).subarray(0, 4), [0, 0.25, 0.75, 1], { atol: 1e-7 });
  });

  test("native cells are squares", () => {
    assert.equal([...enlarge(grid, 4, true).subarray(0, 4)], [0, 0, 1, 1]);
  });

  test("at its own size a grid is itself, either way", () => {
    const values = Float32Array.from({ length: 25 }, (_, i) => Math.sin(i));
    for (const native of [true, false]) assertClose(enlarge({ rows: 5, columns: 5, values }, 5, native), values, { atol: 1e-7 });
  });
});

describe("compose", (test) => {
  const frame = { rows: 2, columns: 2, values: [0, 100, 200, 255] };
  const look = { colours: diverging, opacity: 1, limit: 1, native: true };

  test("shows the plain image where the map says nothing, or opacity is 0", () => {
    const grey = [0, 0, 0, 255, 100, 100, 100, 255, 200, 200, 200, 255, 255, 255, 255, 255];
    assert.equal([...compose(frame, { ...frame, values: [0, 0, 0, 0] }, look, 2)], grey);
    assert.equal([...compose(frame, { ...frame, values: [1, -1, 1, -1] }, { ...look, opacity: 0 }, 2)], grey);
  });

  test("shows the plain colour where the map saturates, and a mean half way", () => {
    const pixels = compose(frame, { ...frame, values: [1, -1, 0, 0.5] }, look, 2);
    assert.equal([...pixels.subarray(0, 3)], rgbAt(diverging.table, 255));
    assert.equal([...pixels.subarray(4, 7)], rgbAt(diverging.table, 0));
    const half = rgbAt(diverging.table, stepOf("diverging", 0.5, 1)).map((colour) => (255 + colour) / 2);
    assertClose(pixels.subarray(12, 15), half, { atol: 0.5 });
  });
});

describe("limitOf", (test) => {
  test("is not moved by one outlier, and is 1 for an empty map", () => {
    const values = Array.from({ length: 256 }, (_, i) => (i % 2 ? 1 : -1));
    assert.is(limitOf(values), 1);
    assert.is(limitOf([...values.slice(1), 1000]), 1);
    assert.is(limitOf([0, 0]), 1);
  });
});

describe("legendOf", (test) => {
  test("spans -limit to limit for signed maps and 0 to limit for strength, in raw numbers", () => {
    assert.equal(
      legendOf(diverging, 0.02, 1).ticks.map((tick) => tick.label),
      ["−0.02", "−0.01", "0", "0.01", "0.02"],
    );
    assert.equal(
      legendOf(magma, 4e-5, 1).ticks.map((tick) => tick.label),
      ["0", "2e−5", "4e−5"],
    );
  });

  test("has the overlay's own colours and opacities", () => {
    const { stops } = legendOf(diverging, 3, 0.6);
    const [first, middle, last] = [stops[0]!, stops[stops.length >> 1]!, stops.at(-1)!];
    assert.equal([first.opacity, middle.opacity, last.opacity], [0.6, 0, 0.6]);
    assert.is(last.colour, `rgb(${rgbAt(diverging.table, 255).join(", ")})`);
  });
});

describe("shapes", (test) => {
  test("base64 becomes its bytes", () => {
    assert.equal([...bytesOf("AAEC/w==")], [0, 1, 2, 255]);
  });

  test("an outline goes around the ones, half a pixel from their centres", () => {
    const mask = new Uint8Array(25);
    mask[12] = 1; // the middle of 5 × 5
    const numbers = outlineOf(mask, 5)
      .match(/[\d.]+/g)!
      .map(Number);
    assert.equal([Math.min(...numbers), Math.max(...numbers)], [2, 3]);
    assert.is(outlineOf(new Uint8Array(25), 5), "");
  });

  test("a hot spot's disc has its area", () => {
    assertClose(Math.PI * radiusOf(0.1, 64) ** 2, 0.1 * 64 * 64, { rtol: 1e-12 });
  });
});
