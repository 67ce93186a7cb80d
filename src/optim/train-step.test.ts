/** @file The compiled step against the step op by op: optimisers, by-products, what is carried, accumulated gradients. */
import * as assert from "uvu/assert";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { expectNoLeak } from "../testing/expect-no-leak.ts";
import { range } from "../util/rng.ts";
import { adamw } from "./adamw.ts";
import { ema } from "./ema.ts";
import type { Learner, TrainState } from "./learner.ts";
import { sgd } from "./sgd.ts";
import { compileTraining, disposeState, startState, tensorsOf, trainStep } from "./train-step.ts";

await startEngine({ threads: 1 });

const batchOf = (step: number): tf.Tensor[] => [tf.tensor2d([step, 1, -1, 1, step, 0], [2, 3])];
const rateOf = (step: number): number => 0.01 / (step + 1);
const initial = Float32Array.of(1, -2, 0.5);
const sgdRule = sgd({ momentum: 0.9, weightDecay: 0.1 });
const optimisers = { sgd: sgdRule, adamw: adamw({ weightDecay: 0.1 }) };

/** Pulls parameters [3] towards the batch's mean [3], the further the harder. */
const plain = (over: Partial<Learner> = {}): Learner => ({
  optimiser: sgdRule,
  decay: tf.tensor1d([1, 1, 0]),
  loss: (flat, [batch]) => ({ loss: tf.sum(tf.pow(tf.sub(flat, tf.mean(batch, 0)), 4)) }),
  ...over,
});
/** The same with all there is: doubled batches, an average that follows, the batch's mean to those who watch. */
const rich = (over: Partial<Learner> = {}): Learner =>
  plain({
    prepare: ([batch]) => [tf.mul(batch, 2)],
    loss(flat, [batch], { carried, scalars }) {
      const mean = tf.mean<tf.Tensor1D>(batch, 0);
      const pulled = tf.add(tf.squaredDifference(flat, mean), tf.mul(scalars.weight, tf.squaredDifference(flat, carried.target)));
      return { loss: tf.sum(pulled), aux: { mean } };
    },
    after: ({ flat, aux, carried, scalars }) => ({
      flat: tf.add(flat, tf.mul(aux.mean as tf.Tensor1D, 1e-3)),
      carried: { target: ema(carried.target, flat, scalars.tau), last: aux.mean },
    }),
    ...over,
  });
const richCarried = () => ({ target: tf.tensor1d([9, 9, 9]), last: tf.zeros([3]) });
const scalarsAt = (step: number) => ({ tau: 0.9 + step / 100, weight: 0.5 });

/** Loss, gradient's length, by-products and whole state after each of some steps. */
function run(learner: Learner, carried: TrainState["carried"], compiled: boolean, steps = 4): number[][] {
  return tf.tidy(() => {
    let state = startState(learner, initial, carried);
    const numbersAt = (step: number) => ({
      learningRate: rateOf(step),
      completes: step % (learner.accumulate ?? 1) === (learner.accumulate ?? 1) - 1,
      scalars: scalarsAt(step),
    });
    const numbers = { ...numbersAt(0), completes: true };
    const training = compiled ? compileTraining(learner, { state, inputs: batchOf(0), numbers }) : undefined;
    if (training) assert.is(training.mode, "graph", training.reason);
    const results = range(steps).map((step) => {
      const result = training
        ? training.step(state, batchOf(step), numbersAt(step))
        : trainStep(learner, state, batchOf(step), numbersAt(step));
      state = result.state;
      return [result.loss, result.gradientNorm, ...Object.values(result.aux), ...tensorsOf(state)].flatMap((each) =>
        Array.from(each.dataSync()),
      );
    });
    training?.dispose();
    return results;
  });
}
const close = (a: number[][], b: number[][]) => assertClose(a.flat(), b.flat(), { rtol: 1e-5, atol: 1e-6 });

describe("compileTraining", (test) => {
  for (const [name, optimiser] of Object.entries(optimisers))
    for (const rates of [undefined, [1, 0.5, 0]])
      test(`follows the step op by op, ${name}${rates ? " with rates" : ""}`, () => {
        const learner = plain({ optimiser, rates: rates && tf.tensor1d(rates) });
        close(run(learner, {}, true), run(learner, {}, false));
      });
  for (const accumulate of [1, 2])
    test(`follows it with preparation, by-products, numbers and carried tensors, ${accumulate} batches an update`, () =>
      close(run(rich({ accumulate }), richCarried(), true), run(rich({ accumulate }), richCarried(), false)));

  test("consumes the old state, leaves the batch alone and keeps nothing else", async () => {
    const batch = batchOf(1);
    const learner = rich({ optimiser: optimisers.adamw });
    const numbers = { learningRate: 0.1, scalars: scalarsAt(0) };
    await expectNoLeak(() => {
      const first = startState(learner, initial, richCarried());
      const training = compileTraining(learner, { state: first, inputs: batch, numbers });
      const result = training.step(first, batch, numbers);
      assert.ok(tensorsOf(first).every((tensor) => tensor.isDisposed));
      training.dispose();
      tf.dispose([result.loss, result.gradientNorm, result.aux]);
      disposeState(result.state);
    });
    assert.not(batch[0].isDisposed);
    tf.dispose([learner.decay, batch]);
  });

  test("keeps the old state when a batch has another shape", () => {
    const learner = plain();
    const state = startState(learner, initial);
    const training = compileTraining(learner, { state, inputs: batchOf(0), numbers: { learningRate: 0.1 } });
    assert.throws(
      () => training.step(state, [tf.ones([3, 3])], { learningRate: 0.1 }),
      /must be float32 \[2,3\] as in the example, got float32 \[3,3\]/,
    );
    assert.not(state.flat.isDisposed);
    training.dispose();
  });
});

describe("trainStep", (test) => {
  test("moves parameters, and then what is carried, as by hand", () => {
    const seen = [1, 1, -1]; // twice the mean of [0, 1, -1] and [1, 0, 0]
    const moved = Array.from(initial, (w, i) => {
      const gradient = 2 * (w - seen[i]) + 0.5 * 2 * (w - 9);
      return w - rateOf(0) * (gradient + (i < 2 ? 0.1 * w : 0));
    });
    const expected = [...seen, ...moved.map((w, i) => w + 1e-3 * seen[i])]; // by-product, parameters
    const { tau } = scalarsAt(0);
    const [result] = run(rich(), richCarried(), false, 1);
    assertClose(result.slice(2, 8), expected, { rtol: 1e-5 });
    assertClose(result.slice(-6), [...moved.map((w) => tau * 9 + (1 - tau) * w), ...seen], { rtol: 1e-5 });
  });
  test("averages gradients over batches, and moves only with the last of them", () => {
    const learner = plain({ optimiser: sgd({ momentum: 0, weightDecay: 0 }), accumulate: 2 });
    const [first, second] = run(learner, {}, false, 2).map((values) => values.slice(2, 5));
    assertClose(first, initial, {});
    const moved = Array.from(initial, (w, i) => {
      const gradients = [0, 1].map((step) => 4 * (w - (i < 2 ? (step + 1) / 2 : -0.5)) ** 3);
      return w - (rateOf(1) * (gradients[0] + gradients[1])) / 2;
    });
    assertClose(second, moved, { rtol: 1e-5 });
  });
});
