/** @file The compiled step against the step op by op. */
import * as assert from "uvu/assert";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { expectNoLeak } from "../testing/expect-no-leak.ts";
import { adamw } from "./adamw.ts";
import type { Optimiser } from "./base.ts";
import { sgd } from "./sgd.ts";
import { compileTraining, disposeState, startState, trainStep, type BatchLoss, type Rule, type TrainState } from "./train-step.ts";

await startEngine({ threads: 1 });

/** Pulls parameters [3] towards the batch's mean [3], the further the harder. */
const loss: BatchLoss = (flat, [batch]) => tf.sum(tf.pow(tf.sub(flat, tf.mean(batch, 0)), 4));
const batchOf = (step: number): tf.Tensor[] => [tf.tensor2d([step, 1, -1, 1, step, 0], [2, 3])];
const rateOf = (step: number): number => 0.01 / (step + 1);
const initial = Float32Array.of(1, -2, 0.5);

/** Parameters after each of four steps. */
function run(optimiser: Optimiser, rates: number[] | undefined, compiled: boolean): number[][] {
  return tf.tidy(() => {
    const rule: Rule = { optimiser, decay: tf.tensor1d([1, 1, 0]), rates: rates && tf.tensor1d(rates) };
    let state: TrainState = startState(optimiser, initial);
    const training = compiled ? compileTraining(rule, loss, { state, batch: batchOf(0), learningRate: 0.01 }) : undefined;
    if (training) assert.is(training.mode, "graph", training.reason);
    const steps = [0, 1, 2, 3].map((step) => {
      const result = training
        ? training.step(state, batchOf(step), rateOf(step))
        : trainStep(rule, (flat) => loss(flat, batchOf(step)), state, rateOf(step));
      state = result.state;
      return [...result.loss.dataSync(), ...state.flat.dataSync()];
    });
    training?.dispose();
    return steps;
  });
}

describe("compileTraining", (test) => {
  const optimisers = { sgd: sgd({ momentum: 0.9, weightDecay: 0.1 }), adamw: adamw({ weightDecay: 0.1 }) };
  for (const [name, optimiser] of Object.entries(optimisers))
    for (const rates of [undefined, [1, 0.5, 0]])
      test(`follows the step op by op, ${name}${rates ? " with rates" : ""}`, () =>
        assertClose(run(optimiser, rates, true).flat(), run(optimiser, rates, false).flat(), { rtol: 1e-5, atol: 1e-6 }));

  test("consumes the old state, leaves the batch alone and keeps nothing else", async () => {
    const rule: Rule = { optimiser: optimisers.adamw, decay: tf.zeros([3]) };
    const batch = batchOf(1);
    await expectNoLeak(() => {
      const first = startState(rule.optimiser, initial);
      const training = compileTraining(rule, loss, { state: first, batch, learningRate: 0.1 });
      const { loss: value, state } = training.step(first, batch, 0.1);
      assert.ok(first.flat.isDisposed && first.slots.every((slot) => slot.isDisposed));
      training.dispose();
      value.dispose();
      disposeState(state);
    });
    assert.not(batch[0].isDisposed);
    tf.dispose([rule.decay, batch]);
  });

  test("keeps the old state when a batch has another shape", () => {
    const rule: Rule = { optimiser: optimisers.sgd, decay: tf.zeros([3]) };
    const state = startState(rule.optimiser, initial);
    const training = compileTraining(rule, loss, { state, batch: batchOf(0), learningRate: 0.1 });
    assert.throws(() => training.step(state, [tf.ones([3, 3])], 0.1), /must be float32 \[2,3\] as in the example, got float32 \[3,3\]/);
    assert.not(state.flat.isDisposed);
    training.dispose();
  });
});
