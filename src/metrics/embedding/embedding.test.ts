/** @file Metrics of embeddings against golden values, closed forms and naive loops. */
import { readFileSync } from "node:fs";
import * as assert from "uvu/assert";
import { assertClose, type Tolerance } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import { range, rngOf } from "../../util/rng.ts";
import { alignment, uniformity } from "./alignment-uniformity.ts";
import { embeddingStd } from "./embedding-std.ts";
import { knnAuroc, knnPredict } from "./knn.ts";
import { prototypeOccupancy } from "./prototype-occupancy.ts";
import { rankMe } from "./rank-me.ts";

interface Golden {
  name: string;
  inputs: Record<"Z" | "z0" | "z1" | "bank" | "queries", number[][]> & { bank_labels: number[] };
  params: Record<"alpha" | "t" | "k" | "temperature" | "classes", number>;
  expected: Record<"rankme" | "std_of_l2_normalized" | "alignment" | "uniformity_z0" | "uniformity_z1" | "hypersphere_loss", number> & {
    top1: number[];
    probabilities: number[][];
  };
  tolerance: { f64: Tolerance };
}
const cases = JSON.parse(readFileSync(new URL("fixtures/golden.json", import.meta.url), "utf8")) as Golden[];
const of = (name: string) => cases.filter((one) => one.name.startsWith(name));

/** Normal embeddings [n][d] from a stream of their own. */
const draw = (n: number, d: number, seed = 1): number[][] => {
  const rng = rngOf(seed, "embedding.test");
  return range(n).map(() => range(d).map(() => rng.normal()));
};

describe("embeddingStd and rankMe", (test) => {
  for (const { name, inputs, expected, tolerance } of of("embedding_rank"))
    test(`equal the golden values of ${name}`, () => {
      assertClose(embeddingStd(inputs.Z), expected.std_of_l2_normalized, tolerance.f64, "std");
      assertClose(rankMe(inputs.Z), expected.rankme, tolerance.f64, "rankMe");
    });

  test("are 1/√d and d for the axes in both directions", () => {
    const axes = range(8).flatMap((i) => [1, -1].map((sign) => range(8).map((j) => (i === j ? sign : 0))));
    assertClose(embeddingStd(axes), Math.sqrt(16 / 15 / 8), { rtol: 1e-12 }); // 16/15: the divisor n - 1
    assertClose(rankMe(axes), 8, { rtol: 1e-5 }); // 1e-5: the paper's 1e-7 beside each share
  });
  test("are 0 and 1 where all embeddings are one, or zero", () => {
    for (const row of [
      [1, 2, 3],
      [0, 0, 0],
    ]) {
      assertClose(embeddingStd(range(5).map(() => row)), 0, { atol: 1e-12 });
      assertClose(rankMe(range(5).map(() => row)), 1, { atol: 1e-4 });
    }
  });
  test("are NaN where a value is, instead of never ending", () => {
    assert.ok(Number.isNaN(rankMe([...draw(4, 3), [1, NaN, 0]])));
    assert.ok(Number.isNaN(embeddingStd([...draw(4, 3), [1, NaN, 0]])));
  });
  test("take wide matrices, whose rank is at most n", () => {
    assert.ok(rankMe(draw(4, 30)) <= 4.001 && rankMe(draw(4, 30)) > 3);
  });
  test("name too few embeddings and mixed widths", () => {
    assert.throws(() => embeddingStd([[1]]), /embeddingStd: there must be 2 embeddings or more, got 1/);
    assert.throws(() => rankMe([[1], [1, 2]]), /rankMe: embeddings must have one width, got 1 and 2/);
  });
});

describe("alignment and uniformity", (test) => {
  for (const { name, inputs, params, expected, tolerance } of of("alignment_uniformity"))
    test(`equal the golden values of ${name}`, () => {
      const near = alignment(inputs.z0, inputs.z1, params.alpha);
      const even = [inputs.z0, inputs.z1].map((rows) => uniformity(rows, params.t));
      assertClose(near, expected.alignment, tolerance.f64, "alignment");
      assertClose(even, [expected.uniformity_z0, expected.uniformity_z1], tolerance.f64, "uniformity");
      assertClose(near + (even[0] + even[1]) / 2, expected.hypersphere_loss, tolerance.f64, "their sum as a loss");
    });

  test("are 0 where all is one, and 4 and -4t where two points face each other", () => {
    const one = range(3).map(() => [2, 0]);
    assertClose([alignment(one, one), uniformity(one)], [0, 0], {});
    assertClose(
      [
        alignment([[1, 0]], [[-5, 0]]),
        uniformity([
          [1, 0],
          [-3, 0],
        ]),
      ],
      [4, -8],
      { rtol: 1e-12 },
    );
  });
});

describe("prototypeOccupancy", (test) => {
  test("is 1 where all prototypes have as many images, 0 where one has all", () => {
    const to = (prototype: number) => range(4).map((k) => (k === prototype ? 0.9 : 0.1));
    assert.equal(prototypeOccupancy([0, 1, 2, 3, 0, 1, 2, 3].map(to)), { entropy: 1, used: 4, largest: 0.25 });
    assert.equal(prototypeOccupancy([2, 2, 2].map(to)), { entropy: 0, used: 1, largest: 1 });
    assertClose(prototypeOccupancy([0, 1].map(to)).entropy, 0.5, { rtol: 1e-12 }); // ln 2 / ln 4
    assert.throws(() => prototypeOccupancy([[1]]), /prototypeOccupancy: there must be 2 prototypes or more, got 1/);
  });
});

describe("knnPredict", (test) => {
  for (const { name, inputs, params, expected, tolerance } of of("knn_weighted_vote"))
    test(`equals the golden votes of ${name}`, () => {
      const bank = { rows: inputs.bank, labels: inputs.bank_labels };
      const shares = knnPredict(bank, inputs.queries, params, params.classes);
      assertClose(
        shares.flatMap((share) => [...share]),
        expected.probabilities,
        tolerance.f64,
      );
      assert.equal(
        shares.map((share) => share.indexOf(Math.max(...share))),
        expected.top1,
      );
    });

  test("stays finite at a temperature where exp(cosine/temperature) is not", () => {
    const [share] = knnPredict(
      {
        rows: [
          [1, 0],
          [0, 1],
        ],
        labels: [0, 1],
      },
      [[1, 0]],
      { k: 2, temperature: 1e-4 },
      2,
    );
    assert.equal([...share], [1, 0]);
  });
  test("names wrong settings", () => {
    const bank = { rows: draw(3, 2), labels: [0, 1, 0] };
    assert.throws(() => knnPredict(bank, [[1, 2]], { k: 0, temperature: 1 }, 2), /knnPredict: k must be 1 or more, got 0/);
    assert.throws(() => knnPredict(bank, [[1, 2]], { k: 1, temperature: 0 }, 2), /knnPredict: temperature must be > 0, got 0/);
    assert.throws(() => knnPredict({ ...bank, labels: [1] }, [[1, 2]], { k: 1, temperature: 1 }, 2), /one label an embedding, got 1 and 3/);
  });
});

describe("knnAuroc", (test) => {
  test("is 1 for classes apart, and near 1/2 on average where labels mean nothing", () => {
    const options = { k: 5, temperature: 0.1 };
    const apart = (n: number, seed: number) => ({
      rows: draw(n, 4, seed).map((row, i) => [...row, i % 2 ? 30 : -30]),
      labels: range(n).map((i) => i % 2),
    });
    const queries = apart(10, 2);
    assert.is(knnAuroc(apart(20, 1), queries.rows, queries.labels, options), 1);
    const areas = range(40).map((seed) => {
      const labels = range(60).map((i) => i % 2);
      return knnAuroc({ rows: draw(60, 4, 100 + seed), labels }, draw(60, 4, 500 + seed), labels, options);
    });
    // one area of 30 against 30 has an sd of about 0.075; the mean of 40 of 0.012
    assertClose(areas.reduce((sum, area) => sum + area, 0) / 40, 0.5, { atol: 0.04 });
  });
});
