import { setTimeout as delay } from "node:timers/promises";
import * as assert from "uvu/assert";
import { tuneSchema, type Params, type Trial, type TuneInput } from "../config/tune.ts";
import { assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { range, rngOf } from "../util/rng.ts";
import { trialsOf, type TrialEvent } from "./history.ts";
import { search, type SearchOptions } from "./search.ts";

const input: TuneInput = {
  space: [
    { kind: "float", path: "x", low: -1, high: 1 },
    { kind: "category", path: "kind", choices: ["a", "b"] },
    { kind: "int", path: "k", low: 1, high: 9, when: { parameter: "kind", equals: ["b"] } },
  ],
  sampler: { name: "tpe", startupTrials: 5 },
  direction: "minimise",
  trials: 24,
  seed: 3,
};
const config = tuneSchema.parse(input);
const valueOf = ({ x, kind, k = 5 }: Params): number => (x as number) ** 2 + (kind === "a" ? 0 : ((k as number) - 3) ** 2 / 10);
/** Six folds around the trial's value; the folds' own differences are the same for every trial. */
const foldsOf = (params: Params, number: number): number[] =>
  range(6).map((fold) => valueOf(params) + fold / 10 + rngOf(number, "fold", fold).normal() / 50);

/** A trial of six folds that ends when it is told to. */
const evaluate: SearchOptions["evaluate"] = async ({ params, number }, { report }) => {
  const folds = foldsOf(params, number);
  for (const [fold, value] of folds.entries()) if ((await report({ fold, value })) === "prune") throw new Error("stopped");
  return folds.reduce((sum, value) => sum + value / 6, 0);
};

async function run(options: Partial<SearchOptions> = {}, settings = config): Promise<{ events: TrialEvent[]; trials: Trial[] }> {
  const events: TrialEvent[] = [];
  const trials = await search(settings, { evaluate, record: (event) => void events.push(event), ...options });
  return { events, trials };
}

describe("search", (test) => {
  const pruning = tuneSchema.parse({ ...input, pruner: { name: "wilcoxon" } });

  test("its events make the trials that it returns, every one ended, the best near the optimum", async () => {
    const { events, trials } = await run();
    assert.equal(trialsOf(events), trials);
    assert.equal(
      trials.map(({ number, state }) => [number, state]),
      range(24).map((number) => [number, "complete"]),
    );
    assert.ok(trials.some(({ value }) => value! < 0.3)); // 0.25 is the folds' mean at the optimum
  });

  test("killed after any event and started again, it has the same trials as unbroken; pruned ones too", async () => {
    const whole = await run({}, pruning);
    assert.ok(whole.trials.some(({ state }) => state === "pruned"));
    for (const killAfter of [1, 2, 9, 20, 45, 46, 47, whole.events.length - 1]) {
      const events: TrialEvent[] = [];
      // the process dies: the event is stored and nothing follows
      const died = search(pruning, {
        evaluate,
        record: (event) => (events.push(event) < killAfter ? undefined : new Promise(() => undefined)),
      });
      await Promise.race([died, delay(20)]);
      const again = await run({ history: trialsOf(events) }, pruning);
      assert.equal(again.trials, whole.trials, `killed after ${killAfter}`);
      assert.equal(trialsOf([...events, ...again.events]), whole.trials, "all events of both attempts");
    }
  });

  for (const jobs of [2, 4])
    test(`${jobs} jobs: the same trials whichever end first, never more than ${jobs} at once, and killed in between`, async () => {
      const runs = [];
      for (const seed of range(4)) {
        const rng = rngOf(seed, "delay");
        let [now, most] = [0, 0];
        const events: TrialEvent[] = [];
        const slow: SearchOptions["evaluate"] = async (trial, tools) => {
          most = Math.max(most, ++now);
          await delay(rng.next() * 4);
          return evaluate(trial, tools).finally(() => now--);
        };
        const stop = new AbortController();
        const record = (event: TrialEvent) => void events.push(event);
        if (seed > 1) {
          const failing: SearchOptions["evaluate"] = async (trial, tools) => {
            if (trial.number === 10) stop.abort();
            tools.signal.throwIfAborted();
            return slow(trial, tools);
          };
          await search(pruning, { jobs, evaluate: failing, record, signal: stop.signal }).catch(() => undefined);
          assert.ok(trialsOf(events).some(({ state }) => state === "running"));
        }
        await search(pruning, { jobs, evaluate: slow, record, history: trialsOf(events) });
        assert.is(most, jobs);
        runs.push(trialsOf(events));
      }
      for (const other of runs.slice(1)) assert.equal(other, runs[0]);
    });

  test("a trial that throws, or has no finite value, is recorded as failed with its reason, and the search goes on", async () => {
    const { trials } = await run({
      evaluate: async (trial, tools) => {
        if (trial.number === 4) throw new Error("out of memory");
        return trial.number === 7 ? NaN : evaluate(trial, tools);
      },
    });
    assert.is(trials.length, 24);
    assert.equal([trials[4].state, trials[4].reason, trials[4].value], ["failed", "out of memory", null]);
    assert.equal([trials[7].state, trials[7].reason], ["failed", "its value is NaN, not a finite number"]);
    assert.is(trials.filter(({ state }) => state === "complete").length, 22);
  });

  test("a failed trial of an earlier attempt stays failed", async () => {
    const first = await run({ evaluate: () => Promise.reject(new Error("dead")) }, { ...config, trials: 3 });
    const again = await run({ history: first.trials }, { ...config, trials: 6 });
    assert.equal(
      again.trials.map(({ state }) => state),
      [...range(3).map(() => "failed"), ...range(3).map(() => "complete")],
    );
  });

  test("the time is over: nothing starts any more, what runs ends", async () => {
    let clock = 0;
    const { trials } = await run({
      timeoutMs: 100,
      now: () => clock,
      jobs: 2,
      evaluate: (trial, tools) => ((clock += 30), evaluate(trial, tools)),
    });
    assert.equal(
      trials.map(({ state }) => state),
      ["complete", "complete", "complete", "complete"],
    );
    await run({ timeoutMs: 100 }).then(
      () => assert.unreachable(),
      (error: Error) => assert.match(error.message, /a timeout must come with now/),
    );
  });

  test("told to stop: what runs is left to run again, and the reason is thrown", async () => {
    const stop = new AbortController();
    const events: TrialEvent[] = [];
    const interrupted: SearchOptions["evaluate"] = async (trial, tools) => {
      if (trial.number === 5) stop.abort(new Error("Ctrl-C"));
      tools.signal.throwIfAborted();
      return evaluate(trial, tools);
    };
    await search(config, { evaluate: interrupted, record: (event) => void events.push(event), signal: stop.signal }).then(
      () => assert.unreachable(),
      (error: Error) => assert.is(error.message, "Ctrl-C"),
    );
    assert.equal(
      trialsOf(events).map(({ state }) => state),
      [...range(5).map(() => "complete"), "running"],
    );
  });

  test("what cannot be stored ends the search, even where a trial swallows it", async () => {
    const full = new Error("no space left on device");
    const swallow: SearchOptions["evaluate"] = (_, { report }) =>
      report({ step: 0, value: 1 })
        .then(() => 1)
        .catch(() => 2);
    for (const kind of ["start", "step", "end"])
      await run({
        evaluate: swallow,
        record: (event) => {
          if (event.number === 3 && event.kind === kind) throw full;
        },
      }).then(
        () => assert.unreachable(kind),
        (error: Error) => assert.is(error, full),
      );
  });

  test("a trial with nothing left to do is not pruned, however bad its last fold is", async () => {
    const telling: SearchOptions["evaluate"] = async ({ params, number }, { report }) => {
      const folds = foldsOf(params, number);
      for (const [fold, value] of folds.entries())
        if ((await report({ fold, value, last: fold === folds.length - 1 })) === "prune") throw new Error("stopped");
      return folds.reduce((sum, value) => sum + value / 6, 0);
    };
    const { trials, events } = await run({ evaluate: telling }, pruning);
    const pruned = trials.filter(({ state }) => state === "pruned").map(({ folds }) => Object.keys(folds).length);
    assert.ok(pruned.length > 0 && Math.max(...pruned) < 6);
    assert.ok(events.every((event) => !("last" in event)));
  });

  test("pruned trials keep what they had reached: the mean of their folds, or their last step", async () => {
    const { trials } = await run({}, pruning);
    const { folds, value } = trials.find(({ state }) => state === "pruned")!;
    const values = Object.values(folds);
    assert.ok(values.length >= 4 && Math.abs(value! - values.reduce((sum, each) => sum + each / values.length, 0)) < 1e-12);
    const stepped = await run(
      {
        evaluate: async ({ number }, { report }) => {
          for (const step of range(3)) if ((await report({ step, value: number - step / 10 })) === "prune") return NaN;
          return number;
        },
      },
      tuneSchema.parse({ ...input, pruner: { name: "median" } }),
    );
    assert.equal([stepped.trials[8].state, stepped.trials[8].value, stepped.trials[8].steps], ["pruned", 8, { 0: 8 }]);
  });

  test("refuses a history of another space, a number twice, and a report that is no number", async () => {
    const { trials } = await run({}, { ...config, trials: 2 });
    const other = tuneSchema.parse({ ...input, space: [{ kind: "float", path: "y", low: 0, high: 1 }] });
    await assertUserError(
      () => run({ history: trials }, other),
      /trial 0 of the history has parameters that the search space does not allow .*restore the space/,
    );
    await assertUserError(() => run({ history: [trials[0], trials[0]] }), /trial 0 is in the history twice/);
    const { trials: failed } = await run(
      { evaluate: async (_, { report }) => (await report({ step: 1, value: NaN }), 1) },
      { ...config, trials: 1 },
    );
    assert.match(failed[0].reason!, /trial 0 reported NaN/);
  });

  test("a space that the sampler cannot search ends it with the sampler's words", () =>
    assertUserError(
      () =>
        run(
          {},
          tuneSchema.parse({
            ...input,
            space: range(65).map((i) => ({ kind: "int", path: `p${i}`, low: 1, high: 2 })),
            sampler: { name: "sobol" },
          }),
        ),
      /65 parameters/,
    ));
});
