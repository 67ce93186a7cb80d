import * as assert from "uvu/assert";
import { spaceSchema, tuneSchema, type Params, type Trial, type TuneConfig } from "../../config/tune.ts";
import { assertUserError } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import { range, rngOf } from "../../util/rng.ts";
import { fits } from "../space.ts";
import { suggest, trialSeed } from "../suggest.ts";
import { pointAt } from "../uniform.ts";
import { split } from "./tpe.ts";

const space = [
  { kind: "category" as const, path: "optimiser", choices: ["sgd", "adamw"] },
  { kind: "float" as const, path: "rate", low: 1e-4, high: 1, log: true },
  { kind: "int" as const, path: "epochs", low: 5, high: 50, step: 5 },
  { kind: "float" as const, path: "momentum", low: 0, high: 0.9, step: 0.1, when: { parameter: "optimiser", equals: ["sgd"] } },
];
const config = (sampler: "tpe" | "random" | "sobol", seed = 0): TuneConfig => tuneSchema.parse({ space, sampler: { name: sampler }, seed });
const trial = (number: number, value: number | null, rest: Partial<Trial> = {}): Trial => ({
  number,
  params: pointAt(
    spaceSchema.parse(space),
    range(4).map(() => rngOf(number, "test").next()),
  ),
  state: "complete",
  value,
  steps: {},
  folds: {},
  ...rest,
});
const history = range(30).map((number) => trial(number, rngOf(number, "value").normal()));

describe("suggest", (test) => {
  for (const name of ["tpe", "random", "sobol"] as const) {
    test(`${name}: every point fits the space, with an empty and with a full history`, () => {
      for (const number of range(60)) {
        assert.ok(fits(spaceSchema.parse(space), suggest(config(name), [], { number, jobs: 100 })));
        assert.ok(fits(spaceSchema.parse(space), suggest(config(name), history, { number: 30 + number })));
      }
    });
    test(`${name}: depends on seed and number, not on the order in which trials ended`, () => {
      const at = (trials: readonly Trial[], seed: number, number: number) =>
        JSON.stringify(suggest(config(name, seed), trials, { number, jobs: 4 }));
      assert.is(at(history, 1, 32), at([...history].reverse(), 1, 32));
      assert.is(new Set(range(10).map((seed) => at(history, seed, 32))).size, 10);
      assert.is(new Set(range(10).map((number) => at(history, 1, 31 + number))).size, 10);
    });
    test(`${name}: neither a running trial's value nor one beyond the window of jobs matters`, () => {
      const later = history.map((each) => (each.number > 26 ? trial(each.number, 1e6, { params: each.params }) : each));
      assert.equal(suggest(config(name), later, { number: 30, jobs: 4 }), suggest(config(name), history, { number: 30, jobs: 4 }));
    });
  }

  test("a trial that must have ended and has not is an error of the driver", () =>
    assert.throws(
      () => suggest(config("tpe"), [trial(3, null, { state: "running" })], { number: 5, jobs: 2 }),
      /trial 3 must have ended before trial 5 is chosen/,
    ));

  test("sobol with more parameters than tabled dimensions says what to do", () => {
    const wide = tuneSchema.parse({
      space: range(65).map((i) => ({ kind: "float", path: `x${i}`, low: 0, high: 1 })),
      sampler: { name: "sobol" },
    });
    return assertUserError(
      () => suggest(wide, [], { number: 0 }),
      /65 parameters and the table 64 dimensions; choose the sampler tpe or random/,
    );
  });

  test("seeds of trials differ", () => assert.is(new Set(range(1000).map((number) => trialSeed(7, number))).size, 1000));
});

describe("tpe", (test) => {
  const options = { goodShare: 0.1, goodMost: 25, constantLiar: true };
  const numbers = (trials: readonly Trial[]) => trials.map(({ number }) => number);

  test("good are the best ceil(n/10) of those that ended, at most 25", () => {
    const of = (n: number) =>
      split(
        range(n).map((i) => trial(i, (i * 7) % n)),
        "minimise",
        options,
      ).good.length;
    assert.equal([1, 10, 11, 30, 250, 400].map(of), [1, 1, 2, 3, 25, 25]);
  });

  test("maximise takes the largest; pruned ones come last, those that got furthest first; running ones are bad", () => {
    const trials = [
      trial(0, 1),
      trial(1, 9, { state: "pruned", folds: { 0: 9 } }),
      trial(2, 2),
      trial(3, 3, { state: "pruned", folds: { 0: 3, 1: 3 } }),
      trial(4, null, { state: "running" }),
    ];
    const of = (goodShare: number) => split(trials, "maximise", { ...options, goodShare });
    assert.equal(numbers(of(0.25).good), [2]);
    assert.equal(numbers(of(0.5).good), [0, 2]);
    assert.equal(numbers(of(0.75).good), [0, 2, 3]);
    assert.equal(numbers(of(0.25).others), [0, 1, 3, 4]);
    assert.equal(numbers(split(trials, "maximise", { ...options, constantLiar: false }).others), [0, 1, 3]);
  });

  test("looks where good trials were: the mean distance to the optimum is far below that of uniform draws", () => {
    const line = tuneSchema.parse({ space: [{ kind: "float", path: "x", low: 0, high: 1 }], direction: "minimise" });
    const seen = range(40).map((i): Trial => trial(i, (i / 39 - 0.7) ** 2, { params: { x: i / 39 } }));
    const distance = (seed: number) => Math.abs((suggest({ ...line, seed }, seen, { number: 40 }).x as number) - 0.7);
    const mean = range(200).reduce((sum, seed) => sum + distance(seed) / 200, 0);
    assert.ok(mean < 0.15, `mean distance ${mean}; uniform draws have 0.29`);
  });

  test("running trials push those beside them away where kernels are wide, unless constantLiar is off", () => {
    const line = (constantLiar: boolean) =>
      tuneSchema.parse({
        space: [{ kind: "float", path: "x", low: 0, high: 1 }],
        sampler: { name: "tpe", constantLiar, bandwidth: "range" },
        direction: "minimise",
      });
    const seen = range(20).map((i): Trial => trial(i, (i / 19 - 0.5) ** 2, { params: { x: i / 19 } }));
    const running = range(8).map((i): Trial => trial(20 + i, null, { state: "running", params: { x: 0.5 } }));
    const distance = (liar: boolean) =>
      range(100).reduce(
        (sum, seed) =>
          sum + Math.abs((suggest({ ...line(liar), seed }, [...seen, ...running], { number: 28, jobs: 9 }).x as number) - 0.5) / 100,
        0,
      );
    assert.ok(distance(true) > 1.3 * distance(false), `${distance(true)} with, ${distance(false)} without`);
  });

  test("settings of a branch are learnt from the trials that had them", () => {
    // momentum 0.9 is good with sgd; adamw is bad throughout
    const seen = range(40).map((i): Trial => {
      const rng = rngOf(i, "branch");
      const shared = { rate: 10 ** (-4 * rng.next()), epochs: 5 + 5 * rng.int(10) };
      const params: Params = i % 2 ? { ...shared, optimiser: "sgd", momentum: (i % 10) / 10 } : { ...shared, optimiser: "adamw" };
      return trial(i, (params.momentum as number | undefined) ?? -1, { params });
    });
    const drawn = range(100).map((seed) => suggest(config("tpe", seed), seen, { number: 40 }));
    const sgd = drawn.filter(({ optimiser }) => optimiser === "sgd");
    assert.ok(sgd.length > 70, `${sgd.length} of 100 with sgd`);
    const mean = sgd.reduce((sum, { momentum }) => sum + (momentum as number) / sgd.length, 0);
    assert.ok(mean > 0.6, `mean momentum ${mean}; uniform draws have 0.45`);
  });

  test("a branch is judged by what it leads to: the one with an untried good place wins against the one that is better on the whole", () => {
    const branch = (name: string) => ({ kind: "float" as const, path: name, low: 0, high: 1, when: { parameter: "kind", equals: [name] } });
    const tree = tuneSchema.parse({
      space: [{ kind: "category", path: "kind", choices: ["a", "b"] }, branch("a"), branch("b")],
      direction: "minimise",
    });
    // two good trials of 20, one a branch; of the bad ones a has 6 all over its range, b has 12 far from its good one
    const seen = [
      ...[trial(0, 0, { params: { kind: "a", a: 0.5 } }), trial(1, 0, { params: { kind: "b", b: 0.9 } })],
      ...range(6).map((i) => trial(2 + i, 1, { params: { kind: "a", a: i / 5 } })),
      ...range(12).map((i) => trial(8 + i, 1, { params: { kind: "b", b: i / 110 } })),
    ];
    const drawn = range(100).map((seed) => suggest({ ...tree, seed }, seen, { number: 20 }));
    const there = drawn.filter(({ kind, b }) => kind === "b" && (b as number) > 0.6).length;
    assert.ok(there > 80, `${there} of 100; a has the larger ratio of good to bad by itself`);
  });
});
