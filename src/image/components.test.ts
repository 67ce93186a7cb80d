import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { goldenCases } from "../testing/golden.ts";
import { range, rngOf } from "../util/rng.ts";
import { componentsOf } from "./components.ts";

interface Inputs {
  mask: number[][];
}
interface Expected {
  labels4: number[][];
  count4: number;
  areas4: number[];
  labels8: number[][];
  count8: number;
  areas8: number[];
}

const maskOf = (rows: number[][]) => ({ width: rows[0].length, height: rows.length, pixels: Uint8Array.from(rows.flat()) });

describe("componentsOf", (test) => {
  for (const { name, inputs, expected } of goldenCases<Inputs, Expected>(
    new URL("fixtures/image.json", import.meta.url),
    "connected_components",
  ))
    test(`labels, counts and areas of ${name} are scipy's`, () => {
      for (const connectivity of [4, 8] as const) {
        const { count, labels, areas } = componentsOf(maskOf(inputs.mask), connectivity);
        assert.is(count, expected[`count${connectivity}`]);
        assert.equal([...labels], expected[`labels${connectivity}`].flat());
        assert.equal([...areas], expected[`areas${connectivity}`]);
      }
    });
  test("equals a flood fill on random masks, 20 seeds", () => {
    for (const seed of range(20)) {
      const rng = rngOf(seed);
      const mask = { width: 13, height: 11, pixels: Uint8Array.from({ length: 143 }, () => (rng.next() < 0.5 ? 1 : 0)) };
      for (const connectivity of [4, 8] as const) assert.equal([...componentsOf(mask, connectivity).labels], floodFill(mask, connectivity));
    }
  });
  test("an empty mask has none, and a full one has one", () => {
    assert.is(componentsOf({ width: 3, height: 3, pixels: new Uint8Array(9) }, 8).count, 0);
    assert.equal([...componentsOf({ width: 3, height: 3, pixels: new Uint8Array(9).fill(1) }, 4).areas], [9]);
  });
});

/** Labels by filling from each pixel that has none, in raster order. */
function floodFill({ width, height, pixels }: { width: number; height: number; pixels: Uint8Array }, connectivity: 4 | 8): number[] {
  const labels = Array.from(pixels, () => 0);
  let count = 0;
  const fill = (x: number, y: number): void => {
    if (x < 0 || y < 0 || x >= width || y >= height || !pixels[y * width + x] || labels[y * width + x]) return;
    labels[y * width + x] = count;
    for (const dy of [-1, 0, 1])
      for (const dx of [-1, 0, 1]) if (Math.abs(dx) + Math.abs(dy) <= (connectivity === 4 ? 1 : 2)) fill(x + dx, y + dy);
  };
  for (let i = 0; i < labels.length; i++)
    if (pixels[i] && !labels[i]) {
      count++;
      fill(i % width, Math.floor(i / width));
    }
  return labels;
}
