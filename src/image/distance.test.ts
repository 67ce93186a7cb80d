import * as assert from "uvu/assert";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { goldenCases } from "../testing/golden.ts";
import { range, rngOf } from "../util/rng.ts";
import { squaredDistances } from "./distance.ts";

interface Expected {
  edt: number[][];
  edt_squared: number[][];
  edt_anisotropic: number[][];
}

describe("squaredDistances", (test) => {
  for (const { name, inputs, expected, params } of goldenCases<{ mask: number[][] }, Expected>(
    new URL("fixtures/image.json", import.meta.url),
    "distance_transform",
  ))
    test(`of ${name} is scipy's, with equal and unequal spacing`, () => {
      const mask = { width: inputs.mask[0].length, height: inputs.mask.length, pixels: Uint8Array.from(inputs.mask.flat()) };
      assertClose(squaredDistances(mask), expected.edt_squared, { atol: 0 });
      assertClose(squaredDistances(mask).map(Math.sqrt), expected.edt, { rtol: 1e-10 });
      assert.equal(params.sampling_anisotropic, [1, 0.5]);
      assertClose(squaredDistances(mask, [1, 0.5]).map(Math.sqrt), expected.edt_anisotropic, { rtol: 1e-10 });
    });
  test("equals the search over all 0 pixels, 20 seeds", () => {
    for (const seed of range(20)) {
      const rng = rngOf(seed);
      const [width, height] = [1 + rng.int(17), 1 + rng.int(17)];
      const pixels = Uint8Array.from({ length: width * height }, () => (rng.next() < 0.9 ? 1 : 0));
      const spacing: [number, number] = [0.5 + rng.next(), 0.5 + rng.next()];
      const naive = Array.from(pixels, (_, i) => {
        let best = Infinity;
        for (let j = 0; j < pixels.length; j++) {
          if (pixels[j]) continue;
          const dy = (Math.floor(i / width) - Math.floor(j / width)) * spacing[0];
          const dx = ((i % width) - (j % width)) * spacing[1];
          best = Math.min(best, dx * dx + dy * dy);
        }
        return best;
      });
      assertClose(squaredDistances({ width, height, pixels }, spacing), naive, { rtol: 1e-12, atol: 1e-12 }, `seed ${seed}`);
    }
  });
  test("is infinite everywhere where there is no background", () => {
    assert.ok(squaredDistances({ width: 4, height: 3, pixels: new Uint8Array(12).fill(1) }).every((d) => d === Infinity));
  });
});
