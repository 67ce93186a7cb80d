/** @file Log loss, reliability, calibration error and decision curve: golden values, closed forms, and what breaks them. */
import * as assert from "uvu/assert";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { goldenCases } from "../testing/golden.ts";
import { range, rngOf } from "../util/rng.ts";
import { decisionCurve } from "./decision-curve.ts";
import { expectedCalibrationError } from "./expected-calibration-error.ts";
import { logLoss, multiclassLogLoss } from "./log-loss.ts";
import { reliabilityCurve } from "./reliability-curve.ts";
import { wilson } from "./wilson.ts";

const file = new URL("./fixtures/golden-stats.json", import.meta.url);
const tight = { rtol: 1e-8, atol: 1e-10 };
type Binary = { y: number[]; p: number[] };
const binary = goldenCases<Binary, Record<string, number> & { mass_bins_count_conf_rate: number[][] }>(file, "calibration_binary");

describe("logLoss", (test) => {
  test("equals scikit-learn, at certain probabilities too", () => {
    for (const { inputs, expected, name } of binary) assertClose(logLoss(inputs.y, inputs.p), expected.log_loss, tight, name);
    for (const { inputs, expected } of goldenCases<Binary, { log_loss: number }>(file, "log_loss_clipping"))
      assertClose(logLoss(inputs.y, inputs.p), expected.log_loss, { rtol: 1e-9 });
  });

  test("is log 2 for always one half and refuses what is no probability", () => {
    assertClose(logLoss([0, 1, 1], [0.5, 0.5, 0.5]), Math.LN2, { rtol: 1e-15 });
    assert.throws(() => logLoss([1], [-0.1]), /logLoss: probabilities must be within 0 and 1, got -0.1 at 0/);
  });
});

describe("multiclassLogLoss", (test) => {
  test("is the binary one for two classes and log K for even probabilities", () => {
    for (const { inputs } of binary)
      assertClose(
        multiclassLogLoss(
          inputs.y,
          inputs.p.map((p) => [1 - p, p]),
        ),
        logLoss(inputs.y, inputs.p),
        { rtol: 1e-12 },
      );
    assertClose(
      multiclassLogLoss(
        [2, 0],
        range(2).map(() => [1 / 3, 1 / 3, 1 / 3]),
      ),
      Math.log(3),
      { rtol: 1e-15 },
    );
  });

  test("refuses rows that do not sum to 1, and labels beyond the classes", () => {
    assert.throws(() => multiclassLogLoss([0], [[0.5, 0.6]]), /must have sum 1, got 1.1 at 0/);
    assert.throws(() => multiclassLogLoss([2], [[0.5, 0.5]]), /labels must be whole numbers from 0 to 1, got 2 at 0/);
    assert.throws(() => multiclassLogLoss([0, 1], [[1, 0], [1]]), /rows must hold 2 values, got 1 at 1/);
  });
});

describe("reliabilityCurve and expectedCalibrationError", (test) => {
  test("equal the reference bins of equal mass", () => {
    for (const { inputs, expected, name } of binary) {
      const bins = reliabilityCurve(inputs.y, inputs.p).map(({ cases, predicted, observed }) => [cases, predicted, observed]);
      assertClose(bins.flat(), expected.mass_bins_count_conf_rate, tight, name);
      assertClose(expectedCalibrationError(inputs.y, inputs.p), expected.ece_equal_mass_prob, tight, name);
    }
  });

  test("never split ties, and need no order: over 30 seeds equal probabilities share a bin and no case is lost", () => {
    for (const seed of range(30)) {
      const rng = rngOf(seed, "tied bins");
      const p = range(50).map(() => rng.int(7) / 7);
      const labels = p.map(() => rng.int(2));
      const bins = reliabilityCurve(labels, p, 10);
      assert.is(
        bins.reduce((sum, bin) => sum + bin.cases, 0),
        50,
      );
      // with 7 values a bin of one value has exactly that mean: values are the bins, or whole values joined
      const sizes = range(7).map((value) => p.filter((one) => one === value / 7).length);
      let at = 0;
      for (const bin of bins) {
        let cases = 0;
        while (cases < bin.cases) cases += sizes[at++];
        assert.is(cases, bin.cases, `seed ${seed}: a value lies in two bins`);
      }
    }
  });

  test("are one bin for one probability: the error is its distance from the share of positives", () => {
    assert.equal(reliabilityCurve([0, 0, 1, 0], [0.75, 0.75, 0.75, 0.75]).length, 1);
    assert.is(expectedCalibrationError([0, 0, 1, 0], [0.75, 0.75, 0.75, 0.75]), 0.5);
    assert.is(expectedCalibrationError([0, 1], [0, 1]), 0);
    assert.ok(Number.isNaN(expectedCalibrationError([], [])));
  });

  test("refuse scores that are no probabilities and bins that are none", () => {
    assert.throws(() => expectedCalibrationError([0, 1], [0.5, 1.5]), /within 0 and 1, got 1.5/);
    assert.throws(() => reliabilityCurve([0, 1], [-2, 0.5]), /within 0 and 1, got -2/);
    assert.throws(() => reliabilityCurve([0, 1], [0.1, 0.5], 0), /bins must be a whole number above 0, got 0/);
  });
});

describe("wilson", (test) => {
  test("solves (share - p)² = z² p(1 - p)/n at both ends", () => {
    for (const [successes, total] of [
      [3, 10],
      [0, 7],
      [50, 51],
      [9, 9],
    ] as const) {
      const { low, high } = wilson(successes, total);
      for (const p of [low, high])
        if (p > 0 && p < 1) assertClose((successes / total - p) ** 2, (1.959963984540054 ** 2 * p * (1 - p)) / total, { rtol: 1e-9 });
    }
    assert.equal(wilson(0, 0), { low: 0, high: 1 });
  });

  test("covers a share of 0.1 about 95 times in 100 at 60 cases", () => {
    const held = range(1000).filter((seed) => {
      const rng = rngOf(seed, "wilson");
      const { low, high } = wilson(range(60).filter(() => rng.next() < 0.1).length, 60);
      return low <= 0.1 && 0.1 <= high;
    }).length;
    assert.ok(held >= 930 && held <= 975, `held ${held} of 1000`); // the exact coverage there is .954 by the binomial sum
  });
});

describe("decisionCurve", (test) => {
  type Expected = { net_benefit: number[]; net_benefit_all: number[] };

  test("equals the reference, in the order that was asked for", () => {
    for (const { inputs, params, expected, name } of goldenCases<{ y: number[]; score1: number[] }, Expected>(file, "decision_curve")) {
      const thresholds = params.threshold_probabilities as unknown as number[];
      const curve = decisionCurve(inputs.y, inputs.score1, thresholds);
      assertClose(
        curve.map(({ model }) => model),
        expected.net_benefit,
        tight,
        name,
      );
      assertClose(
        curve.map(({ treatAll }) => treatAll),
        expected.net_benefit_all,
        tight,
        name,
      );
      const turned = decisionCurve(inputs.y, inputs.score1, [...thresholds].reverse());
      assert.equal(turned.reverse(), curve);
    }
  });

  test("gives a perfect model the prevalence everywhere, and treating all nothing at the prevalence", () => {
    const curve = decisionCurve([1, 0, 0, 0], [0.99, 0, 0, 0], [0.05, 0.25, 0.9]);
    assertClose(
      curve.map(({ model }) => model),
      [0.25, 0.25, 0.25],
      { rtol: 1e-12 },
    );
    assertClose(curve[1].treatAll, 0, { atol: 1e-15 });
    assert.throws(() => decisionCurve([1], [0.5], [1]), /thresholds must be within 0 and 1, got 1/);
  });
});
