/** @file A compiled step against the eager one, and everything that it must refuse. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";
import * as assert from "uvu/assert";
import { assertClose } from "../../testing/close.ts";
import { convolutionStep, convolutionStepInputs } from "../../testing/convolution-step.ts";
import { describe } from "../../testing/describe.ts";
import { expectNoLeak } from "../../testing/expect-no-leak.ts";
import { nativeOp } from "../native-op.ts";
import { startEngine } from "../start.ts";
import { tf } from "../tf.ts";
import { compile } from "./compile.ts";
import { nativeBackend } from "./native-backend.ts";
import type { Step } from "./tape.ts";

await startEngine({ threads: 1 });

/** Values of each output of `step`, as a graph that was made on `example`. */
function replay(step: Step, inputs: tf.Tensor[], example = inputs): number[][] {
  return tf.tidy(() => {
    const compiled = compile(step, example);
    assert.is(compiled.mode, "graph", compiled.reason);
    const values = compiled.run(inputs).map((output) => Array.from(output.dataSync()));
    compiled.dispose();
    return values;
  });
}
const scratch = (process.env.TMPDIR = mkdtempSync(join(tmpdir(), "sonomark-compile-test-"))); // other processes compile too
process.on("exit", () => rmSync(scratch, { recursive: true }));
const folders = () => readdirSync(scratch);

describe("compile", (test) => {
  test("gives the eager step's loss, gradient and update, on inputs that it never saw", () => {
    const inputs = tf.tidy(() => convolutionStepInputs(2));
    const eager = tf.tidy(() => convolutionStep(...inputs).map((output) => Array.from(output.dataSync())));
    const graph = replay(convolutionStep, inputs, convolutionStepInputs(1));
    for (const [i, values] of graph.entries()) assertClose(values, eager[i], { rtol: 1e-4, atol: 1e-5 }, `output ${i}`);
  });

  test("keeps integers and truth values", () => {
    const values = replay(
      (x, i, b) => [tf.argMax(x), tf.add(i, 1), tf.logicalNot(b), tf.cast(b, "int32")],
      [tf.tensor1d([1, 5, 2]), tf.tensor1d([7, -7], "int32"), tf.tensor1d([1, 0], "bool")],
    );
    assert.equal(values, [[1], [8, -6], [0, 1], [1, 0]]);
  });

  test("gives back an input, a number from JavaScript, a tensor from outside, and one tensor twice", () => {
    const outside = tf.tensor1d([4, 5]);
    const used = tf.tidy(() => tf.sum(outside).dataSync()[0]); // so that it is a native tensor already
    const values = replay(
      (x) => {
        const y = tf.mul(x, 2);
        return [x, y, y, tf.scalar(7), outside];
      },
      [tf.tensor1d([1, 2])],
      [tf.tensor1d([0, 0])],
    );
    assert.equal(values, [[1, 2], [2, 4], [2, 4], [7], [4, 5]]);
    assert.is(used, 9);
  });

  test("tells two inputs apart that were one tensor when it was compiled", () => {
    const one = tf.scalar(1);
    assert.equal(
      replay((x, y) => [tf.sub(x, y)], [tf.scalar(5), tf.scalar(3)], [one, one.clone()]),
      [[2]],
    );
  });

  test("runs ops of several outputs, with list attributes, shapes and texts", () => {
    const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], [1, 4, 4, 1]);
    const step: Step = (image) => [
      ...tf.split(tf.reshape(image, [16]), [4, 12]),
      tf.maxPool(image as tf.Tensor4D, 2, 2, "same"), // ksize and strides are lists, padding a text
      ...nativeOp(
        "TopKV2",
        { T: { kind: "type", value: "float32" }, sorted: { kind: "bool", value: true } },
        [tf.reshape(image, [16]), tf.scalar(2, "int32")],
        2,
      ),
    ];
    assert.equal(replay(step, [x]).slice(2), [
      [6, 8, 14, 16],
      [16, 15],
      [15, 14],
    ]);
  });

  test("lets a gather read its indices, which are checked and not used", () =>
    assert.equal(
      replay((x, i) => [tf.gather(x, i as tf.Tensor1D)], [tf.tensor1d([1, 2, 3]), tf.tensor1d([2, 0], "int32")]),
      [[3, 1]],
    ));

  test("gives outputs that live on after dispose, and that its caller owns", () => {
    const compiled = compile((x) => [tf.mul(x, 2), x], [tf.scalar(1)]);
    const x = tf.scalar(4);
    const [double, same] = compiled.run([x]);
    compiled.dispose();
    compiled.dispose();
    x.dispose();
    assert.equal([double.dataSync()[0], same.dataSync()[0]], [8, 4]);
    tf.dispose([double, same]);
    assert.throws(() => compiled.run([tf.scalar(1)]), /run must come before dispose/);
  });

  test("leaves no tensor, native tensor, session or folder behind", async () => {
    const sessions = nativeBackend().binding.getNumOfSavedModels();
    const native = () => nativeBackend().binding.getNumOfTensors();
    const before = folders();
    const inputs = convolutionStepInputs(1);
    const once = () => {
      const compiled = compile(convolutionStep, inputs);
      tf.dispose(compiled.run(inputs));
      compiled.dispose();
    };
    await expectNoLeak(once);
    const tensors = native();
    once();
    assert.is(native(), tensors);
    assert.is(nativeBackend().binding.getNumOfSavedModels(), sessions);
    assert.equal(folders(), before);
    tf.dispose(inputs);
  });

  test("does not grow over many runs", () => {
    const inputs = convolutionStepInputs(1);
    const compiled = compile(convolutionStep, inputs);
    const run = (times: number) => {
      for (let i = 0; i < times; i++) tf.dispose(compiled.run(inputs));
    };
    run(300);
    const [tensors, memory] = [tf.memory().numTensors, process.memoryUsage.rss()];
    run(300);
    assert.is(tf.memory().numTensors, tensors);
    const grown = (process.memoryUsage.rss() - memory) / 2 ** 20;
    assert.ok(grown < 16, `${grown.toFixed(1)} MiB more`); // one step's tensors are 1 MiB: a leak of each would be 300
    compiled.dispose();
    tf.dispose(inputs);
  });

  test("gives the same bits in another process", () => {
    const program = `
      import { startEngine } from "${new URL("../start.ts", import.meta.url)}";
      import { repeatedConvolutionStep } from "${new URL("../../testing/convolution-step.ts", import.meta.url)}";
      import { compile } from "${new URL("compile.ts", import.meta.url)}";
      await startEngine({ threads: 1 });
      console.log(repeatedConvolutionStep(compile));`;
    const run = () => execFileSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], { encoding: "utf8" });
    const [first, second] = [run(), run()];
    assert.match(first, /^[0-9a-f]{64}\n$/);
    assert.is(second, first);
  });
});

describe("compile, where a graph cannot be had,", (test) => {
  /** Runs `body` while a function of the binding is another. */
  function withBinding(over: Partial<TFJSBinding>, body: () => void): void {
    const backend = nativeBackend();
    const { binding } = backend;
    const before = folders();
    backend.binding = Object.create(binding, Object.getOwnPropertyDescriptors(over)) as TFJSBinding;
    try {
      body();
    } finally {
      backend.binding = binding;
    }
    assert.equal(folders(), before);
  }

  test("runs eagerly and says why, if TensorFlow does not accept the graph", () => {
    const loadSavedModel = () => {
      throw new Error("no such op");
    };
    withBinding({ loadSavedModel }, () => {
      const compiled = compile((x) => [tf.mul(x, 2)], [tf.scalar(1)]);
      assert.equal([compiled.mode, compiled.reason], ["eager", "the graph does not load (no such op)"]);
      assert.is(
        tf.tidy(() => compiled.run([tf.scalar(4)])[0].dataSync()[0]),
        8,
      );
      assert.throws(() => compiled.run([tf.ones([1])]), /input 0 must be float32 \[\] as in the example, got float32 \[1\]/);
    });
  });

  test("runs eagerly and says why, if the graph's results lie too far from the eager ones", () => {
    const { binding } = nativeBackend();
    const runSavedModel: typeof binding.runSavedModel = (...args) =>
      binding.runSavedModel(...args).map(({ id }) => binding.executeOp("Neg", [], [id], 1)[0]);
    withBinding({ runSavedModel }, () => {
      const compiled = compile((x) => [x, tf.zerosLike(x)], [tf.tensor1d([3, 4])]);
      assert.is(compiled.mode, "eager");
      assert.is(compiled.reason, "the graph differs from the eager step: output 0 by 7.07, where its size is 3.54");
    });
  });

  test("runs eagerly on a backend without graphs, with outputs that the caller owns", async () => {
    await tf.setBackend("cpu");
    try {
      const compiled = compile((x) => [x, x], [tf.scalar(1)]);
      assert.equal([compiled.mode, compiled.reason], ["eager", "the cpu backend runs no graphs"]);
      const x = tf.scalar(3);
      const [a, b] = compiled.run([x]);
      x.dispose();
      a.dispose();
      assert.is(b.dataSync()[0], 3);
    } finally {
      await tf.setBackend("tensorflow");
    }
  });
});

describe("compile refuses", (test) => {
  const refuses = (step: Step, pattern: RegExp) => assert.throws(() => tf.tidy(() => void compile(step, [tf.tensor1d([1, 2])])), pattern);

  test("a step that reads a value back, at once or later", () => {
    const reads = /^compile: step must not read values back/;
    refuses((x) => [tf.scalar(x.dataSync()[0])], reads);
    refuses((x) => {
      void tf.mul(x, 2).data();
      return [x];
    }, reads);
    refuses((x) => {
      const i = tf.cast(x, "int32") as tf.Tensor1D;
      i.arraySync(); // read for itself, then by a gather
      return [tf.gather(tf.ones([9]), i)];
    }, reads);
  });

  test("a step whose shapes depend on values", () =>
    refuses((x) => [nativeOp("Where", { T: { kind: "type", value: "float32" } }, [x])[0]], /whatever the values, but it calls Where/));

  test("a step that draws at random, in JavaScript or TensorFlow", () => {
    refuses((x) => [tf.add(x, tf.randomNormal([2]))], /depend on its inputs alone, but two runs differ: output 0 by/);
    refuses((x) => [tf.multinomial(x as tf.Tensor1D, 3, 1)], /draw from its inputs alone, but it calls Multinomial/);
  });

  test("a step that reads a variable, whose value would be frozen", () => {
    const variable = tf.variable(tf.scalar(1), true, "counter");
    refuses((x) => [tf.add(x, variable)], /reads the variable "counter"/);
    variable.dispose();
  });

  test("a step in a step, a promise, and texts as inputs", () => {
    const inner = compile((x) => [x], [tf.tensor1d([1, 2])]);
    refuses((x) => inner.run([x]), /must not run another compiled step/);
    inner.dispose();
    refuses((async () => []) as unknown as Step, /must return an array of tensors at once, got object/);
    assert.throws(() => compile((x) => [x], [tf.scalar("a")]), /input 0 must be float32, int32 or bool, got string/);
  });

  test("inputs of another shape, type or number when it runs", () => {
    const compiled = compile((x) => [x], [tf.ones([2, 3])]);
    assert.throws(() => compiled.run([tf.ones([3, 2])]), /input 0 must be float32 \[2,3\] as in the example, got float32 \[3,2\]/);
    assert.throws(() => compiled.run([tf.ones([2, 3], "int32")]), /got int32 \[2,3\]/);
    assert.throws(() => compiled.run([]), /must get 1 inputs, got 0/);
    compiled.dispose();
  });

  test("and stays usable: doors are closed and nothing leaks after a refusal", async () => {
    const { binding } = nativeBackend();
    const x = tf.tensor1d([1, 2]);
    const broken: Step = () => {
      throw new Error("broken step");
    };
    await expectNoLeak(() => {
      assert.throws(() => compile((y) => [tf.mul(y, y.dataSync()[0])], [x]), /read values back/);
      assert.throws(() => compile((y) => [tf.add(y, tf.randomNormal([2]))], [x]), /two runs differ/);
      assert.throws(() => compile(broken, [x]), /broken step/);
    });
    assert.is(nativeBackend().binding, binding);
    assert.is(
      tf.tidy(() => tf.scalar(3).dataSync()[0]),
      3,
    );
  });
});
