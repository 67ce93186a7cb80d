/**
 * @file Error rates of map tests where cells are independent, and the reason why they run on native cells: the same noise, enlarged for
 * the eye, is "significant" nearly always.
 */
import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { noiseMap, spatialNulls, upsampled } from "../testing/nulls.ts";
import { assertTypeOne, binomialBand } from "../testing/type-one.ts";
import { range, rngOf } from "../util/rng.ts";
import { hotSpots } from "./hot-spots.ts";
import { moranPermutation } from "./permutation.ts";

describe("type-I error of map tests", (test) => {
  // 39 permutations: a doubled tail is ≤ .05 at one of 40, so the level is exact where there are no ties; hot spots take as many as they need
  for (const { test: name, under, conservative, pOf } of spatialNulls(39))
    test(`${name} rejects at .05 at most about 5 times in 100: ${under}`, () => {
      assertTypeOne(400, pOf, { conservative });
    });
});

describe("pixels of an enlarged map are not cells", (test) => {
  const options = (seed: number) => ({ neighbours: "rook" as const, permutations: 39, alpha: 0.05, rng: rngOf(seed, "enlarged") });
  const maps = range(20).map((seed) => noiseMap(rngOf(seed, "native"), 8));

  test("noise on 8×8 cells, laid over 64×64 pixels, has Moran's I near 1 and p at its floor every time", () => {
    for (const [seed, map] of maps.entries()) {
      const { i, p } = moranPermutation(upsampled(map, 8), options(seed));
      assert.ok(i > 0.95, `I ${i}`);
      assert.is(p, 2 / 40);
    }
    const native = maps.filter((map, seed) => moranPermutation(map, options(seed)).p <= 0.05).length;
    assert.ok(native <= binomialBand(20, 0.05).most, `${native} of 20 native maps`);
  });

  test("and hot spots, where its native cells have none", () => {
    const found = (enlarge: boolean) =>
      maps.slice(0, 5).filter((map, seed) => hotSpots(enlarge ? upsampled(map, 8) : map, options(seed)).spots.length > 0).length;
    assert.is(found(true), 5);
    assert.is(found(false), 0);
  });
});
