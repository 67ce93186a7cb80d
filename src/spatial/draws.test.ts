/** @file The fast source of integers: even, and every draw without replacement equally likely. */
import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { range, rngOf } from "../util/rng.ts";
import { distinctDraws, fastIntegers, shuffleValues } from "./draws.ts";

/** Pearson's chi-squared of counts against equal expectation. */
function chiSquared(counts: number[]): number {
  const expected = counts.reduce((a, b) => a + b, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** How often each text comes. */
function tally(texts: string[]): number[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts.values()];
}

describe("fastIntegers", (test) => {
  test("are even, alone and in successive pairs", () => {
    const int = fastIntegers(rngOf(1, "even"));
    const draws = range(60_000).map(() => int(6));
    assert.ok(chiSquared(tally(draws.map(String))) < 20.5); // 99.9 % of χ²(5)
    const pairs = tally(range(30_000).map((i) => `${draws[2 * i]}${draws[2 * i + 1]}`));
    assert.is(pairs.length, 36);
    assert.ok(chiSquared(pairs) < 66.6); // 99.9 % of χ²(35)
  });

  test("are the same for the same stream and differ between streams", () => {
    const first = (name: string) => {
      const int = fastIntegers(rngOf(1, name));
      return range(5).map(() => int(1e6));
    };
    assert.equal(first("a"), first("a"));
    assert.not.equal(first("a"), first("b"));
  });

  test("do not repeat themselves when taken twice from one stream", () => {
    const rng = rngOf(2);
    const [a, b] = [fastIntegers(rng), fastIntegers(rng)];
    assert.not.equal(
      range(5).map(() => a(1e6)),
      range(5).map(() => b(1e6)),
    );
  });
});

describe("shuffleValues", (test) => {
  test("gives each of the 24 orders of four values equally often", () => {
    const int = fastIntegers(rngOf(3, "orders"));
    const orders = tally(range(24_000).map(() => shuffleValues(Float64Array.of(1, 2, 3, 4), int).join("")));
    assert.is(orders.length, 24);
    assert.ok(chiSquared(orders) < 49.7); // 99.9 % of χ²(23)
  });
});

describe("distinctDraws", (test) => {
  test("gives each ordered pair of five equally often, and never one cell twice", () => {
    const table = distinctDraws(5, 2, 20_000, rngOf(4, "pairs"));
    const pairs = tally(range(20_000).map((r) => table.subarray(2 * r, 2 * r + 2).join()));
    assert.is(pairs.length, 20);
    assert.ok(chiSquared(pairs) < 43.8); // 99.9 % of χ²(19)
  });

  test("can draw all there are", () => {
    assert.equal(
      [...distinctDraws(4, 4, 1, rngOf(5))].sort((a, b) => a - b),
      [0, 1, 2, 3],
    );
  });
});
