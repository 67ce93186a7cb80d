import * as assert from "uvu/assert";
import { spaceSchema, type Trial } from "../config/tune.ts";
import { describe } from "../testing/describe.ts";
import { parallelCoordinates } from "./parallel-coordinates.ts";

const space = spaceSchema.parse([
  { kind: "category", path: "kind", choices: ["a", null, [1, 2]] },
  { kind: "float", path: "rate", low: 0.01, high: 1, log: true },
  { kind: "int", path: "k", low: 1, high: 10, step: 4, when: { parameter: "kind", equals: ["a"] } },
]);
const trial = (number: number, params: Trial["params"], value: number | null, state: Trial["state"] = "complete"): Trial => ({
  ...{ number, params, value, state, steps: {}, folds: {} },
});

describe("parallelCoordinates", (test) => {
  test("axes carry their ends and choices, lines their places; what is not set is null", () => {
    const { axes, lines } = parallelCoordinates({ space, metric: "auroc" }, [
      trial(2, { kind: [1, 2], rate: 0.1 }, 0.9, "pruned"),
      trial(0, { kind: "a", rate: 1, k: 5 }, 0.7),
      trial(1, { kind: null, rate: 0.01 }, null, "failed"),
    ]);
    assert.equal(axes, [
      {
        name: "kind",
        log: false,
        marks: [
          { at: 0, label: "a" },
          { at: 0.5, label: "null" },
          { at: 1, label: "[1,2]" },
        ],
      },
      {
        name: "rate",
        log: true,
        marks: [
          { at: 0, label: "0.01" },
          { at: 1, label: "1" },
        ],
      },
      {
        name: "k",
        log: false,
        marks: [
          { at: 0, label: "1" },
          { at: 1, label: "9" },
        ],
      },
      {
        name: "auroc",
        log: false,
        marks: [
          { at: 0, label: "0.7" },
          { at: 1, label: "0.9" },
        ],
      },
    ]);
    assert.equal(lines, [
      { number: 0, state: "complete", value: 0.7, at: [0, 1, 0.5, 0] },
      { number: 2, state: "pruned", value: 0.9, at: [1, 0.5, null, 1] },
    ]);
  });

  test("equal values lie in the middle; no trials make no lines and no marks of the value", () => {
    assert.equal(parallelCoordinates({ space, metric: "m" }, [trial(0, { kind: null, rate: 1 }, 3)]).lines[0].at, [0.5, 1, null, 0.5]);
    const { axes, lines } = parallelCoordinates({ space, metric: "m" }, []);
    assert.equal([lines, axes.at(-1)!.marks], [[], []]);
  });
});
