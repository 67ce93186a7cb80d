/** @file Update rules and schedule against torch's golden values, and the training step that uses them. */
import { readFileSync } from "node:fs";
import * as assert from "uvu/assert";
import { optimiserSchema } from "../config/optimiser.ts";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { assertClose, type Tolerance } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { expectNoLeak } from "../testing/expect-no-leak.ts";
import { range } from "../util/rng.ts";
import { adamw } from "./adamw.ts";
import type { Optimiser, UpdateOutput } from "./base.ts";
import { clipByNorm } from "./clip.ts";
import { ema } from "./ema.ts";
import { optimiserOf } from "./registry.ts";
import { learningRateAt, tauAt } from "./schedule.ts";
import { sgd } from "./sgd.ts";
import type { Learner, LossOutput } from "./learner.ts";
import { disposeState, pureStep, startState, trainStep, type StepResult } from "./train-step.ts";

await startEngine({ threads: 1 });

interface Golden {
  inputs: Record<"w" | "steps" | "target", number[]> & Record<"grads" | "online_per_step", number[][]>;
  params: Record<string, number> & { lr_per_step: number[] };
  expected: Record<"steps" | "target_after_step", number[][]> & Record<"plain" | "lightly" | "paper", number[]>;
  tolerance: { f32: Tolerance; f64: Tolerance };
}
const cases = JSON.parse(readFileSync(new URL("fixtures/optimisers.json", import.meta.url), "utf8")) as (Golden & { name: string })[];
const golden = (name: string): Golden => cases.find((one) => one.name === name)!;

/** Parameters after each update, given gradients; everything decays. */
function run(optimiser: Optimiser, w: number[], grads: number[][], rateAt: (step: number) => number): number[][] {
  return tf.tidy(() => {
    let state: UpdateOutput = startState({ optimiser }, Float32Array.from(w));
    return grads.map((grad, step) => {
      const { flat, slots } = state;
      state = optimiser.update({ flat, slots, grad: tf.tensor1d(grad), learningRate: tf.scalar(rateAt(step)), decay: tf.onesLike(flat) });
      return Array.from(state.flat.dataSync());
    });
  });
}

describe("sgd", (test) => {
  for (const name of ["momentum", "nesterov_wd"])
    test(`follows torch with changing learning rates: ${name}`, () => {
      const { inputs, params, expected, tolerance } = golden(`sgd/${name}`);
      const optimiser = sgd({ momentum: params.momentum, weightDecay: params.weight_decay_L2, nesterov: Boolean(params.nesterov) });
      assertClose(run(optimiser, inputs.w, inputs.grads, (step) => params.lr_per_step[step]).flat(), expected.steps, tolerance.f32);
    });
});

describe("optimiserOf", (test) => {
  test("hands Nesterov's form to sgd, off by default", () => {
    const step = (over: object) => run(optimiserOf(optimiserSchema.parse({ weightDecay: 0, ...over })), [0], [[1]], () => 1)[0];
    assertClose([...step({}), ...step({ nesterov: true })], [-1, -1.9], { rtol: 1e-6 });
  });
});

describe("adamw", (test) => {
  for (const name of ["adamw", "adam"])
    test(`follows torch: ${name}`, () => {
      const { inputs, params, expected, tolerance } = golden(`adam/${name}`);
      const optimiser = adamw({ weightDecay: params.weight_decay, beta1: params.beta1, beta2: params.beta2, epsilon: params.eps });
      assertClose(run(optimiser, inputs.w, inputs.grads, () => params.lr).flat(), expected.steps, tolerance.f32);
    });

  test("moves every parameter by the learning rate at the first update, whatever the gradient's size", () => {
    const [after] = run(adamw({ weightDecay: 0 }), [1, 1, 1], [[1e-3, 5, -70]], () => 0.01);
    assertClose(after, [0.99, 0.99, 1.01], { atol: 1e-6 });
  });
});

describe("every optimiser", (test) => {
  for (const name of ["sgd", "adamw"] as const) {
    const optimiser = optimiserOf(optimiserSchema.parse({ name, weightDecay: 0.1 }));
    const update = (decay: number[], rates?: number[], grad = [0, 0]) =>
      tf.tidy(() => {
        const input = {
          flat: tf.tensor1d([2, 2]),
          grad: tf.tensor1d(grad),
          slots: optimiser.init(2),
          learningRate: tf.scalar(0.5),
          decay: tf.tensor1d(decay),
        };
        return optimiser.update({ ...input, rates: rates && tf.tensor1d(rates) }).flat.dataSync();
      });

    test(`${name}: decays where the mask says, and nowhere else`, () => assertClose(update([1, 0]), [1.9, 2], { atol: 1e-6 }));
    test(`${name}: scales steps by rates, 0 freezes`, () => assertClose(update([1, 1], [0, 2], [9, 0]), [2, 1.8], { atol: 1e-6 }));
  }
});

describe("learningRateAt", (test) => {
  for (const name of ["a", "b"])
    test(`equals the golden schedule ${name}`, () => {
      const { inputs, params, expected, tolerance } = golden(`cosine_warmup/${name}`);
      const schedule = { peak: params.start_value, end: params.end_value, steps: params.max_steps, warmup: params.warmup_steps };
      for (const form of ["plain", "lightly"] as const)
        assertClose(
          inputs.steps.map((step) => learningRateAt({ ...schedule, form }, step)),
          expected[form],
          tolerance.f64,
          form,
        );
    });

  test("starts at the peak without warm-up, ends at the end value and stays there", () => {
    const schedule = { peak: 2, end: 0.5, steps: 10, warmup: 0 };
    assertClose(
      [0, 5, 10, 11].map((step) => learningRateAt(schedule, step)),
      [2, 1.25, 0.5, 0.5],
      { atol: 1e-12 },
    );
  });

  test("is all warm-up where the warm-up fills the run", () => {
    assertClose(
      range(3).map((step) => learningRateAt({ peak: 3, steps: 3, warmup: 3 }, step)),
      [0, 1, 2],
      {},
    );
  });
});

describe("tauAt and ema", (test) => {
  for (const name of ["a", "b"])
    test(`follow the golden average ${name}`, () => {
      const { inputs, params, expected, tolerance } = golden(`byol_tau/${name}`);
      const schedule = { base: params.tau_base, steps: params.total_steps };
      for (const form of ["paper", "lightly"] as const)
        assertClose(
          inputs.steps.map((step) => tauAt({ ...schedule, form }, step)),
          expected[form],
          tolerance.f64,
          form,
        );
      tf.tidy(() => {
        let target = tf.tensor1d(inputs.target);
        inputs.online_per_step.forEach((online, i) => {
          target = ema(target, tf.tensor1d(online), tf.scalar(tauAt(schedule, inputs.steps[i])));
          assertClose(target.dataSync(), expected.target_after_step[i], tolerance.f32, `update ${i}`);
        });
      });
    });

  test("keep a target that equals the online network to the last bit, and take all of it at tau 0", () => {
    tf.tidy(() => {
      const online = tf.tensor1d([0.1, 1e-7, 12345.678]);
      assertClose(ema(online, online, tf.scalar(0.996)).dataSync(), online.dataSync(), {});
      assertClose(ema(tf.zerosLike(online), online, tf.scalar(0)).dataSync(), online.dataSync(), {});
      assert.throws(() => ema(online, tf.tensor1d([1]), tf.scalar(1)), /ema: online must be \[3\], got \[1\]/);
    });
  });
});

describe("clipByNorm", (test) => {
  test("shortens a gradient that is too long, keeps its direction, and leaves a shorter one and zeros as they are", () => {
    tf.tidy(() => {
      const clip = (grad: number[], longest: number) => clipByNorm(tf.tensor1d(grad), longest).dataSync();
      assertClose(clip([3, -4], 1), [0.6, -0.8], { rtol: 1e-6 });
      assertClose(clip([3, -4], 5.1), [3, -4], {});
      assertClose(clip([0, 0], 1), [0, 0], {});
      assert.throws(() => clip([1], 0), /clipByNorm: longest must be > 0, got 0/);
    });
  });

  test("comes before the update rule where the config asks for it, and is off by default", () => {
    const step = (over: object) => run(optimiserOf(optimiserSchema.parse({ weightDecay: 0, ...over })), [1, 1], [[30, -40]], () => 0.1)[0];
    assertClose(step({ clipNorm: 0.5 }), [0.97, 1.04], { rtol: 1e-5 });
    assertClose(step({}), [-2, 5], { rtol: 1e-6 });
  });
});

describe("trainStep", (test) => {
  /** Σ (x - target)², whose gradient is 2(x - target). */
  const loss = (flat: tf.Tensor1D): LossOutput => ({ loss: tf.sum(tf.squaredDifference(flat, tf.tensor1d([3, -1]))) });
  const learnerOf = (optimiser: Optimiser): Learner => ({ optimiser, decay: tf.zeros([2]), loss });
  const dropAll = ({ loss: value, gradientNorm, state }: StepResult) => {
    tf.dispose([value, gradientNorm]);
    disposeState(state);
  };

  test("returns loss and gradient's length before the update, and moves against the gradient", () => {
    const plain = learnerOf(sgd({ momentum: 0, weightDecay: 0 }));
    const result = trainStep(plain, startState(plain, Float32Array.of(1, 1)), [], { learningRate: 0.25 });
    assertClose(result.loss.dataSync(), [8], {});
    assertClose(result.gradientNorm.dataSync(), [Math.hypot(4, 4)], { rtol: 1e-6 });
    assertClose(result.state.flat.dataSync(), [2, 0], {}); // halfway: 1 - 0.25·2·(1 - 3)
    dropAll(result);
    plain.decay.dispose();
  });

  test("reaches the minimum with each optimiser", () => {
    for (const optimiser of [sgd({ momentum: 0.9, weightDecay: 0 }), adamw({ weightDecay: 0 })]) {
      const learner = learnerOf(optimiser);
      let state = startState(learner, Float32Array.of(0, 0));
      for (let step = 0; step < 150; step++) {
        const result = trainStep(learner, state, [], { learningRate: learningRateAt({ peak: 0.1, steps: 150, warmup: 0 }, step) });
        tf.dispose([result.loss, result.gradientNorm]);
        state = result.state;
      }
      assertClose(state.flat.dataSync(), [3, -1], { atol: 0.01 });
      disposeState(state);
      learner.decay.dispose();
    }
  });

  test("consumes the old state and leaves nothing else behind", async () => {
    const learner = learnerOf(adamw({ weightDecay: 0.1 }));
    await expectNoLeak(() => {
      const first = startState(learner, Float32Array.of(0, 0));
      const result = trainStep(learner, first, [], { learningRate: 0.1 });
      assert.ok(first.flat.isDisposed && first.slots.every((slot) => slot.isDisposed));
      dropAll(result);
    });
    learner.decay.dispose();
  });

  test("keeps the old state when the loss throws", async () => {
    const learner = learnerOf(sgd({ momentum: 0.9, weightDecay: 0 }));
    const state = startState(learner, Float32Array.of(0, 0));
    const broken = () => {
      throw new Error("broken loss");
    };
    await expectNoLeak(() => assert.throws(() => trainStep({ ...learner, loss: broken }, state, [], { learningRate: 0.1 }), /broken loss/));
    assert.not(state.flat.isDisposed);
    disposeState(state);
    learner.decay.dispose();
  });

  test("pureStep disposes none of its inputs", () => {
    tf.tidy(() => {
      const learner = learnerOf(sgd({ momentum: 0.9, weightDecay: 0 }));
      const state = startState(learner, Float32Array.of(0, 0));
      const step = () =>
        pureStep(learner, state, [], { learningRate: tf.scalar(0.1), completes: tf.scalar(1), scalars: {} }).state.flat.dataSync();
      assertClose(step(), step(), {});
    });
  });
});
