import * as assert from "uvu/assert";
import { assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { parseConfig } from "./parse.ts";
import { tuneSchema } from "./tune.ts";

const rate = { kind: "float", path: "finetune.optimiser.learningRate", low: 1e-4, high: 0.1, log: true };
const name = { kind: "category", path: "finetune.optimiser.name", choices: ["sgd", "adamw"] };
const momentum = {
  kind: "float",
  path: "finetune.optimiser.momentum",
  low: 0,
  high: 0.99,
  when: { parameter: "finetune.optimiser.name", equals: ["sgd"] },
};
const parse = (space: unknown, rest: object = {}) => parseConfig(tuneSchema, { space, ...rest }, "tune");

describe("tuneSchema", (test) => {
  test("fills in Optuna's settings of TPE but for the bandwidth, and survives JSON", () => {
    const tune = parse([rate, name, momentum]);
    assert.equal(tune.sampler, {
      name: "tpe",
      startupTrials: 10,
      startup: "random",
      candidates: 24,
      multivariate: true,
      bandwidth: "spread",
      goodShare: 0.1,
      goodMost: 25,
      priorWeight: 1,
      magicClip: true,
      constantLiar: true,
    });
    assert.equal([tune.pruner.name, tune.direction, tune.metric], ["none", "maximise", "auroc"]);
    assert.equal(parseConfig(tuneSchema, JSON.parse(JSON.stringify(tune)), "tune"), tune);
  });

  test("takes arrays, null and booleans as choices", () => {
    const choices = [[0.5, 1], [0.2, 1], null, true, "off"];
    assert.equal(parse([{ kind: "category", path: "a.b", choices }]).space[0], { kind: "category", path: "a.b", choices });
  });

  const refused: [string, unknown[], RegExp][] = [
    [
      "an empty range",
      [{ ...rate, low: 0.1 }],
      /space\.0\.high: finetune\.optimiser\.learningRate: the range is empty: high must be above low \(0\.1\), got 0\.1$/,
    ],
    ["log from 0", [{ ...rate, low: 0 }], /space\.0\.low: .*a log range must start above 0, got 0$/],
    ["log with a step", [{ ...rate, step: 0.01 }], /space\.0\.step: .*a log range has no step/],
    [
      "a step beyond the range",
      [{ kind: "int", path: "finetune.epochs", low: 5, high: 8, step: 4 }],
      /no step fits between low \(5\) and high \(8\), got 4/,
    ],
    ["a choice listed twice", [{ kind: "category", path: "a", choices: [[1], 2, [1]] }], /space\.0\.choices: a: \[1\] is listed twice/],
    ["a parameter listed twice", [rate, rate], /space\.1\.path: .*is listed twice/],
    [
      "a condition on nothing",
      [name, { ...momentum, when: { parameter: "finetune.optimiser.nam", equals: ["sgd"] } }],
      /space\.1\.when: finetune\.optimiser\.momentum: its condition names no parameter of the space: did you mean "finetune\.optimiser\.name"\?/,
    ],
    [
      "a condition that never holds",
      [name, { ...momentum, when: { parameter: "finetune.optimiser.name", equals: ["lars"] } }],
      /its condition never holds: finetune\.optimiser\.name has no such value/,
    ],
    [
      "conditions in a ring",
      [
        { kind: "int", path: "a", low: 1, high: 2, when: { parameter: "b", equals: [1] } },
        { kind: "int", path: "b", low: 1, high: 2, when: { parameter: "a", equals: [1] } },
      ],
      /a: conditions go round in a ring: a → b → a/,
    ],
    ["a key that is unknown", [{ ...rate, hihg: 1 }], /unknown key "space\.0\.hihg": did you mean "high"\?/],
    ["an empty space", [], /space: /],
  ];
  for (const [what, space, message] of refused) test(`refuses ${what}`, () => assertUserError(() => parse(space), message));

  test("refuses a sampler that does not exist", () => assertUserError(() => parse([rate], { sampler: { name: "cma" } }), /sampler/));
});
