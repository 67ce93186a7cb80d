/** @file Group bootstrap, group permutation and the comparison of two models: oracles, and error rates where groups matter. */
import * as assert from "uvu/assert";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { goldenCases } from "../testing/golden.ts";
import { equalModels } from "../testing/nulls.ts";
import { range, rngOf, type Rng } from "../util/rng.ts";
import { auroc } from "./auroc.ts";
import { cliffsDeltaByLabel } from "./cliffs-delta.ts";
import { compareAurocs, compareMeanAurocs, swapPermutation } from "./compare-aurocs.ts";
import { bootstrapDistribution, groupBootstrap, pick } from "./group-bootstrap.ts";
import { groupPermutation } from "./group-permutation.ts";
import { mean, median } from "./moments.ts";
import { midranks } from "./ranks.ts";

const file = new URL("./fixtures/golden-stats.json", import.meta.url);

/** A stream that deals the given integers out. */
function dealing(integers: number[]): Rng {
  const left = [...integers];
  return { next: () => 0, int: () => left.shift()!, normal: () => 0 };
}

describe("groupBootstrap", (test) => {
  test("equals the reference cluster bootstrap, draw by draw", () => {
    type Inputs = { cluster: number[]; y: number[]; score: number[]; cluster_index: number[][] };
    type Expected = { mean_distribution: number[]; mean_ci: number[]; auroc: number; auroc_distribution: number[]; auroc_ci: number[] };
    for (const { inputs, expected } of goldenCases<Inputs, Expected>(file, "cluster_bootstrap")) {
      // the reference draws cluster ids; ours draws positions in order of first appearance
      const seen = [...new Set(inputs.cluster)];
      const options = () => ({
        groups: inputs.cluster,
        bootstraps: 60,
        rng: dealing(inputs.cluster_index.flat().map((id) => seen.indexOf(id))),
      });
      const area = (rows: Int32Array) => auroc(pick(inputs.y, rows), pick(inputs.score, rows));
      assertClose(bootstrapDistribution({ ...options(), statistic: area }).values, expected.auroc_distribution, { rtol: 1e-9 });
      assertClose(
        bootstrapDistribution({ ...options(), statistic: (rows) => mean(pick(inputs.score, rows)) }).values,
        expected.mean_distribution,
        { rtol: 1e-9 },
      );
      const { estimate, low, high } = groupBootstrap({ ...options(), statistic: area });
      assertClose([estimate, low, high], [expected.auroc, ...expected.auroc_ci], { rtol: 1e-9 });
    }
  });

  test("equals the reference percentile interval of a mean and a median, each case a group", () => {
    type Inputs = { x: number[]; index: number[][] };
    for (const { name, inputs, expected } of goldenCases<Inputs, { theta: number; percentile_ci: number[] }>(file, "bootstrap")) {
      const of = name.endsWith("mean") ? mean : median;
      const { estimate, low, high } = groupBootstrap({
        groups: range(inputs.x.length),
        statistic: (rows) => of(pick(inputs.x, rows)),
        bootstraps: inputs.index.length,
        rng: dealing(inputs.index.flat()),
      });
      assertClose([estimate, low, high], [expected.theta, ...expected.percentile_ci], { rtol: 1e-8, atol: 1e-10 }, name);
    }
  });

  test("keeps all rows of a group together and the number of groups of each kind", () => {
    const groups = ["a", "a", "b", "c", "c", "d", "e"];
    const labels = [0, 0, 0, 1, 0, 1, 1]; // a and b are 0, c is mixed, d and e are 1
    bootstrapDistribution({
      groups,
      labels,
      bootstraps: 50,
      rng: rngOf(1, "strata"),
      statistic: (rows) => {
        const count = (group: string) => Array.from(rows).filter((row) => groups[row] === group).length;
        assert.is(count("a") / 2 + count("b"), 2);
        assert.is(count("c"), 2);
        assert.is(count("d") + count("e"), 2);
        return 0;
      },
    });
  });

  test("is wider than a bootstrap over images where images of a group are copies", () => {
    const rng = rngOf(3, "copies");
    const values = range(30).map(() => rng.normal());
    const rows = range(120).map((i) => values[i % 30]);
    const width = (groups: number[]) => {
      const { low, high } = groupBootstrap({
        groups,
        statistic: (drawn) => mean(pick(rows, drawn)),
        bootstraps: 400,
        rng: rngOf(4, "width"),
      });
      return high - low;
    };
    const ratio = width(range(120).map((i) => i % 30)) / width(range(120));
    assert.ok(ratio > 1.7 && ratio < 2.3, `ratio ${ratio}, expected near √4`);
  });

  test("redraws resamples without both classes and counts them; gives up where hardly any has them", () => {
    const labels = [1, 0, 0, 0];
    const options = { groups: [0, 1, 2, 3], statistic: (rows: Int32Array) => auroc(pick(labels, rows), rows), bootstraps: 200 };
    const { values, redrawn } = bootstrapDistribution({ ...options, rng: rngOf(5, "redraw") });
    assert.ok(values.every(Number.isFinite) && redrawn > 30 && redrawn < 150, `redrawn ${redrawn}, expected near 200·q/(1-q) with q = .32`);
    assert.is(bootstrapDistribution({ ...options, labels, rng: rngOf(5, "redraw") }).redrawn, 0);
    assert.throws(() => bootstrapDistribution({ ...options, statistic: () => NaN, rng: rngOf(5) }), /got NaN on 201 of 201/);
  });

  test("is NaN where the estimate is, and deterministic by seed", () => {
    const options = { groups: [1, 2, 3], bootstraps: 100 };
    assert.ok(Number.isNaN(groupBootstrap({ ...options, statistic: () => NaN, rng: rngOf(1) }).low));
    const statistic = (rows: Int32Array) => mean(rows);
    assert.equal(groupBootstrap({ ...options, statistic, rng: rngOf(1) }), groupBootstrap({ ...options, statistic, rng: rngOf(1) }));
  });

  test("covers the mean of 40 groups in about 95 of 100 samples", () => {
    let covered = 0;
    for (const seed of range(300)) {
      const rng = rngOf(seed, "cover");
      const effect = range(40).map(() => rng.normal());
      const groups = range(120).map((i) => i % 40);
      const values = groups.map((group) => effect[group] + 0.5 * rng.normal());
      const { low, high } = groupBootstrap({ groups, statistic: (rows) => mean(pick(values, rows)), bootstraps: 199, rng });
      covered += low <= 0 && 0 <= high ? 1 : 0;
    }
    assert.ok(covered / 300 > 0.9 && covered / 300 < 0.98, `covered ${covered} of 300`);
  });
});

describe("groupPermutation", (test) => {
  const meanDifference = (labels: ArrayLike<number>, values: ArrayLike<number>) => {
    const [sums, counts] = [
      [0, 0],
      [0, 0],
    ];
    for (let i = 0; i < labels.length; i++) {
      sums[labels[i]] += values[i];
      counts[labels[i]]++;
    }
    return sums[1] / counts[1] - sums[0] / counts[0];
  };

  test("enumerates small spaces: Fisher's extreme arrangement of 3 + 3 has p = 2/20", () => {
    const { observed, p } = groupPermutation({
      values: [1, 2, 3, 10, 11, 12],
      labels: [0, 0, 0, 1, 1, 1],
      statistic: meanDifference,
      permutations: 999,
      rng: rngOf(1),
    });
    assert.is(observed, 9);
    assert.is(p, 0.1);
  });

  test("samples large spaces near the exact p, never 0", () => {
    const values = range(14).map((i) => Math.sqrt(i * 7919) % 1);
    const labels = range(14).map((i) => (values[i] + ((i * 31) % 7) / 3 > 1.4 ? 1 : 0));
    const options = { values, labels, statistic: meanDifference, rng: rngOf(2, "sampled") };
    const exact = groupPermutation({ ...options, permutations: 5000 }).p;
    const sampled = groupPermutation({ ...options, permutations: 2000 }).p;
    assert.ok(exact > 0.02 && exact < 0.5, `exact ${exact}`);
    assertClose(sampled, exact, { atol: 4 * Math.sqrt((exact * (1 - exact)) / 2000) });
    const apart = groupPermutation({
      values: range(40),
      labels: range(40).map((i) => (i < 20 ? 0 : 1)),
      statistic: cliffsDeltaByLabel,
      permutations: 99,
      rng: rngOf(3),
    });
    assert.is(apart.p, 0.01);
  });

  test("counts ties in spite of rounding: equal values give p = 1", () => {
    const options = { labels: range(30).map((i) => i % 2), statistic: meanDifference, permutations: 199, rng: rngOf(4) };
    assert.is(groupPermutation({ ...options, values: range(30).map(() => 0.1) }).p, 1);
  });

  test("gives p = 1 where only one class is there", () => {
    const { observed, p } = groupPermutation({
      values: [1, 2, 3],
      labels: [1, 1, 1],
      statistic: cliffsDeltaByLabel,
      permutations: 99,
      rng: rngOf(1),
    });
    assert.ok(Number.isNaN(observed) && p === 1);
  });

  test("is symmetric in the classes", () => {
    const values = [0.3, 0.9, 0.1, 0.4, 0.8, 0.7, 0.2];
    const labels = [0, 1, 0, 0, 1, 1, 0];
    const p = (dealt: number[]) =>
      groupPermutation({ values, labels: dealt, statistic: cliffsDeltaByLabel, permutations: 999, rng: rngOf(1) }).p;
    assert.is(p(labels), p(labels.map((label) => 1 - label)));
  });
});

/** Two models on groups of 1–3 images; the first sees the class better by `advantage`. */
function twoModels(seed: number, { advantage = 0, groups = 40 } = {}) {
  const { labels, a, ...rest } = equalModels(rngOf(seed, "models"), groups, 1);
  return { ...rest, labels, a: a.map((score, i) => score + advantage * labels[i]) };
}

describe("compareAurocs", (test) => {
  test("equals enumeration by hand for three groups", () => {
    const { observed, p } = swapPermutation({
      labels: [0, 1, 1],
      groups: [0, 1, 2],
      a: [1, 2, 3],
      b: [2, 1, 3],
      permutations: 99,
      rng: rngOf(1),
    });
    assert.is(observed, 0.5);
    // AUROCs of (a, b): no swap 1 and .5; the first or the second group swapped .75 and .75; both .5 and 1; the third has equal ranks
    assert.is(p, 0.5);
  });

  test("gives p = 1 and a zero interval for a model against itself", () => {
    const { labels, groups, a } = twoModels(1);
    const { delta, p } = compareAurocs({ labels, groups, a, b: a, bootstraps: 100, permutations: 99, rng: rngOf(1) });
    assert.equal(delta, { estimate: 0, low: 0, high: 0 });
    assert.is(p, 1);
  });

  test("ranks a perfect model against a constant one at the floor of all 1,024 swaps", () => {
    const labels = range(10).map((i) => i % 2);
    const options = { labels, groups: range(10), a: labels.map((label, i) => label + i / 100), b: labels.map(() => 0.3), rng: rngOf(1) };
    assert.equal(swapPermutation({ ...options, permutations: 1023 }), { observed: 0.5, p: 2 / 1024 });
  });

  test("is undefined, with p = 1, where only one class is there", () => {
    const { delta, p } = compareAurocs({
      labels: [1, 1],
      groups: [0, 1],
      a: [1, 2],
      b: [2, 1],
      bootstraps: 50,
      permutations: 99,
      rng: rngOf(1),
    });
    assert.ok(Number.isNaN(delta.estimate) && Number.isNaN(delta.low) && p === 1);
  });

  test("turns its sign, not its p, when the models change places", () => {
    const { labels, groups, a, b } = twoModels(2, { groups: 9 });
    const options = { labels, groups, permutations: 999, rng: rngOf(1) };
    const [forth, back] = [swapPermutation({ ...options, a, b }), swapPermutation({ ...options, a: b, b: a })];
    assertClose(forth.observed, -back.observed, { atol: 1e-12 });
    assert.is(forth.p, back.p);
  });

  test("finds a better model", () => {
    const { labels, groups, a, b } = twoModels(3, { advantage: 3 });
    const { delta, p } = compareAurocs({ labels, groups, a, b, bootstraps: 200, permutations: 199, rng: rngOf(1) });
    assert.ok(delta.low > 0 && p <= 0.01, `delta ${JSON.stringify(delta)}, p ${p}`);
  });
});

describe("compareMeanAurocs", (test) => {
  const options = () => ({ bootstraps: 100, permutations: 199, rng: rngOf(1) });

  test("of equal repeats says what one of them says", () => {
    const { labels, groups, a, b } = twoModels(2);
    const one = compareAurocs({ labels, groups, a, b, ...options() });
    const { delta, p } = compareMeanAurocs({ labels, groups, a: [a, a, a], b: [b, b, b], ...options() });
    assertClose([delta.estimate, delta.low, delta.high], [one.delta.estimate, one.delta.low, one.delta.high], { atol: 1e-12 });
    assert.is(p, one.p);
  });

  test("swaps a group in all repeats together, over the groups' own spread: equal to a naive loop over all 64 swaps", () => {
    const rng = rngOf(7, "naive");
    const groups = range(15).map((i) => i % 6);
    const labels = range(15).map((i) => (i * 7) % 2);
    const drawn = (gain: number) => range(2).map(() => midranks(labels.map((label) => gain * label + rng.normal())));
    const [a, b] = [drawn(1), drawn(0.3)];
    /** 1, ½ or 0: does the positive i stand above the negative j? */
    const wins = (scores: ArrayLike<number>, i: number, j: number) => (Math.sign(scores[i] - scores[j]) + 1) / 2;
    const [positives, negatives] = [1, 0].map((label) => range(15).filter((i) => labels[i] === label));
    const score = (swapped: (row: number) => boolean): number => {
      const gain = (i: number, j: number) =>
        mean(
          a.map((_, repeat) => {
            const [first, second] = [0, 1].map((model) => range(15).map((row) => (swapped(row) === (model === 1) ? a : b)[repeat][row]));
            return wins(first, i, j) - wins(second, i, j);
          }),
        );
      const delta = mean(positives.flatMap((i) => negatives.map((j) => gain(i, j))));
      const ofGroup = range(6).map((group) => {
        const own = (rows: number[]) => rows.filter((row) => groups[row] === group);
        const above = own(positives).map((i) => (mean(negatives.map((j) => gain(i, j))) - delta) / positives.length);
        const below = own(negatives).map((j) => (mean(positives.map((i) => gain(i, j))) - delta) / negatives.length);
        return [...above, ...below].reduce((sum, value) => sum + value, 0);
      });
      return Math.abs(delta) / Math.sqrt(ofGroup.reduce((sum, value) => sum + value ** 2, 0));
    };
    const observed = score(() => false);
    const swaps = range(64).map((mask) => score((row) => ((mask >> groups[row]) & 1) === 1));
    const p = swaps.filter((other) => other >= observed - 1e-9).length / 64;
    assert.ok(p > 0.02 && p < 0.9);
    assertClose(compareMeanAurocs({ labels, groups, a, b, ...options() }).p, p, { atol: 1e-12 });
  });

  test("rejects equal kinds of models about 5 times in 100, though repeats share their images", () => {
    let rejected = 0;
    for (const seed of range(200)) {
      const rng = rngOf(seed, "repeats");
      const groups = range(60).map((i) => i % 20);
      const labels = groups.map((group) => group % 2);
      const ease = range(20).map(() => rng.normal());
      const scores = () => groups.map((group, i) => labels[i] + ease[group] + rng.normal());
      const kinds = { a: [scores(), scores(), scores()], b: [scores(), scores(), scores()] };
      rejected += compareMeanAurocs({ labels, groups, ...kinds, bootstraps: 1, permutations: 99, rng }).p <= 0.05 ? 1 : 0;
    }
    assert.ok(rejected >= 2 && rejected <= 20, `rejected ${rejected} of 200`);
  });
});
