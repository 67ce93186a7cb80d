import * as assert from "uvu/assert";
import { spaceSchema, type Params } from "../config/tune.ts";
import { describe } from "../testing/describe.ts";
import { range, rngOf } from "../util/rng.ts";
import { axisOf, valueAt } from "./axis.ts";
import { fits, groupsOf, onlyActive } from "./space.ts";
import { pointAt, valueAtShare } from "./uniform.ts";

const space = spaceSchema.parse([
  { kind: "float", path: "momentum", low: 0, high: 0.9, when: { parameter: "optimiser", equals: ["sgd", "lars"] } },
  { kind: "float", path: "trust", low: 1e-4, high: 1e-2, log: true, when: { parameter: "optimiser", equals: ["lars"] } },
  { kind: "category", path: "optimiser", choices: ["sgd", "lars", "adamw"] },
  { kind: "int", path: "warmup", low: 1, high: 3, when: { parameter: "momentum", equals: [0] } },
  { kind: "category", path: "nesterov", choices: [true, false], when: { parameter: "optimiser", equals: ["lars", "sgd"] } },
]);

describe("search space", (test) => {
  test("parameters are set where their condition holds, whatever the order of the space", () => {
    const values = { momentum: 0, trust: 1e-3, optimiser: "sgd", warmup: 2, nesterov: true };
    assert.equal(onlyActive(space, values), { optimiser: "sgd", momentum: 0, warmup: 2, nesterov: true });
    assert.equal(onlyActive(space, { ...values, optimiser: "adamw" }), { optimiser: "adamw" });
    assert.equal(Object.keys(onlyActive(space, { ...values, optimiser: "lars", momentum: 0.5 })).sort(), [
      "momentum",
      "nesterov",
      "optimiser",
      "trust",
    ]);
  });

  test("parameters of one condition form a group, in whatever order its values stand", () =>
    assert.equal(
      groupsOf(space).map((group) => group.map(({ path }) => path)),
      [["optimiser"], ["momentum", "nesterov"], ["trust"], ["warmup"]],
    ));

  test("what pointAt gives fits; what sets too much, too little or a foreign value does not", () => {
    for (const seed of range(200)) {
      const rng = rngOf(seed);
      assert.ok(
        fits(
          space,
          pointAt(
            space,
            space.map(() => rng.next()),
          ),
        ),
      );
    }
    assert.ok(fits(space, { optimiser: "adamw" }));
    const wrong: Params[] = [{}, { optimiser: "adamw", momentum: 0.5 }, { optimiser: "sgd", momentum: 0.5 }, { optimiser: "adam" }];
    for (const params of wrong) assert.not.ok(fits(space, params), JSON.stringify(params));
  });
});

describe("axes", (test) => {
  test("every value of a stepped parameter has the same share of the axis", () => {
    for (const [parameter, values] of [
      [{ kind: "int" as const, path: "a", low: 2, high: 6, step: 1, log: false }, [2, 3, 4, 5, 6]],
      [{ kind: "int" as const, path: "a", low: 2, high: 11, step: 4, log: false }, [2, 6, 10]],
      [{ kind: "float" as const, path: "a", low: 0, high: 0.3, step: 0.1, log: false }, [0, 0.1, 0.2, 0.3]],
    ] as const) {
      const counts = new Map<unknown, number>();
      for (const i of range(600))
        counts.set(valueAtShare(parameter, (i + 0.5) / 600), (counts.get(valueAtShare(parameter, (i + 0.5) / 600)) ?? 0) + 1);
      assert.equal(
        [...counts.entries()],
        values.map((value) => [value, 600 / values.length]),
      );
    }
  });

  test("half of a log axis lies below the geometric mean of its ends", () => {
    const parameter = { kind: "float" as const, path: "a", low: 1e-4, high: 1, log: true };
    assert.ok(Math.abs((valueAtShare(parameter, 0.5) as number) - 1e-2) < 1e-12);
  });

  test("rounding never leaves the range", () => {
    const axis = axisOf({ kind: "float", path: "a", low: 0.05, high: 0.95, step: 0.1, log: false });
    assert.equal([valueAt(axis, -3), valueAt(axis, 0.151), valueAt(axis, 7)], [0.05, 0.15, 0.95]);
  });
});
