/** @file A network's weights and norm statistics as a safetensors file, checked against the network that reads them. */
import { UserError } from "../util/user-error.ts";
import type { NormSpec } from "./layers.ts";
import { sizeOf, type NormStatistics, type ParamSpec } from "./network.ts";
import { decodeSafetensors, encodeSafetensors, type PlainTensor } from "../util/safetensors.ts";

export interface Weights {
  /** parameters [p], in the order of the specs */
  flat: Float32Array;
  statistics: ReadonlyMap<string, NormStatistics>;
}

/** What the weights belong to. */
export interface WeightsShape {
  specs: readonly ParamSpec[];
  norms: readonly NormSpec[];
}

export function encodeWeights(
  { specs }: Pick<WeightsShape, "specs">,
  { flat, statistics }: Weights,
  metadata: Record<string, string> = {},
): Uint8Array {
  const tensors = new Map<string, PlainTensor>();
  let at = 0;
  for (const { name, shape } of specs) {
    const length = shape.reduce((a, b) => a * b, 1);
    tensors.set(name, { shape, data: flat.subarray(at, (at += length)) });
  }
  for (const [name, { mean, variance }] of statistics) {
    tensors.set(`${name}.mean`, { shape: [mean.length], data: mean });
    tensors.set(`${name}.variance`, { shape: [variance.length], data: variance });
  }
  return encodeSafetensors({ tensors, metadata });
}

/**
 * @param source what the bytes are called in messages
 * @throws UserError where the file is damaged, or of another architecture
 */
export function decodeWeights({ specs, norms }: WeightsShape, bytes: Uint8Array, source: string): Weights {
  const { tensors } = decodeSafetensors(bytes, source);
  const values = (name: string, shape: readonly number[]): Float32Array => {
    const found = tensors.get(name);
    if (!found || found.shape.join() !== shape.join() || !(found.data instanceof Float32Array))
      throw new UserError(
        `${source}: ${name} should be float32 [${shape}] and is ${found ? `[${found.shape}]` : "missing"}: the checkpoint is of another architecture`,
      );
    return found.data;
  };
  const flat = new Float32Array(sizeOf(specs));
  let at = 0;
  for (const { name, shape } of specs) {
    const part = values(name, shape);
    flat.set(part, at);
    at += part.length;
  }
  const statistics = new Map(
    norms.map(({ name, channels }) => [
      name,
      { mean: values(`${name}.mean`, [channels]), variance: values(`${name}.variance`, [channels]) },
    ]),
  );
  const known = new Set([...specs.map(({ name }) => name), ...norms.flatMap(({ name }) => [`${name}.mean`, `${name}.variance`])]);
  const foreign = [...tensors.keys()].find((name) => !known.has(name)); // a deeper network of the family holds all of a shallower one
  if (foreign !== undefined) throw new UserError(`${source}: ${foreign} should not be there: the checkpoint is of another architecture`);
  return { flat, statistics };
}
