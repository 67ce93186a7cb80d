/** @file The calibration line, temperature scaling and the root search below them: reference values, closed forms, and data that have no optimum. */
import * as assert from "uvu/assert";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { goldenCases } from "../testing/golden.ts";
import { range, rngOf } from "../util/rng.ts";
import { calibrationLine } from "./calibration-line.ts";
import { logLoss } from "./log-loss.ts";
import { logistic, logOdds } from "./log-odds.ts";
import { risingRoot } from "./rising-root.ts";
import { fitTemperature, fitTemperatureMulticlass } from "./temperature.ts";

const file = new URL("./fixtures/golden-stats.json", import.meta.url);
const tight = { rtol: 1e-8, atol: 1e-10 };
const binary = goldenCases<{ y: number[]; p: number[] }, Record<string, number>>(file, "calibration_binary");

/** Cases whose log-odds are `slope · logit + intercept`. */
function calibrated(seed: number, { cases = 200, intercept = 0, slope = 1 } = {}) {
  const rng = rngOf(seed, "calibrated");
  const logits = range(cases).map(() => 1.5 * rng.normal());
  return { logits, labels: logits.map((logit) => (rng.next() < logistic(intercept + slope * logit) ? 1 : 0)) };
}

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

describe("risingRoot", (test) => {
  test("ends where Newton's steps end: cosh's slope within 8 looks, from any start near", () => {
    for (const start of range(20).map((i) => -1 + i / 10)) {
      let looks = 0;
      const root = risingRoot(
        (x) => {
          looks++;
          return [Math.sinh(x - 0.1234567), Math.cosh(x - 0.1234567)];
        },
        { low: -5, high: 5, start },
      );
      assertClose(root, 0.1234567, { atol: 1e-11 });
      assert.ok(looks <= 8, `${looks} looks from ${start}`);
    }
  });

  test("finds roots where Newton's steps run away, and says an end where there is none", () => {
    const arctan = (x: number) => [Math.atan(x - 3), 1 / (1 + (x - 3) ** 2)] as const; // full steps diverge from 1.39 away
    assertClose(risingRoot(arctan, { low: -1000, high: 1000, start: 900 }), 3, { atol: 1e-9 });
    assertClose(
      risingRoot((x) => [x ** 3 - 8, 3 * x * x], { low: 0, high: 10, start: 0 }),
      2,
      { rtol: 1e-12 },
    ); // flat at the start
    assert.is(
      risingRoot((x) => [Math.exp(x), Math.exp(x)], { low: -5, high: 5, start: 0 }),
      -5,
    );
    assert.is(
      risingRoot((x) => [x - 9, 1], { low: -5, high: 5, start: 0 }),
      5,
    );
  });
});
