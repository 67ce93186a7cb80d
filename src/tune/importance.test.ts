import { readFileSync } from "node:fs";
import * as assert from "uvu/assert";
import { spaceSchema, type Params, type Trial } from "../config/tune.ts";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { range, rngOf } from "../util/rng.ts";
import { importances } from "./importance.ts";
import { pointAt } from "./uniform.ts";

interface Golden {
  importance: { params: Params[]; values: number[]; importance: Record<string, number> }[];
}
const golden = (JSON.parse(readFileSync(new URL("./fixtures/golden.json", import.meta.url), "utf8")) as Golden).importance;
const trial = (number: number, params: Params, value: number): Trial => ({
  number,
  params,
  state: "complete",
  value,
  steps: {},
  folds: {},
});
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

describe("importances", (test) => {
  for (const { params, values, importance } of golden)
    test(`equals Optuna's PED-ANOVA on ${params.length} trials of seven kinds of parameter`, () => {
      const ours = importances(
        space,
        params.map((each, i) => trial(i, each, values[i])),
        "minimise",
      );
      assertClose(
        ours.map(({ divergence }) => divergence),
        space.map(({ path }) => importance[path]),
        { rtol: 1e-6, atol: 1e-9 }, // Optuna's own erf
      );
      assertClose(
        ours.reduce((sum, { share }) => sum + share, 0),
        1,
        { atol: 1e-12 },
      );
    });

  test("finds the parameters that decide, and tells maximise from minimise", () => {
    const plane = spaceSchema.parse(["a", "b", "c"].map((path) => ({ kind: "float", path, low: 0, high: 1 })));
    const trials = range(200).map((i) => {
      const rng = rngOf(i, "plane");
      const params = pointAt(plane, [rng.next(), rng.next(), rng.next()]);
      return trial(i, params, 10 * (params.a as number) + (params.b as number));
    });
    for (const direction of ["maximise", "minimise"] as const) {
      const [a, b, c] = importances(plane, trials, direction);
      assert.ok(a.share > 0.8 && b.share < 0.2 && c.share < 0.2, `${direction}: ${a.share}, ${b.share}, ${c.share}`);
    }
  });

  test("a parameter of a branch is judged among the trials of the branch", () => {
    const tree = spaceSchema.parse([
      { kind: "category", path: "kind", choices: ["a", "b"] },
      { kind: "float", path: "x", low: 0, high: 1, when: { parameter: "kind", equals: ["a"] } },
    ]);
    const trials = range(40).map((i) => (i % 2 ? trial(i, { kind: "b" }, 5) : trial(i, { kind: "a", x: i / 40 }, i / 40)));
    const [kind, x] = importances(tree, trials, "minimise");
    assert.equal([kind.trials, x.trials], [40, 20]);
    assert.ok(x.divergence > 0.05 && kind.divergence > 0);
  });

  test("too few trials, or equal values, say nothing", () => {
    for (const trials of [
      [],
      range(2).map((i) => trial(i, golden[0].params[i], i)),
      range(12).map((i) => trial(i, golden[0].params[i], 1)),
    ])
      assert.equal(
        importances(space, trials, "minimise").map(({ share }) => share),
        space.map(() => 0),
      );
  });
});
