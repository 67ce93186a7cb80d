/** @file How often the intervals and p-values of an external test are wrong where the truth is known: data sets drawn alike, and planted shifts. */
import * as assert from "uvu/assert";
import { pick } from "../../src/metrics/group-bootstrap.ts";
import { logistic } from "../../src/metrics/log-odds.ts";
import { standardisedDifference } from "../../src/metrics/shift/standardised-difference.ts";
import { unpairedSamples } from "../../src/metrics/shift/unpaired-bootstrap.ts";
import { describe } from "../../src/testing/describe.ts";
import { noiseStudy } from "../../src/testing/noise-study.ts";
import { groupedImages } from "../../src/testing/nulls.ts";
import { assertTypeOne } from "../../src/testing/type-one.ts";
import { range, rngOf, type Rng } from "../../src/util/rng.ts";
import type { Prediction } from "../predictions.ts";
import { ARM } from "../../src/testing/fitted-study.ts";
import { besideInternal } from "./beside-internal.ts";
import { externalTerms } from "./evaluate-external.ts";
import type { Member } from "./members.ts";
import { domainShift } from "./shift/domain.ts";
import { labelShift } from "./shift/label-shift.ts";
import { recalibration } from "./shift/recalibration.ts";

const CLASSES = ["benign", "malignant"];
const FOLDS = 5;
const BOOTSTRAPS = 199;
const missed = ({ low, high }: { low: number; high: number }, truth: number): number => (low > truth || high < truth ? 0 : 1);

/** A cross-validated study with features that tell something, and its models on other patients of the same kind. */
function internalAndExternal(seed: number, shift: number) {
  const { groups, labels, folds, scores, external } = noiseStudy(seed, {
    ...{ groups: 60, features: 5, folds: FOLDS, model: "logistic" as const, shift, external: 60 },
  });
  const predictions = range(labels.length).map((i): Prediction => {
    const probability = scores[i];
    const one = { image: String(i), group: String(groups[i]), label: CLASSES[labels[i]], fold: folds[i] };
    return { ...one, probability, score: probability, shares: [1 - probability, probability] };
  });
  const members = external.scores.map((own, fold): Member => ({
    ...{ name: `fold-${fold}`, key: "", runId: "", arm: ARM, fold, repeat: 0, seed: 0, calibration: null },
    scores: Array.from(own),
    shares: Array.from(own, (p) => [1 - p, p]),
  }));
  const cases = external.labels.map((label, i) => ({ image: String(i), group: String(external.groups[i]), label: CLASSES[label] }));
  const terms = externalTerms({ seed, transductive: false, analysis: { bootstraps: BOOTSTRAPS, permutations: 99 } }, CLASSES);
  return besideInternal({ arm: ARM, members }, cases, { replicates: [predictions], folds: FOLDS }, terms);
}

/** Groups of 1–2 images with log-odds 2x where x is normal around ±1/2 by class: calibrated at a share of one half. */
function calibrated(rng: Rng, count: number, share: number): Prediction[] {
  return range(count).flatMap((group) => {
    const label = Number(group < share * count);
    return range(1 + (group % 2)).map((i): Prediction => {
      const probability = logistic(label - 0.5 + rng.normal());
      return { ...{ image: `${group}-${i}`, group: String(group), label: CLASSES[label], fold: 0 }, probability, score: 0, shares: [] };
    });
  });
}

describe("error rates of an external test", (test) => {
  for (const shift of [0, 0.4])
    test(`external minus internal AUROC is told from 0 at most 5 times in 100 where patients are of one kind (features ${shift} apart)`, () => {
      assertTypeOne(120, (seed) => missed(internalAndExternal(seed, shift).deltaSingle!, 0), { conservative: true });
    });

  test("the interval of a standardised difference misses 0 about 5 times in 100", () => {
    assertTypeOne(300, (seed) => {
      const rng = rngOf(seed, "facts");
      const [a, b] = [groupedImages(rng, 40), groupedImages(rng, 60)].map(({ groups, shared, own }) => ({
        groups,
        values: shared.map((value) => value + own()),
      }));
      const statistic = (rowsA: Int32Array, rowsB: Int32Array) => standardisedDifference(pick(a.values, rowsA), pick(b.values, rowsB));
      return missed(unpairedSamples({ a, b, statistic, bootstraps: BOOTSTRAPS, rng }), 0);
    });
  });

  test("features of two data sets drawn alike are told apart at .05 about 5 times in 100, and shifted ones are", () => {
    const sample = (rng: Rng, count: number, shift: number) => {
      const { groups } = groupedImages(rng, count);
      const shared = range(count).map(() => range(3).map(() => rng.normal()));
      return {
        groups: groups.map(String),
        features: groups.map((group) => shared[group].map((value) => value + shift + 0.5 * rng.normal())),
      };
    };
    const pOf = (seed: number, shift: number) => {
      const rng = rngOf(seed, "domain");
      const found = domainShift(sample(rng, 20, 0), sample(rng, 30, shift), { model: "m", seed, bootstraps: 20, permutations: 19 });
      return found!.p;
    };
    assertTypeOne(120, (seed) => pOf(seed, 0));
    assert.is(pOf(0, 1.5), 1 / 20);
    const rng = rngOf(0, "few");
    assert.is(domainShift(sample(rng, 3, 0), sample(rng, 30, 0), { model: "m", seed: 0, bootstraps: 20 }), null);
  });

  test("the share of positives that scores speak for misses the true share at most 5 times in 100, though the study's share is another", () => {
    assertTypeOne(
      150,
      (seed) => {
        const rng = rngOf(seed, "label shift");
        const [study, external] = [calibrated(rng, 80, 0.5), calibrated(rng, 80, 0.25)];
        return missed(labelShift("m", study, external, { positive: "malignant", seed, bootstraps: BOOTSTRAPS })!.estimated, 0.25);
      },
      { conservative: true },
    );
  });

  test("recalibration is said to gain where there is nothing to gain at most 2.5 times in 100, and gains on scores that are too sure", () => {
    const gain = (seed: number, sureness: number) => {
      const rows = calibrated(rngOf(seed, "gain"), 80, 0.5).map((row) => ({
        ...row,
        probability: logistic(sureness * Math.log(row.probability / (1 - row.probability))),
      }));
      return recalibration("m", rows, { positive: "malignant", seed, bootstraps: BOOTSTRAPS })!;
    };
    assertTypeOne(150, (seed) => (gain(seed, 1).logLoss.gain.low > 0 ? 0 : 1), { alpha: 0.025, conservative: true });
    const found = gain(0, 4);
    assert.ok(found.slope < 0.5 && found.logLoss.gain.low > 0 && found.brier.gain.low > 0);
  });
});
