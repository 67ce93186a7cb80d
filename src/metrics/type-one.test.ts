/** @file Error rates of cohort tests where there is nothing to find, and what happens to one that forgets the groups. */
import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { groupedImages, metricNulls } from "../testing/nulls.ts";
import { assertTypeOne, binomialBand } from "../testing/type-one.ts";
import { range, rngOf } from "../util/rng.ts";
import { cliffsDeltaByLabel } from "./cliffs-delta.ts";
import { groupPermutation } from "./group-permutation.ts";

describe("type-I error of cohort tests", (test) => {
  // 39 permutations: p ≤ .05 means at most one of 39 as extreme, so the level is exactly 2/40
  for (const { test: name, under, conservative, pOf } of metricNulls(39))
    test(`${name} rejects at .05 about 5 times in 100: ${under}`, () => {
      assertTypeOne(400, pOf, { conservative });
    });

  test("permuting images as if each were a patient would reject far too often", () => {
    const { most } = binomialBand(200, 0.05);
    const rejections = range(200).filter((seed) => {
      const rng = rngOf(seed, "pseudo-replication");
      const { labels, shared, own } = groupedImages(rng, 40);
      return (
        groupPermutation({ values: shared.map((value) => value + own()), labels, statistic: cliffsDeltaByLabel, permutations: 39, rng })
          .p <= 0.05
      );
    }).length;
    assert.ok(rejections > 1.5 * most, `rejected ${rejections} of 200; a valid test stays below ${most}`);
  });
});

describe("binomialBand", (test) => {
  test("holds 99 % of the binomial distribution, and no more than it must", () => {
    const { least, most } = binomialBand(400, 0.05);
    // P(X = k) by recursion from logarithms
    let log = 400 * Math.log(0.95);
    const mass = range(401).map((k) => {
      const now = Math.exp(log);
      log += Math.log(((400 - k) / (k + 1)) * (0.05 / 0.95));
      return now;
    });
    const sum = (from: number, to: number) => mass.slice(from, to).reduce((a, b) => a + b, 0);
    assert.ok(sum(0, least) <= 0.005 && sum(0, least + 1) > 0.005);
    assert.ok(sum(most + 1, 401) <= 0.005 && sum(most, 401) > 0.005);
  });
});
