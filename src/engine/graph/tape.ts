/**
 * @file Writes down every native op of one eager run. All of them, gradients and optimiser included, pass one door, the binding's
 * `executeOp`, and all numbers from JavaScript pass its `createTensor`; both are listened to while the run lasts.
 */
import type { TFEOpAttr, TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";
import { nativeOp } from "../native-op.ts";
import { tf } from "../tf.ts";
import { nativeBackend, type NativeBackend } from "./native-backend.ts";

/** A function of tensors alone. What changes from run to run must be an input: all else is frozen. */
export type Step = (...inputs: tf.Tensor[]) => tf.Tensor[];

/** One op; tensors are named by their native ids. */
export interface TapeOp {
  name: string;
  attributes: readonly TFEOpAttr[];
  inputs: readonly number[];
  outputs: readonly { id: number; dtype: number }[];
}

/** `dtype` is TensorFlow's number. */
export interface TapeConstant {
  shape: readonly number[];
  dtype: number;
  values: tf.backend_util.BackendValues;
}

export interface Tape {
  inputs: readonly { id: number; shape: readonly number[]; dtype: number }[];
  /** in the order in which they ran */
  ops: readonly TapeOp[];
  constants: ReadonlyMap<number, TapeConstant>;
  outputs: readonly number[];
}

/** Ops whose shapes depend on values: the sizes that JavaScript saw would be frozen. */
const SHAPED_BY_VALUES = /^(Where|Unique|UniqueV2|ListDiff|NonMaxSuppression.*)$/;
/** Ops that draw from a state of their own: two sessions would not draw alike. */
const DRAWS_FROM_STATE = /^(Multinomial|Random\w+|TruncatedNormal|ParameterizedTruncatedNormal)$/;

/**
 * Runs `step` once eagerly.
 * @returns the tape, and what the step returned, which belongs to the caller
 * @throws RangeError where a graph could not repeat what the step does
 */
export function record(step: Step, example: readonly tf.Tensor[]): { tape: Tape; outputs: tf.Tensor[] } {
  let tape: Tape | undefined;
  const outputs = tf.tidy(() => {
    const backend = nativeBackend();
    const copies = example.map(freshCopy); // so that every input has an id of its own, also where two of them are one tensor
    const inputs = copies.map(({ shape, dtype, dataId }) => ({ id: backend.tensorMap.get(dataId).id, shape, dtype: dtypeNumber(dtype) }));
    const listener = listen(backend, inputs);
    try {
      const results = runEagerly(step, copies);
      tape = { ...listener.end(backend.getInputTensorIds(results)), inputs };
      return results;
    } finally {
      listener.stop();
    }
  });
  return { tape: tape!, outputs };
}

/** The step's outputs as tensors of their own, whatever it returns; they belong to the caller's tidy. */
export function runEagerly(step: Step, inputs: readonly tf.Tensor[]): tf.Tensor[] {
  return tf.tidy(() => {
    const outputs: unknown = step(...inputs);
    if (!Array.isArray(outputs)) throw new TypeError(`compile: step must return an array of tensors at once, got ${typeof outputs}`);
    return outputs.map((output: tf.Tensor) => tf.clone(output));
  });
}

const DTYPES = { float32: "TF_FLOAT", int32: "TF_INT32", bool: "TF_BOOL" } as const;
type GraphType = keyof typeof DTYPES;
const dtypeNumber = (dtype: tf.DataType): number => nativeBackend().binding[DTYPES[dtype as GraphType]];

/** A tensor of its own id over the same memory. */
function freshCopy(tensor: tf.Tensor, position: number): tf.Tensor {
  if (!(tensor.dtype in DTYPES)) throw new RangeError(`compile: input ${position} must be float32, int32 or bool, got ${tensor.dtype}`);
  return nativeOp("Identity", { T: { kind: "type", value: tensor.dtype as GraphType } }, [tensor])[0];
}

function listen(backend: NativeBackend, inputs: readonly { id: number }[]) {
  const { binding } = backend;
  const ops: TapeOp[] = [];
  const constants = new Map<number, TapeConstant>();
  const known = new Set(inputs.map(({ id }) => id));
  const variables = Object.values(tf.engine().registeredVariables);
  const variableNames = new Map(backend.getInputTensorIds(variables).map((id, i) => [id, variables[i].name]));
  /** tensors that were read back, with the place where that happened */
  const reads: { id: number; error: RangeError }[] = [];

  const door: Pick<TFJSBinding, "createTensor" | "executeOp" | "runSavedModel"> = {
    createTensor(shape, dtype, values) {
      const id = binding.createTensor(shape, dtype, values);
      constants.set(id, { shape, dtype, values });
      known.add(id);
      return id;
    },
    executeOp(name, attributes, ids, count) {
      assertRepeatableOp(name);
      // tfjs reads the indices of a gather to check them, and does nothing else with them
      if (name === "GatherV2" && reads.length > 0 && ids.includes(reads.at(-1)!.id)) reads.pop();
      keepOutsiders(ids);
      const outputs = binding.executeOp(name, attributes, ids, count);
      ops.push({ name, attributes, inputs: ids, outputs });
      for (const { id } of outputs) known.add(id);
      return outputs;
    },
    runSavedModel() {
      throw new RangeError("compile: step must not run another compiled step, but it did: give compile the functions of both");
    },
  };

  /** Tensors from outside that are no inputs become constants. */
  function keepOutsiders(ids: readonly number[]): void {
    for (const id of ids.filter((each) => !known.has(each))) {
      const variable = variableNames.get(id);
      if (variable !== undefined)
        throw new RangeError(`compile: step must get what changes as an input, but it reads the variable "${variable}"`);
      const [{ id: copy, shape, dtype }] = binding.executeOp("Identity", [], [id], 1); // tells shape and type, which only tfjs knows otherwise
      constants.set(id, { shape, dtype, values: binding.tensorDataSync(copy) });
      binding.deleteTensor(copy);
      known.add(id);
    }
  }

  backend.binding = Object.create(binding, Object.getOwnPropertyDescriptors(door)) as TFJSBinding;
  const read = backend.readSync.bind(backend);
  backend.readSync = (dataId) => {
    const { id, values } = backend.tensorMap.get(dataId);
    if (values === null)
      reads.push({ id, error: new RangeError("compile: step must not read values back (data, dataSync, array, print …), but it did") });
    return read(dataId);
  };
  return {
    end(outputs: readonly number[]): Omit<Tape, "inputs"> {
      if (reads.length > 0) throw reads[0].error;
      keepOutsiders(outputs);
      return { ops, constants, outputs };
    },
    stop: () => {
      backend.binding = binding;
      Reflect.deleteProperty(backend, "readSync"); // the prototype's own is back
    },
  };
}

function assertRepeatableOp(name: string): void {
  if (SHAPED_BY_VALUES.test(name))
    throw new RangeError(`compile: step must keep its shapes whatever the values, but it calls ${name}, whose shape depends on them`);
  if (DRAWS_FROM_STATE.test(name))
    throw new RangeError(`compile: step must draw from its inputs alone, but it calls ${name}, which keeps a state of its own`);
}
