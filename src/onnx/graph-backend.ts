/**
 * @file A back end of TensorFlow.js that computes nothing: it writes down which kernels run, as an expression. So every network that is
 * made of the kernels in kernels.ts can be exported as it stands, whatever engine runs it otherwise.
 */
import { tf } from "../engine/tf.ts";
import { constant, type Value } from "./graph.ts";
import { KERNELS, type Kernel } from "./kernels.ts";

const NAME = "sonomark-graph";

class GraphBackend extends tf.KernelBackend {
  readonly #values = new Map<object, { value: Value; references: number }>();

  #found(dataId: object): { value: Value; references: number } {
    const found = this.#values.get(dataId);
    if (!found) throw new RangeError("traced: the body must read tensors that are made in it, got one from outside");
    return found;
  }
  value(dataId: object): Value {
    return this.#found(dataId).value;
  }
  add(value: Value): object {
    const dataId = {};
    this.#values.set(dataId, { value, references: 1 });
    return dataId;
  }
  override write(values: tf.backend_util.BackendValues, shape: number[]): object {
    return this.add(constant(shape, values as tf.TypedArray));
  }
  override refCount(dataId: object): number {
    return this.#values.get(dataId)?.references ?? 0;
  }
  override incRef(dataId: object): void {
    this.#found(dataId).references++;
  }
  override disposeData(dataId: object, force = false): boolean {
    const found = this.#values.get(dataId);
    if (found && --found.references > 0 && !force) return false;
    this.#values.delete(dataId);
    return true;
  }
  override readSync(): never {
    throw new RangeError("traced: the body must not read values back (data, dataSync, array …), but it did");
  }
  override numDataIds(): number {
    return this.#values.size;
  }
  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }
  override floatPrecision(): 32 {
    return 32;
  }
  override epsilon(): number {
    return 1e-7;
  }
  override dispose(): void {}
}

let backend: GraphBackend | undefined;

function registered(): GraphBackend {
  if (backend) return backend;
  const made = new GraphBackend();
  tf.registerBackend(NAME, () => made, 0);
  for (const [kernelName, kernel] of Object.entries(KERNELS))
    tf.registerKernel({ kernelName, backendName: NAME, kernelFunc: run(made, kernel) });
  return (backend = made);
}

const run =
  (graph: GraphBackend, kernel: Kernel): tf.KernelFunc =>
  ({ inputs, attrs = {} }) => {
    const given = Object.entries(inputs).flatMap(([key, input]) => (input ? [[key, graph.value(input.dataId)] as const] : []));
    const value = kernel(Object.fromEntries(given), attrs);
    return { dataId: graph.add(value), shape: [...value.shape], dtype: "float32" };
  };

/** What a traced body may make tensors of, and read them by. */
export interface Tracer {
  /** a tensor that stands for `value`; belongs to the caller's tidy */
  tensor<T extends tf.Tensor>(value: Value): T;
  valueOf(tensor: tf.Tensor): Value;
}

/**
 * Runs `body` at once, in a tidy, with every tensor op written down instead of computed; the engine's back end is back afterwards.
 * @throws RangeError where a value is read, Error where a kernel has no line in kernels.ts
 */
export function traced<T>(body: (tracer: Tracer) => T): T {
  const graph = registered();
  const before = tf.getBackend() as string | undefined; // nothing where no engine was started
  void tf.setBackend(NAME); // takes effect at once, since there is no start-up to wait for
  try {
    let result: T;
    tf.tidy(() => {
      result = body({
        tensor: <U extends tf.Tensor>(value: Value) =>
          tf.engine().makeTensorFromDataId(graph.add(value), [...value.shape], "float32", graph) as U,
        valueOf: (tensor) => graph.value(tensor.dataId),
      });
    });
    return result!;
  } finally {
    if (before !== undefined) void tf.setBackend(before);
  }
}
