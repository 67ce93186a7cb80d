/**
 * @file The one door to native TensorFlow ops: name, attributes, inputs, outputs. A recorder of whole steps can listen here
 * and at the kernels of tfjs-node, which end in the same call of the binding.
 */
import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js";
import { tf } from "./tf.ts";

/** An attribute of a TensorFlow op, as its OpDef types it. */
export type Attribute =
  | { kind: "type"; value: "float32" | "int32" | "bool" }
  | { kind: "float"; value: number }
  | { kind: "int"; value: number }
  | { kind: "bool"; value: boolean }
  | { kind: "string"; value: string };

/** The attribute `T: float32`, which nearly every op has. */
export const float32: Attribute = { kind: "type", value: "float32" };

/** Whether native ops can be called: under WebAssembly there are none, and callers compose stock ops instead. */
export const hasNativeOps = (): boolean => tf.getBackend() === "tensorflow";

/**
 * Runs one TensorFlow op eagerly. It has no gradient of its own: wrap it in `tf.customGrad`.
 * @param outputs how many outputs the op has
 * @returns the outputs; they belong to the caller's tidy
 * @throws RangeError where the backend is not native
 */
export function nativeOp(name: string, attributes: Readonly<Record<string, Attribute>>, inputs: tf.Tensor[], outputs = 1): tf.Tensor[] {
  if (!hasNativeOps()) throw new RangeError(`nativeOp: ${name} needs the native TensorFlow backend, got "${tf.getBackend()}"`);
  const backend = tf.backend() as unknown as NodeJSKernelBackend;
  const list = Object.entries(attributes).map(([key, attribute]) => encode(backend, key, attribute));
  return backend.executeMultipleOutputs(name, list, inputs, outputs);
}

function encode(backend: NodeJSKernelBackend, name: string, attribute: Attribute) {
  const { binding } = backend;
  switch (attribute.kind) {
    case "type":
      return { name, type: binding.TF_ATTR_TYPE, value: backend.getDTypeInteger(attribute.value) };
    case "float":
      return { name, type: binding.TF_ATTR_FLOAT, value: attribute.value };
    case "int":
      return { name, type: binding.TF_ATTR_INT, value: attribute.value };
    case "bool":
      return { name, type: binding.TF_ATTR_BOOL, value: attribute.value };
    case "string":
      return { name, type: binding.TF_ATTR_STRING, value: attribute.value };
  }
}

/**
 * Whether a gradient that is being computed will itself be differentiated (a `tf.grad` inside a `tf.grad`).
 * Native gradient kernels are not on the tape, so a backward function must compose its result from stock ops then.
 */
export const isDifferentiatingGradient = (): boolean => tf.engine().state.gradientDepth > 0;
