import * as assert from "uvu/assert";
import { auroc } from "../../src/metrics/auroc.ts";
import { compareAurocs } from "../../src/metrics/compare-aurocs.ts";
import { groupBootstrap, pick } from "../../src/metrics/group-bootstrap.ts";
import { quantile } from "../../src/metrics/quantile.ts";
import { assertClose } from "../../src/testing/close.ts";
import { describe } from "../../src/testing/describe.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import { MEASURES, SHARES, UNTRAINED } from "./names.ts";
import { counts, summarise, type Measured } from "./summary.ts";

/** 48 images of 16 groups in 2 folds; scores of `method` are better by `gain` than noise. */
const cases = { labels: range(48).map((i) => (i >> 2) % 2), groups: range(48).map((i) => i >> 2) };

function measuredOf(initialisation: string, seed: number, fold: number, gain: number): Measured {
  const images = range(48).filter((i) => (i >> 3) % 2 === fold);
  const rng = rngOf(seed, initialisation, fold);
  const scores = Object.fromEntries(MEASURES.map(([key]) => [key, images.map((i) => gain * cases.labels[i] + rng.normal())]));
  const knn = { k: 5, temperature: 0.1 };
  const finetune = SHARES.map((share) => ({ share, groups: 6 + seed, images: 24, batchSize: 8, epochs: 2, updates: 6 }));
  return { initialisation, seed, fold, images, scores, knn, penalty: 1, finetune };
}

const resultsOf = (seeds: number, gain: number): Measured[] =>
  [UNTRAINED, "simclr"].flatMap((name) =>
    range(seeds).flatMap((seed) => range(2).map((fold) => measuredOf(name, seed, fold, name === UNTRAINED ? 0 : gain))),
  );
const options = { bootstraps: 60, permutations: 99 };
/** Images in the order of the summary, and a seed's scores of them. */
const order = [...measuredOf(UNTRAINED, 0, 0, 0).images, ...measuredOf(UNTRAINED, 0, 1, 0).images];
const scoresOf = (results: readonly Measured[], name: string, seed: number, measure: string) =>
  results.filter((one) => one.initialisation === name && one.seed === seed).flatMap((one) => one.scores[measure]);
const [labels, groups] = [order.map((i) => cases.labels[i]), order.map((i) => cases.groups[i])];

describe("summarise", (test) => {
  test("averages over seeds, and resamples the same groups in all of them: equal to a naive loop", () => {
    const results = resultsOf(3, 1);
    const summary = summarise(results, cases, options);
    const seeds = range(3).map((seed) => scoresOf(results, "simclr", seed, "knn"));
    const average = (rows: readonly number[]) => {
      let sum = 0;
      for (const scores of seeds) {
        let [won, pairs] = [0, 0];
        for (const i of rows)
          for (const j of rows)
            if (labels[i] === 1 && labels[j] === 0) {
              pairs++;
              won += scores[i] > scores[j] ? 1 : scores[i] === scores[j] ? 0.5 : 0;
            }
        sum += won / pairs;
      }
      return sum / 3;
    };
    const rng = rngOf(0, "pretrain-busi", "knn");
    // strata in the order of their first group, groups in the order of their first image
    const kinds = [...new Set(labels)].map((label) => [...new Set(groups.filter((_, i) => labels[i] === label))]);
    const draws = range(60).map(() =>
      average(
        kinds.flatMap((own) =>
          own.flatMap(() => {
            const group = own[rng.int(own.length)];
            return range(order.length).filter((i) => groups[i] === group);
          }),
        ),
      ),
    );
    const { estimate, low, high } = summary.rows[1].cells[0];
    assertClose([estimate, low, high], [average(range(order.length)), quantile(draws, 0.025), quantile(draws, 0.975)], { rtol: 1e-12 });
  });

  test("of one seed is what a study's evaluation says of it", () => {
    const results = resultsOf(1, 0.7);
    const { rows, differences } = summarise(results, cases, options);
    const [a, b] = ["simclr", UNTRAINED].map((name) => scoresOf(results, name, 0, "linear"));
    const rng = () => rngOf(0, "pretrain-busi", "linear");
    const alone = groupBootstrap({
      groups,
      labels,
      ...options,
      rng: rng(),
      statistic: (chosen) => auroc(pick(labels, chosen), pick(a, chosen)),
    });
    const { byFold: _, ...cell } = rows[1].cells[1];
    assert.equal(cell, alone);
    const { delta, p } = differences[0].cells[1];
    assert.equal({ delta, p }, compareAurocs({ labels, groups, a, b, ...options, rng: rng() }));
  });

  test("means of folds look at each fold alone", () => {
    const results = resultsOf(2, 0.5).map((one) => ({
      ...one,
      scores: Object.fromEntries(Object.entries(one.scores).map(([key, own]) => [key, own.map((score) => score + 100 * one.fold)])),
    }));
    const shifted = summarise(results, cases, options).rows[1].cells[0];
    const plain = summarise(resultsOf(2, 0.5), cases, options).rows[1].cells[0];
    assertClose(shifted.byFold, plain.byFold, { rtol: 1e-12 });
    assert.ok(Math.abs(shifted.estimate - plain.estimate) > 0.01);
  });

  test("corrects p over all cells, and tells least and most of the seeds", () => {
    const { differences, finetune } = summarise(resultsOf(2, 0), cases, options);
    for (const { p, adjusted } of differences[0].cells) assert.ok(adjusted >= p);
    assert.equal(
      finetune.map((one) => one.groups),
      SHARES.map(() => [6, 7]),
    );
  });
});

describe("counts", (test) => {
  test("puts the most frequent first, equals by name", () => {
    assert.equal(
      [...counts(["b", "c", "a", "c"])],
      [
        ["c", 2],
        ["a", 1],
        ["b", 1],
      ],
    );
  });
});
