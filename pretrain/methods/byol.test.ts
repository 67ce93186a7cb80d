import { byolSchema } from "../../src/config/pretrain.ts";
import { encoderSchema } from "../../src/config/encoder.ts";
import { startEngine } from "../../src/engine/start.ts";
import { tf } from "../../src/engine/tf.ts";
import { initialise, unflatten } from "../../src/models/network.ts";
import { encoderOf } from "../../src/models/registry.ts";
import { assertClose } from "../../src/testing/close.ts";
import { describe } from "../../src/testing/describe.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import { byol } from "./byol.ts";

await startEngine({ threads: 1 });
const method = byol(
  byolSchema.parse({ name: "byol", projectionHidden: 8, projectionSize: 4 }),
  encoderOf(encoderSchema.parse({ name: "cnn", width: 4 })),
  { images: 8, batchSize: 4, updatesPerEpoch: 2 },
);
const initial = initialise(method.specs, (name) => rngOf(1, name));

describe("byol", (test) => {
  test("gives its target no gradient, and every prediction one", () => {
    tf.tidy(() => {
      const draw = rngOf(2, "views");
      const views = [
        tf.tensor4d(
          range(8 * 16 * 16).map(() => draw.next()),
          [8, 16, 16, 1],
        ),
      ];
      const carried = method.carried!(initial, (name) => rngOf(1, name));
      const params = unflatten(tf.tensor1d(initial), method.specs);
      const loss = (target: tf.Tensor) =>
        method.loss({ params, views, groups: tf.tensor1d(range(4), "int32"), carried: { target }, scalars: {} }).loss;
      // the tape has no way from target to loss: tfjs says so by an error
      let message = "";
      try {
        tf.grad(loss)(carried.target);
      } catch (error) {
        message = (error as Error).message;
      }
      assertClose([Number(message.includes("Cannot compute gradient"))], [1], {}, message);
    });
  });
  test("starts its target as a copy, which moves by 1 - tau of the way", () => {
    tf.tidy(() => {
      const carried = method.carried!(initial, (name) => rngOf(1, name));
      const size = carried.target.size;
      assertClose(carried.target.dataSync(), initial.subarray(0, size), {});
      const flat = tf.add<tf.Tensor1D>(tf.tensor1d(initial), 1);
      const moved = method.after!({ flat, carried, aux: {}, scalars: { tau: tf.scalar(0.75) } });
      assertClose(
        moved.carried.target.dataSync(),
        initial.subarray(0, size).map((value) => value + 0.25),
        { atol: 1e-6 },
      );
    });
  });
  test("lets the target stand still at the end", () => {
    assertClose([method.scalars!(0, 10).tau, method.scalars!(10, 10).tau], [0.99, 1], { rtol: 1e-12 });
  });
});
