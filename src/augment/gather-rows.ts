/** @file Slices of a tensor along its first axis. tfjs-node's own kernel reads the indices back, which a recorded step must not. */
import { float32, hasNativeOps, nativeOp, type Attribute } from "../engine/native-op.ts";
import { tf } from "../engine/tf.ts";

/**
 * @param x [m, …]
 * @param rows which of them, int32 [n]
 * @returns [n, …]; belongs to the caller's tidy
 */
export function gatherRows<T extends tf.Tensor>(x: T, rows: tf.Tensor1D): T {
  if (!hasNativeOps()) return tf.gather(x, rows);
  const int32: Attribute = { kind: "type", value: "int32" };
  const attributes = { batch_dims: { kind: "int", value: 0 }, Tparams: float32, Tindices: int32, Taxis: int32 } as const;
  return nativeOp("GatherV2", attributes, [x, rows, tf.scalar(0, "int32")])[0] as T;
}
