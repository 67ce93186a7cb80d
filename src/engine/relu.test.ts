/** @file The rectifier, its gradient and its second derivative. */
import * as assert from "uvu/assert";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { expectNoLeak } from "../testing/expect-no-leak.ts";
import { float32, hasNativeOps, nativeOp } from "./native-op.ts";
import { relu, relu6 } from "./relu.ts";
import { startEngine } from "./start.ts";
import { tf } from "./tf.ts";

await startEngine({ threads: 1 });

const X = [-2, -0, 0, 0.5, 3];
const cube = (x: tf.Tensor): tf.Scalar => tf.sum(tf.mul(tf.square(relu(x)), relu(x)));

describe("relu", (test) => {
  test("is max(x, 0)", () => {
    assertClose(
      tf.tidy(() => relu(tf.tensor1d(X)).dataSync()),
      [0, 0, 0, 0.5, 3],
      {},
    );
  });

  test("passes the gradient where x > 0 and stops it at 0", () => {
    assertClose(
      tf.tidy(() =>
        tf
          .grad((x) => tf.sum(tf.mul(relu(x), tf.tensor1d([1, 2, 3, 4, 5]))))(tf.tensor1d(X))
          .dataSync(),
      ),
      [0, 0, 0, 4, 5],
      {},
    );
  });

  test("has second derivatives: (relu(x)³)'' = 6·relu(x)", () => {
    assertClose(
      tf.tidy(() =>
        tf
          .grad((x) => tf.sum(tf.grad(cube)(x)) as tf.Scalar)(tf.tensor1d(X))
          .dataSync(),
      ),
      [0, 0, 0, 3, 18],
      { atol: 1e-5 },
    );
  });

  test("leaves no tensors behind", () =>
    expectNoLeak(() => tf.tidy(() => void tf.grad((x) => tf.sum(tf.grad(cube)(x)) as tf.Scalar)(tf.tensor1d(X)))));
});

/** Where the engine has the op, and where it composes one. */
async function onBothEngines(body: () => void): Promise<void> {
  tf.tidy(body);
  await tf.setBackend("cpu");
  try {
    tf.tidy(body);
  } finally {
    await tf.setBackend("tensorflow");
  }
}

describe("relu6", (test) => {
  const at = () => tf.tensor1d([-2, -0.5, 0.5, 3, 5.5, 7]);
  const cube6 = (x: tf.Tensor): tf.Scalar => tf.sum(tf.mul(tf.square(relu6(x)), relu6(x)));

  test("is min(max(x, 0), 6)", () => onBothEngines(() => assertClose(relu6(at()).dataSync(), [0, 0, 0.5, 3, 5.5, 6], { atol: 1e-6 })));

  test("passes the gradient between 0 and 6, and stops it outside", () =>
    onBothEngines(() => {
      const weighted = (x: tf.Tensor): tf.Scalar => tf.sum(tf.mul(relu6(x), tf.tensor1d([1, 2, 3, 4, 5, 6])));
      assertClose(tf.grad(weighted)(at()).dataSync(), [0, 0, 3, 4, 5, 0], {});
    }));

  test("has second derivatives: (relu6(x)³)'' = 6·x between 0 and 6, 0 outside", () =>
    onBothEngines(() => {
      const slope = (x: tf.Tensor): tf.Scalar => tf.sum(tf.grad(cube6)(x));
      assertClose(tf.grad(slope)(at()).dataSync(), [0, 0, 3, 18, 33, 0], { atol: 1e-4 });
    }));

  test("leaves no tensors behind", () =>
    expectNoLeak(() => tf.tidy(() => void tf.grad((x) => tf.sum(tf.grad(cube6)(x)) as tf.Scalar)(tf.tensor1d(X)))));
});

describe("nativeOp", (test) => {
  test("runs an op by its TensorFlow name with typed attributes", () => {
    const attributes = {
      T: float32,
      align_corners: { kind: "bool", value: true },
      half_pixel_centers: { kind: "bool", value: false },
    } as const;
    const rows = tf.tidy(() =>
      nativeOp("ResizeBilinear", attributes, [tf.tensor4d([0, 2], [1, 1, 2, 1]), tf.tensor1d([1, 3], "int32")])[0].dataSync(),
    );
    assertClose(rows, [0, 1, 2], { atol: 1e-6 });
  });

  test("says which op needs the native backend where there is none", async () => {
    await tf.setBackend("cpu");
    try {
      assert.not(hasNativeOps());
      assert.throws(() => nativeOp("Relu", { T: float32 }, []), /nativeOp: Relu needs the native TensorFlow backend, got "cpu"/);
    } finally {
      await tf.setBackend("tensorflow");
    }
  });
});
