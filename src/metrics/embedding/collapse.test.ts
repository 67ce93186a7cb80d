/** @file Verdicts on embeddings made for the purpose: collapsed ones are called so, spread ones are not, and the advice names the cure. */
import * as assert from "uvu/assert";
import { describe } from "../../testing/describe.ts";
import { range, rngOf } from "../../util/rng.ts";
import { collapseVerdict, type EmbeddingHealth } from "./collapse.ts";
import { embeddingStd } from "./embedding-std.ts";
import { rankMe } from "./rank-me.ts";

const [N, D] = [120, 16];

/** Measures rows that `row` makes of standard normal numbers. */
function measure(row: (noise: number[]) => number[], over: Partial<EmbeddingHealth> = {}, seed = 1) {
  const rng = rngOf(seed, "collapse.test");
  const rows = range(N).map(() => row(range(D).map(() => rng.normal())));
  return collapseVerdict({ std: embeddingStd(rows), rankMe: rankMe(rows), n: N, d: D, ...over });
}
const swav = (loss: number, occupancy: number) => ({ prototypes: { loss, count: 100, occupancy } });

describe("collapseVerdict", (test) => {
  test("calls spread embeddings fine, 20 seeds", () => {
    for (const seed of range(20)) {
      const { collapsed, advice } = measure((noise) => noise, {}, seed);
      assert.not(collapsed);
      assert.match(advice, /^Embeddings are well apart \((9\d|10\d) % of an even spread, 15\.\d of 16 dimensions\): nothing to do\.$/);
    }
  });
  test("calls one point collapsed, however long its vectors", () => {
    const { collapsed, advice } = measure((noise) => noise.map((x) => 100 + x));
    assert.ok(collapsed);
    assert.match(advice, /^Nearly all images have one embedding, or one of two \(1 % of an even spread\): halve the learning rate/);
  });
  test("calls one line collapsed, although its two ends are far apart, along an axis or across all", () => {
    const lines = [
      measure((noise) => noise.map((x, j) => (j === 0 ? 10 * Math.sign(x) : 0.01 * x))),
      measure((noise) => noise.map((x) => 10 * Math.sign(noise[0]) + 0.01 * x)),
    ];
    for (const { collapsed, advice } of lines) {
      assert.ok(collapsed);
      assert.match(advice, /use 1\.\d of 16 dimensions: the task is solved by one feature/);
    }
  });
  test("calls a cone and few dimensions no collapse, and says what would widen them", () => {
    const cone = measure((noise) => noise.map((x) => 2.5 + x));
    assert.not(cone.collapsed);
    assert.match(cone.advice, /narrow cone \(3\d % of an even spread\)/);
    const flat = collapseVerdict({ std: 0.05, d: 256, n: 500, rankMe: 12 });
    assert.not(flat.collapsed);
    assert.match(flat.advice, /use only 12\.0 of 256 dimensions: stronger augmentation/);
  });
  test("calls SwAV at ln k, and few prototypes for all images, collapsed", () => {
    const chance = measure((noise) => noise, swav(4.6, 0.9));
    assert.ok(chance.collapsed);
    assert.match(chance.advice, /loss \(4\.60\) has not left ln 100 = 4\.61, which is chance: lower epsilon \(0\.03, then 0\.02\)/);
    const few = measure((noise) => noise, swav(3, 0.05));
    assert.ok(few.collapsed);
    assert.match(few.advice, /A handful of 100 prototypes/);
    assert.not(measure((noise) => noise, swav(3, 0.9)).collapsed);
  });
  test("waits for a quarter of the run, unless embeddings are not finite", () => {
    const early = measure((noise) => noise.map((x) => 100 + x), { progress: 0.2 });
    assert.not(early.collapsed);
    assert.match(early.advice, /^Too early to tell: 20 % of the run are done\.$/);
    const broken = collapseVerdict({ std: NaN, d: 4, n: 9, rankMe: NaN, progress: 0 });
    assert.ok(broken.collapsed);
    assert.match(broken.advice, /not finite: lower the learning rate/);
  });
});
