import { readFileSync } from "node:fs";
import * as assert from "uvu/assert";
import { assertClose } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import { range } from "../../util/rng.ts";
import { owenScramble, scramblesOf } from "./owen.ts";
import { sobolPoint } from "./sequence.ts";

interface Golden {
  sobol: { index: number[]; points: number[][] };
}
const { sobol } = JSON.parse(readFileSync(new URL("../fixtures/golden.json", import.meta.url), "utf8")) as Golden;

describe("sobolPoint", (test) => {
  test("equals scipy's in all 64 dimensions", () =>
    sobol.index.forEach((index, i) => assertClose(sobolPoint(index, 64), sobol.points[i], { atol: 0 }, `point ${index}`)));

  for (const scramble of [false, true])
    test(`${scramble ? "scrambled" : "plain"}: 64 points in two dimensions put one in every cell of every 2^a × 2^b grid of 64 cells`, () => {
      for (const seed of range(scramble ? 10 : 1)) {
        const points = range(64).map((i) => sobolPoint(i, 2, scramble ? scramblesOf(seed, 2) : undefined));
        for (const a of range(7)) {
          const cells = points.map(([x, y]) => Math.floor(x * 2 ** a) * 2 ** (6 - a) + Math.floor(y * 2 ** (6 - a)));
          assert.is(new Set(cells).size, 64, `seed ${seed}, 2^${a} columns`);
        }
      }
    });

  test("scrambled, a point is uniform over seeds", () => {
    // mean 1/2 and variance 1/12 over 2,000 seeds: standard error of the mean 0.0065
    const first = range(2000).map((seed) => sobolPoint(0, 1, scramblesOf(seed, 1))[0]);
    const mean = first.reduce((sum, x) => sum + x / 2000, 0);
    assertClose(mean, 0.5, { atol: 0.02 });
    assertClose(
      first.reduce((sum, x) => sum + (x - mean) ** 2 / 2000, 0),
      1 / 12,
      { atol: 0.006 },
    );
  });

  test("refuses an index that is not one, and too many dimensions", () => {
    assert.throws(() => sobolPoint(-1, 1), /index must be an integer from 0 to 2\^32 - 1, got -1/);
    assert.throws(() => sobolPoint(0, 65), /dimensions must be at most 64, got 65/);
  });
});

describe("owenScramble", (test) => {
  test("keeps equal leading bits equal and flips the next by a coin of its own", () => {
    for (const seed of scramblesOf(3, 50)) {
      const [a, b] = [0b1011 * 2 ** 28, 0b1010 * 2 ** 28].map((x) => owenScramble(x, seed));
      assert.is(a >>> 29, b >>> 29, "three equal bits stay equal");
      assert.is.not((a >>> 28) & 1, (b >>> 28) & 1, "the fourth stays different");
    }
  });
});
