/**
 * @file Records a training step once and replays it as one TensorFlow graph: no JavaScript between its ops, which TensorFlow fuses and
 * orders as it likes. The results differ from the eager ones in the last digits, and are the same bits run after run.
 */
import { messageOf } from "../../util/user-error.ts";
import { hasNativeOps } from "../native-op.ts";
import { tf } from "../tf.ts";
import { nativeBackend } from "./native-backend.ts";
import { savedModel } from "./saved-model.ts";
import { openSession, type Session } from "./session.ts";
import { record, runEagerly, type Step } from "./tape.ts";

/** How far an output may lie from the eager one: rms(graph - eager) ≤ atol + rtol·rms(eager), over the output's elements. */
export interface GraphTolerance {
  rtol: number;
  atol: number;
}

/**
 * Float32 sums in another order differ by some 1e-6 of their size, and a step amplifies that where it subtracts near-equal numbers or
 * divides by small ones (Adam's first update is a gradient over its own size: elements near zero may change sign). What a check must
 * find, a constant that should have been an input or a wire in the wrong place, shows at the size of the numbers themselves.
 */
const TOLERANCE: GraphTolerance = { rtol: 1e-2, atol: 1e-6 };

export interface CompiledStep {
  /** "eager" where no graph could be had: the same results, slower. */
  readonly mode: "graph" | "eager";
  /** Why the mode is "eager". */
  readonly reason?: string;
  /**
   * @param inputs of the example's shapes and types
   * @returns new tensors, also where an output is an input; they belong to the caller and are on no gradient tape
   * @throws RangeError for other shapes or types, and after `dispose`
   */
  run(inputs: readonly tf.Tensor[]): tf.Tensor[];
  /** Ends the session; what `run` returned stays. */
  dispose(): void;
}

/**
 * Runs `step` twice eagerly and once as a graph on the example, and compares. Tensors from outside that are no inputs are frozen as
 * they are, and so is every number from JavaScript.
 * @param step pure: the same inputs must give the same outputs; fixed shapes, nothing read back, nothing drawn at random in JavaScript
 * @param example one tensor for each input; stays the caller's
 * @throws RangeError where `step` is not such a function
 */
export function compile(step: Step, example: readonly tf.Tensor[], { check = TOLERANCE }: { check?: GraphTolerance } = {}): CompiledStep {
  const slots = example.map(({ shape, dtype }) => `${dtype} [${shape}]`);
  if (!hasNativeOps()) return guard(slots, { mode: "eager", reason: `the ${tf.getBackend()} backend runs no graphs`, ...eager(step) });
  const { tape, outputs: first } = record(step, example);
  try {
    const second = runEagerly(step, example);
    try {
      const drift = firstBeyond(second, first, check);
      if (drift) throw new RangeError(`compile: step must depend on its inputs alone, but two runs differ: ${drift}`);
    } finally {
      tf.dispose(second);
    }
    let session: Session;
    try {
      session = openSession(savedModel(nativeBackend().binding, tape));
    } catch (error) {
      return guard(slots, { mode: "eager", reason: `the graph does not load (${messageOf(error)})`, ...eager(step) });
    }
    const trouble = troubleOf(session, example, first, check);
    if (trouble === undefined) return guard(slots, { mode: "graph", run: session.run, dispose: session.close });
    session.close();
    return guard(slots, { mode: "eager", reason: trouble, ...eager(step) });
  } finally {
    tf.dispose(first);
  }
}

const eager = (step: Step) => ({ run: (inputs: readonly tf.Tensor[]) => runEagerly(step, inputs), dispose: () => {} });

/** Why the session may not be used, if so. */
function troubleOf(session: Session, example: readonly tf.Tensor[], expected: readonly tf.Tensor[], check: GraphTolerance) {
  try {
    const outputs = session.run(example);
    try {
      const difference = firstBeyond(outputs, expected, check);
      return difference && `the graph differs from the eager step: ${difference}`;
    } finally {
      tf.dispose(outputs);
    }
  } catch (error) {
    return `the graph does not run (${messageOf(error)})`;
  }
}

/** The first output that lies too far from the expected one, in words. */
function firstBeyond(outputs: readonly tf.Tensor[], expected: readonly tf.Tensor[], { rtol, atol }: GraphTolerance): string | undefined {
  if (outputs.length !== expected.length) return `${outputs.length} outputs against ${expected.length}`;
  for (const [i, output] of outputs.entries()) {
    if (`${output.shape}` !== `${expected[i].shape}`) return `output ${i} is [${output.shape}] against [${expected[i].shape}]`;
    const { difference, size } = rms(output.dataSync(), expected[i].dataSync());
    if (!(difference <= atol + rtol * size)) return `output ${i} by ${difference.toPrecision(3)}, where its size is ${size.toPrecision(3)}`;
  }
  return undefined;
}

/** Root mean squares of a - b and of b; what is no finite number must be the same on both sides, else the difference is NaN. */
function rms(a: ArrayLike<number>, b: ArrayLike<number>): { difference: number; size: number } {
  let [squares, size] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    if (Object.is(a[i], b[i]) && !Number.isFinite(b[i])) continue;
    squares += (a[i] - b[i]) ** 2;
    size += b[i] ** 2;
  }
  const count = Math.max(1, b.length);
  return { difference: Math.sqrt(squares / count), size: Math.sqrt(size / count) };
}

/** Checks what `run` is given, in both modes alike. */
function guard(slots: readonly string[], compiled: CompiledStep): CompiledStep {
  let disposed = false;
  return {
    ...compiled,
    run(inputs) {
      if (disposed) throw new RangeError("compile: run must come before dispose");
      if (inputs.length !== slots.length) throw new RangeError(`compile: run must get ${slots.length} inputs, got ${inputs.length}`);
      for (const [i, { shape, dtype }] of inputs.entries())
        if (`${dtype} [${shape}]` !== slots[i])
          throw new RangeError(`compile: input ${i} must be ${slots[i]} as in the example, got ${dtype} [${shape}]`);
      return compiled.run(inputs);
    },
    dispose() {
      if (!disposed) compiled.dispose();
      disposed = true;
    },
  };
}
