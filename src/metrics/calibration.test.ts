/** @file Log loss, calibration errors, the calibration line, temperature and decision curve: golden values, closed forms, and what breaks them. */
import * as assert from "uvu/assert";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { goldenCases } from "../testing/golden.ts";
import { range, rngOf } from "../util/rng.ts";
import { calibrationLine } from "./calibration-line.ts";
import { decisionCurve } from "./decision-curve.ts";
import { expectedCalibrationError } from "./expected-calibration-error.ts";
import { logistic, logOdds } from "./log-odds.ts";
import { logLoss, multiclassLogLoss } from "./log-loss.ts";
import { reliabilityCurve } from "./reliability-curve.ts";
import { fitTemperature, fitTemperatureMulticlass } from "./temperature.ts";
import { wilson } from "./wilson.ts";

const file = new URL("./fixtures/golden-stats.json", import.meta.url);
const tight = { rtol: 1e-8, atol: 1e-10 };
type Binary = { y: number[]; p: number[] };
const binary = goldenCases<Binary, Record<string, number> & { mass_bins_count_conf_rate: number[][] }>(file, "calibration_binary");

/** Cases whose log-odds are `slope · logit + intercept`. */
function calibrated(seed: number, { cases = 200, intercept = 0, slope = 1 } = {}) {
  const rng = rngOf(seed, "calibrated");
  const logits = range(cases).map(() => 1.5 * rng.normal());
  return { logits, labels: logits.map((logit) => (rng.next() < logistic(intercept + slope * logit) ? 1 : 0)) };
}

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

describe("calibrationLine", (test) => {
  test("equals statsmodels: weights and standard errors", () => {
    for (const { inputs, expected, name } of binary) {
      const { state, intercept, slope, interceptOfSlope } = calibrationLine(inputs.y, logOdds(inputs.p));
      assert.is(state, "fitted");
      assertClose(
        [intercept!.estimate, intercept!.se],
        [expected.intercept_slope_fixed_1, expected.se_intercept_slope_fixed_1],
        tight,
        name,
      );
      assertClose([slope!.estimate, slope!.se], [expected.slope, expected.se_slope], tight, name);
      assertClose([interceptOfSlope!.estimate, interceptOfSlope!.se], [expected.intercept_joint, expected.se_intercept], tight, name);
    }
  });

  test("turns with the logits: halved logits double the slope, shifted ones move the intercept", () => {
    const { labels, logits } = calibrated(1);
    const line = calibrationLine(labels, logits);
    const halved = calibrationLine(
      labels,
      logits.map((logit) => logit / 2),
    );
    assertClose(halved.slope!.estimate, 2 * line.slope!.estimate, { rtol: 1e-9 });
    const shifted = calibrationLine(
      labels,
      logits.map((logit) => logit + 3),
    );
    assertClose(shifted.intercept!.estimate, line.intercept!.estimate - 3, { atol: 1e-9 });
  });

  test("says separated, constant or one class, and is NaN nowhere", () => {
    const cases = [
      { labels: [0, 0, 1, 1], logits: [-2, -1, 1, 2], state: "separated", limit: Infinity },
      { labels: [0, 0, 1, 1], logits: [2, 1, -1, -2], state: "separated", limit: -Infinity },
      { labels: [0, 0, 1, 1], logits: [-2, 1, 1, 2], state: "separated", limit: Infinity }, // but for the tie: no finite slope either
      { labels: [0, 1], logits: [800, -800], state: "separated", limit: -Infinity }, // σ has no digits left
      { labels: [0, 1, 1], logits: [0.3, 0.3, 0.3], state: "constant", limit: null },
      { labels: [1, 1], logits: [0.3, 2], state: "one class", limit: null },
      { labels: [], logits: [], state: "one class", limit: null },
    ] as const;
    for (const { labels, logits, state, limit } of cases) {
      const line = calibrationLine(labels, logits);
      assert.equal([line.state, line.slopeLimit, line.slope], [state, limit, null]);
      assert.is(line.intercept === null, state === "one class");
      for (const value of Object.values(line.intercept ?? {})) assert.ok(!Number.isNaN(value));
    }
    // one third positive at log-odds .3: the intercept makes up the difference
    assertClose(calibrationLine([0, 0, 1], [0.3, 0.3, 0.3]).intercept!.estimate, Math.log(1 / 2) - 0.3, { atol: 1e-12 });
    assert.is(calibrationLine([1, 0, 0, 1], [-799.5, -799, -800, 800]).state, "fitted");
    assert.throws(() => calibrationLine([0, 1], [0, Infinity]), /logits must be finite, got Infinity at 1/);
  });

  test("covers slope and intercept about 95 times in 100 where cases are independent", () => {
    let [slopes, intercepts] = [0, 0];
    for (const seed of range(400)) {
      const { labels, logits } = calibrated(seed, { intercept: 0.5, slope: 0.7 });
      const { slope, interceptOfSlope } = calibrationLine(labels, logits);
      slopes += slope!.low <= 0.7 && 0.7 <= slope!.high ? 1 : 0;
      intercepts += interceptOfSlope!.low <= 0.5 && 0.5 <= interceptOfSlope!.high ? 1 : 0;
    }
    assert.ok(slopes >= 368 && slopes <= 391, `slope covered ${slopes} of 400`); // 99 % binomial band at .95
    assert.ok(intercepts >= 368 && intercepts <= 391, `intercept covered ${intercepts} of 400`);
  });
});

describe("fitTemperature and fitTemperatureMulticlass", (test) => {
  type Inputs = { logits: number[][]; y: number[] };
  const cases = goldenCases<Inputs, Record<"T" | "nll_at_T1" | "nll_at_optimum", number>>(file, "temperature_scaling");

  test("equal scipy's optimum", () => {
    for (const { inputs, expected, name } of cases) {
      const { temperature, lossBefore, lossAfter, limit } = fitTemperatureMulticlass(inputs.y, inputs.logits);
      assertClose(temperature, expected.T, { rtol: 1e-6 }, name);
      assertClose([lossBefore, lossAfter], [expected.nll_at_T1, expected.nll_at_optimum], { rtol: 1e-9 }, name);
      assert.is(limit, null);
    }
  });

  test("agree for two classes: the log-odds are the difference of the logits", () => {
    for (const { inputs } of cases.filter(({ inputs }) => inputs.logits[0].length === 2)) {
      const one = fitTemperature(
        inputs.y,
        inputs.logits.map(([a, b]) => b - a),
      );
      const other = fitTemperatureMulticlass(inputs.y, inputs.logits);
      assertClose([one.temperature, one.lossAfter], [other.temperature, other.lossAfter], { rtol: 1e-9 });
    }
  });

  test("have no slope left at the optimum, by finite differences, and scale with the logits, 20 seeds", () => {
    for (const seed of range(20)) {
      const { labels, logits } = calibrated(seed, { slope: 0.6 });
      const { temperature } = fitTemperature(labels, logits);
      const loss = (beta: number) =>
        logLoss(
          labels,
          logits.map((logit) => logistic(beta * logit)),
        );
      assertClose((loss(1 / temperature + 1e-5) - loss(1 / temperature - 1e-5)) / 2e-5, 0, { atol: 1e-8 }, `seed ${seed}`);
      assertClose(
        fitTemperature(
          labels,
          logits.map((logit) => 5 * logit),
        ).temperature,
        5 * temperature,
        { rtol: 1e-8 },
      );
    }
  });

  test("stop at the limits, finite, where all are right and where logits are worse than chance", () => {
    assert.equal(fitTemperature([0, 1], [-1, 2]).limit, "low");
    assertClose(fitTemperature([0, 1], [-1, 2]).temperature, 0.01, { rtol: 1e-12 });
    assert.equal(
      [
        fitTemperature([1, 0], [-1, 2]).limit,
        fitTemperatureMulticlass(
          [1, 0],
          [
            [1, 0],
            [0, 2],
          ],
        ).limit,
      ],
      ["high", "high"],
    );
    assert.equal(fitTemperature([0, 1, 1], [0, 0, 0]), { temperature: 1, lossBefore: Math.LN2, lossAfter: Math.LN2, limit: null });
    assert.ok(Number.isFinite(fitTemperature([1, 0, 1], [-800, 800, 790]).lossAfter));
    assert.throws(() => fitTemperature([], []), /must be at least one case, got 0/);
    assert.throws(() => fitTemperature([0], [NaN]), /got NaN at 0/);
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
