/** @file What graphs need of tfjs-node's backend beyond its public face; a test fails where a new version no longer has it. */
import type { TensorMetadata, TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";
import { tf } from "../tf.ts";

export interface NativeBackend {
  /** Every native op, constant and session passes through here. */
  binding: TFJSBinding;
  readSync(dataId: object): tf.backend_util.BackendValues;
  /** `values` are held back until an op needs them; `id` is the native tensor's afterwards, and no id is ever given twice. */
  readonly tensorMap: { get(dataId: object): { id: number; values: tf.backend_util.BackendValues | null } };
  /** Native ids of tensors, whose values it hands over first where that is still to be done. */
  getInputTensorIds(tensors: readonly tf.TensorInfo[]): number[];
  /** A new tfjs tensor around a native one, in the caller's tidy. */
  createOutputTensor(metadata: TensorMetadata): tf.Tensor;
}

export const nativeBackend = (): NativeBackend => tf.backend() as unknown as NativeBackend;
