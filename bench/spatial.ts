/**
 * @file Time of the permutation tests on one map, by its size: one core, normal noise, queen neighbours. Markdown.
 * `npm run bench -- spatial`. Per line: one map to warm up, then 7 rounds of at least 100 ms; median and range of the processor time.
 */
import { hotSpots } from "../src/spatial/hot-spots.ts";
import { getisOrdPermutation, moranPermutation } from "../src/spatial/permutation.ts";
import type { Grid } from "../src/spatial/grid.ts";
import { noiseMap } from "../src/testing/nulls.ts";
import { range, rngOf } from "../src/util/rng.ts";

const options = (seed: number) => ({ neighbours: "queen" as const, permutations: 999, alpha: 0.05, rng: rngOf(seed, "bench") });
const tests: Record<string, (map: Grid, seed: number) => unknown> = {
  "Moran's I, 999 permutations": (map, seed) => moranPermutation(map, options(seed)),
  "Gi*, 999 permutations": (map, seed) => getisOrdPermutation(map, options(seed)),
  "hot spots (Gi*, n/.05 permutations where that is more)": (map, seed) => hotSpots(map, options(seed)),
};
const milliseconds = () => process.cpuUsage().user / 1000;

console.log("| test | map | ms a map | range | µs a cell |\n|---|---|---|---|---|");
for (const [name, test] of Object.entries(tests))
  for (const side of [8, 16, 32, 64]) {
    const maps = range(20).map((seed) => noiseMap(rngOf(seed, "map"), side));
    test(maps[0], 0);
    const rounds = range(7).map(() => {
      const start = milliseconds();
      let count = 0;
      for (; milliseconds() - start < 100; count++) test(maps[count % 20], count);
      return (milliseconds() - start) / count;
    });
    const [least, median, most] = [0, 3, 6].map((at) => rounds.sort((a, b) => a - b)[at]) as [number, number, number];
    console.log(
      `| ${name} | ${side}×${side} | ${median.toFixed(2)} | ${least.toFixed(2)}–${most.toFixed(2)} | ${((1000 * median) / side ** 2).toFixed(1)} |`,
    );
  }
