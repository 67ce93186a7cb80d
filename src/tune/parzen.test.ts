import { readFileSync } from "node:fs";
import * as assert from "uvu/assert";
import { spaceSchema, type Params } from "../config/tune.ts";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { range, rngOf } from "../util/rng.ts";
import { bandwidths } from "./bandwidth.ts";
import { normalMass, truncatedQuantile } from "./normal-interval.ts";
import { parzen, trialWeights } from "./parzen.ts";

interface Golden {
  parzen: { multivariate: boolean; observed: Params[]; points: Params[]; logDensity: number[] }[];
}
const golden = (JSON.parse(readFileSync(new URL("./fixtures/golden.json", import.meta.url), "utf8")) as Golden).parzen;
/** The space of bench/optuna/fixtures.py. */
const space = spaceSchema.parse([
  { kind: "float", path: "x", low: -2, high: 3 },
  { kind: "float", path: "rate", low: 1e-4, high: 1, log: true },
  { kind: "float", path: "share", low: 0, high: 1, step: 0.1 },
  { kind: "int", path: "depth", low: 1, high: 20 },
  { kind: "int", path: "even", low: 2, high: 10, step: 4 },
  { kind: "int", path: "width", low: 4, high: 512, log: true },
  { kind: "category", path: "kind", choices: ["a", "b", "c"] },
]);
const options = { priorWeight: 1, magicClip: true, multivariate: true, bandwidth: "range" as const };

describe("parzen", (test) => {
  for (const { multivariate, observed, points, logDensity } of golden)
    test(`equals Optuna's log density: ${observed.length} trials, ${multivariate ? "jointly" : "each by itself"}`, () => {
      const groups = multivariate ? [space] : space.map((parameter) => [parameter]);
      const estimators = groups.map((group) => parzen(group, observed, { ...options, multivariate }));
      const ours = points.map((point) => estimators.reduce((sum, estimator) => sum + estimator.logDensity(point), 0));
      // Optuna divides by the axis's own bounds for continuous parameters without a Jacobian, as here; 1e-7: its erf
      assertClose(ours, logDensity, { atol: 1e-7, rtol: 1e-7 });
    });

  test("the density of a stepped group sums to 1 over its values", () => {
    const group = space.filter(({ path }) => ["even", "kind"].includes(path));
    const trials = [
      { even: 6, kind: "b" },
      { even: 10, kind: "b" },
      { even: 2, kind: "c" },
    ];
    const { logDensity } = parzen(group, trials, options);
    const sum = [2, 6, 10].flatMap((even) => ["a", "b", "c"].map((kind) => Math.exp(logDensity({ even, kind })))).reduce((a, b) => a + b);
    assertClose(sum, 1, { atol: 1e-12 });
  });

  test("draws follow the density: 20,000 draws by chi-squared over nine cells", () => {
    const group = space.filter(({ path }) => ["even", "kind"].includes(path));
    const estimator = parzen(
      group,
      [
        { even: 6, kind: "b" },
        { even: 10, kind: "b" },
        { even: 2, kind: "c" },
      ],
      options,
    );
    const counts = new Map<string, number>();
    const rng = rngOf(1);
    for (const _ of range(20_000)) {
      const { even, kind } = estimator.draw(rng);
      counts.set(`${even} ${kind}`, (counts.get(`${even} ${kind}`) ?? 0) + 1);
    }
    let chi = 0;
    for (const even of [2, 6, 10])
      for (const kind of ["a", "b", "c"]) {
        const expected = 20_000 * Math.exp(estimator.logDensity({ even, kind }));
        chi += ((counts.get(`${even} ${kind}`) ?? 0) - expected) ** 2 / expected;
      }
    assert.ok(chi < 26.1, `chi-squared ${chi} with 8 degrees of freedom; 26.1 is passed once in 1,000`);
  });
});

describe("trialWeights", (test) => {
  test("the last 25 count fully, those before on a ramp from 1/n", () => {
    assert.equal(trialWeights(3), [1, 1, 1]);
    assertClose(trialWeights(26), [1 / 26, ...range(25).map(() => 1)], { atol: 0 });
    assertClose(trialWeights(28).slice(0, 4), [1 / 28, (1 + 1 / 28) / 2, 1, 1], { atol: 1e-15 });
  });
});

describe("normal interval", (test) => {
  test("mass keeps its digits in both tails", () => {
    assertClose(normalMass(8, 9), 6.220960574271785e-16 - 1.1285884059538324e-19, { rtol: 1e-9 }); // scipy norm.sf(8) - norm.sf(9)
    assertClose(normalMass(-9, -8), normalMass(8, 9), { rtol: 1e-12 });
  });
  test("quantiles invert the mass and stay inside", () => {
    for (const u of [0, 0.01, 0.5, 0.99, 1 - 2 ** -53]) {
      const x = truncatedQuantile(u, 0.2, 0.05, 0, 1);
      assert.ok(x >= 0 && x <= 1);
      if (x < 1) assertClose(normalMass(-4, (x - 0.2) / 0.05) / normalMass(-4, 16), u, { atol: 1e-8 });
    }
  });
});

describe("bandwidths", (test) => {
  const of = (observed: number[], dimensions = 1) => bandwidths(observed, 0, 10, dimensions, { ...options, bandwidth: "spread" });

  test("spread is Scott's rule where trials are many, and 0.2 of the range where there is one", () => {
    const many = range(20_000).map((i) => 3 + 4 * (i % 2)); // standard deviation 2
    assertClose(of(many)[0], 2 * 20_000 ** -0.2, { rtol: 1e-3 }); // the prior's two trials
    assertClose(of(many, 6)[0], 2 * 20_000 ** -0.1, { rtol: 1e-3 });
    assertClose(of([3]), [Math.sqrt((2 / 3) * 4)], { rtol: 1e-12 });
    assert.equal(of([]), []);
  });

  test("spread scales with the axis and never falls below a hundredth of it", () => {
    const observed = [1, 2, 4];
    assertClose(
      bandwidths(
        observed.map((x) => 7 * x - 3),
        -3,
        67,
        2,
        { ...options, bandwidth: "spread" },
      ),
      of(observed, 2).map((sd) => 7 * sd),
      { rtol: 1e-12 },
    );
    assert.is(of(new Array<number>(100_000).fill(5))[0], 0.1);
  });
});
