/** @file LARS against lightly's golden values, its rules of exclusion and clipping, and the numbers per tensor that it is made of. */
import { readFileSync } from "node:fs";
import * as assert from "uvu/assert";
import { optimiserSchema } from "../config/optimiser.ts";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { assertClose, type Tolerance } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { expectNoLeak } from "../testing/expect-no-leak.ts";
import type { Optimiser } from "./base.ts";
import { lars, type LarsOptions } from "./lars.ts";
import { factorsPerTensor, normPerTensor, spreadPerTensor } from "./per-tensor.ts";
import { optimiserOf } from "./registry.ts";
import { sgd } from "./sgd.ts";

await startEngine({ threads: 1 });

type Tensors = Record<"kernel" | "bias" | "kernel2", unknown[]>;
interface Golden {
  name: string;
  inputs: Tensors & { grads: Tensors[] };
  params: Record<string, number> & { lr_per_step: number[] };
  expected: { steps: Tensors[] };
  tolerance: { f32: Tolerance };
}
const cases = JSON.parse(readFileSync(new URL("fixtures/optimisers.json", import.meta.url), "utf8")) as Golden[];
const flatten = ({ kernel, bias, kernel2 }: Tensors): number[] => [kernel, bias, kernel2].flat(3) as number[];

/** Parameters after each update. */
function run(optimiser: Optimiser, start: number[], grads: number[][], decay: ArrayLike<number>, rates = grads.map(() => 1)): number[][] {
  return tf.tidy(() => {
    let [flat, slots] = [tf.tensor1d(start), optimiser.init(start.length)];
    return grads.map((grad, i) => {
      const input = { flat, slots, grad: tf.tensor1d(grad), learningRate: tf.scalar(rates[i]), decay: tf.tensor1d(Array.from(decay)) };
      ({ flat, slots } = optimiser.update(input));
      return Array.from(flat.dataSync());
    });
  });
}
/** Two tensors of 2, without momentum; the second is a bias. */
const step = (over: Partial<LarsOptions>, start: number[], grad: number[], { decay = [1, 1, 0, 0], rate = 1 } = {}): number[] =>
  run(lars({ momentum: 0, weightDecay: 0, trust: 0.1, sizes: [2, 2], ...over }), start, [grad], decay, [rate])[0];

describe("lars", (test) => {
  for (const { name, inputs, params, expected, tolerance } of cases.filter((one) => one.name.startsWith("lars/")))
    test(`follows lightly: ${name}`, () => {
      const sizes = [12, 4, 8];
      const optimiser = lars({
        momentum: params.momentum,
        weightDecay: params.weight_decay,
        trust: params.trust_coefficient,
        epsilon: params.eps,
        sizes,
      });
      const decay = factorsPerTensor([1, 0, 1], sizes);
      const steps = run(optimiser, flatten(inputs), inputs.grads.map(flatten), decay, params.lr_per_step);
      assertClose(steps.flat(), expected.steps.flatMap(flatten), tolerance.f32);
    });

  test("moves a tensor by the trusted share of its length, whatever the gradient's size, and a bias by its gradient", () => {
    for (const size of [1e-3, 1, 1e4]) assertClose(step({}, [3, 4, 1, 1], [size, 0, 0.25, 0]), [2.5, 4, 0.75, 1], { rtol: 1e-4 });
  });
  test("moves a tensor of zeros by its gradient, and one without gradient not at all, not even by decay", () => {
    assertClose(step({ weightDecay: 0.5 }, [0, 0, 1, 1], [2, 0, 0, 0]), [-2, 0, 1, 1], {});
    assertClose(step({ weightDecay: 0.5 }, [3, 4, 1, 1], [0, 0, 0, 0]), [3, 4, 1, 1], {});
  });
  test("takes decay factors of groups into direction and ratio: factor 3 is three times the decay", () => {
    const [start, grad] = [
      [3, 4, 1, 1],
      [1, -2, 0, 0],
    ];
    const tripled = step({ weightDecay: 0.3 }, start, grad);
    assertClose(step({ weightDecay: 0.1 }, start, grad, { decay: [3, 3, 0, 0] }), tripled, { rtol: 1e-6 });
  });
  test("clipped, goes no further than plain SGD, and as far as before where that is less", () => {
    const [start, grad] = [
      [3, 4, 1, 1],
      [0.01, 0, 0, 0],
    ];
    assertClose(step({ clip: true }, start, grad, { rate: 0.5 }), [2.995, 4, 1, 1], { rtol: 1e-6 }); // a ratio of 50/0.5 becomes 1
    // ratio 0.1·5/100 = 0.005, over the rate 0.01: step 0.5·0.01·100
    assertClose(step({ clip: true }, start, [100, 0, 0, 0], { rate: 0.5 }), [2.5, 4, 1, 1], { rtol: 1e-5 });
    assertClose(step({ clip: true }, start, grad, { rate: 0 }), start, {}); // the first update of a warm-up
  });
  test("is plain SGD with momentum where nothing decays", () => {
    const grads = [
      [1, 2, 3, 4],
      [-1, 0, 2, 5],
    ];
    for (const nesterov of [false, true]) {
      const plain = run(sgd({ momentum: 0.9, weightDecay: 0, nesterov }), [1, 2, 3, 4], grads, [0, 0, 0, 0]);
      const other = run(lars({ momentum: 0.9, weightDecay: 0.1, nesterov, sizes: [3, 1] }), [1, 2, 3, 4], grads, [0, 0, 0, 0]);
      assertClose(other.flat(), plain.flat(), {});
    }
  });
  test("is made from the config, with the sizes of the network's tensors", () => {
    const config = optimiserSchema.parse({ name: "lars", weightDecay: 0, lars: { trust: 0.1 } });
    assertClose(run(optimiserOf(config, [2]), [3, 4], [[7, 0]], [1, 1])[0], [2.5, 4], { rtol: 1e-5 });
    assert.throws(() => optimiserOf(config, [2, 2]).init(5), /lars: sizes must add up to 5 parameters, got 4/);
    assert.throws(() => optimiserSchema.parse({ lars: { eps: 1 } }), /eps/);
  });
  test("leaves no tensor behind but parameters and state", async () => {
    const optimiser = lars({ momentum: 0.9, weightDecay: 0.1, clip: true, sizes: [2, 2] });
    const [flat, grad, decay] = [tf.tensor1d([1, 2, 3, 4]), tf.tensor1d([1, 1, 1, 1]), tf.tensor1d([1, 1, 0, 0])];
    const learningRate = tf.scalar(0.1);
    await expectNoLeak(() => {
      const slots = optimiser.init(4);
      const after = optimiser.update({ flat, grad, decay, slots, learningRate });
      tf.dispose([after.flat, ...after.slots, ...slots]);
    });
    tf.dispose([flat, grad, decay, learningRate]);
  });
});

describe("numbers per tensor", (test) => {
  test("are lengths of parts, and spread over them again", () =>
    tf.tidy(() => {
      const sizes = [2, 1, 3];
      const norms = normPerTensor(tf.tensor1d([3, 4, -2, 1, 2, 2]), sizes);
      assertClose(norms.dataSync(), [5, 2, 3], { rtol: 1e-6 });
      assertClose(spreadPerTensor(norms, sizes).dataSync(), [5, 5, 2, 3, 3, 3], { rtol: 1e-6 });
      assertClose(spreadPerTensor(tf.tensor1d([7]), [4]).dataSync(), [7, 7, 7, 7], {});
    }));
  test("are an array for the factors of parameter groups", () => {
    assertClose(factorsPerTensor([1, 0.5], [1, 2]), [1, 0.5, 0.5], {});
    assert.throws(() => factorsPerTensor([1], [1, 2]), /factorsPerTensor: there must be a factor for each of 2 tensors, got 1/);
  });
});
