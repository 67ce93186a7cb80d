/** @file The composed kernel gradient against the native one, and a training gradient under WebAssembly against the native engine's. */
import { execFileSync } from "node:child_process";
import * as assert from "uvu/assert";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { expectNoLeak } from "../testing/expect-no-leak.ts";
import { kernelGradient } from "../testing/kernel-gradient.ts";
import { convFilterGradient } from "./conv-filter-gradient.ts";
import { startEngine } from "./start.ts";
import { tf } from "./tf.ts";

await startEngine({ threads: 1 });

const normal = (shape: [number, number, number, number], seed: number): tf.Tensor4D => tf.randomNormal(shape, 0, 1, "float32", seed);

describe("convFilterGradient", (test) => {
  test("equals TensorFlow's own, for odd and even sides, strides and kernels, padded or not", () => {
    for (const side of [5, 6])
      for (const strides of [1, 2, 3])
        for (const size of [1, 2, 3])
          for (const pad of ["same", "valid"] as const)
            tf.tidy(() => {
              const x = normal([2, side, side + 1, 3], 1);
              const kernel = normal([size, size, 3, 4], 2);
              const dy = normal(tf.conv2d(x, kernel, strides, pad).shape, 3);
              const native = tf.grad((w) => tf.conv2d(x, w as tf.Tensor4D, strides, pad))(kernel, dy);
              const composed = convFilterGradient(x, dy, { filterShape: kernel.shape, strides, pad });
              assertClose(
                composed.dataSync(),
                native.dataSync(),
                { atol: 1e-4 },
                `side ${side}, stride ${strides}, kernel ${size}, ${pad}`,
              );
            });
  });

  test("leaves no tensors behind", () =>
    expectNoLeak(() =>
      tf.tidy(
        () =>
          void convFilterGradient(normal([1, 4, 4, 1], 1), normal([1, 4, 4, 1], 2), { filterShape: [3, 3, 1, 1], strides: 1, pad: "same" }),
      ),
    ));
});

describe("training under WebAssembly", (test) => {
  test("has the native engine's gradients", () => {
    const program = `
      import { startEngine } from "${new URL("start.ts", import.meta.url)}";
      import { kernelGradient } from "${new URL("../testing/kernel-gradient.ts", import.meta.url)}";
      const { backend } = await startEngine();
      console.log(JSON.stringify({ backend, gradient: kernelGradient() }));`;
    const output = execFileSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], {
      encoding: "utf8",
      env: { ...process.env, SONOMARK_ENGINE: "wasm" }, // a process of its own, since a process has one engine
      stdio: ["ignore", "pipe", "ignore"],
    });
    const { backend, gradient } = JSON.parse(output) as { backend: string; gradient: number[] };
    assert.is(backend, "wasm");
    assertClose(gradient, kernelGradient(), { atol: 1e-4, rtol: 1e-4 });
  });
});
