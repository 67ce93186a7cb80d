/** @file A fitted classifier as one ONNX file: batch norms folded, calibration inside, and what it needs and says in its metadata. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { NOTICE } from "../config/onnx.ts";
import type { tf } from "../engine/tf.ts";
import type { ClassifierNetwork } from "../models/classifier-network.ts";
import type { NormMode, Params } from "../models/network.ts";
import type { Weights } from "../models/weights.ts";
import { packageRoot } from "../util/files.ts";
import { describeModel, type ModelFacts } from "./describe-model.ts";
import { traced } from "./graph-backend.ts";
import { constant, join as joined, operation, type Input, type Value } from "./graph.ts";
import { METADATA_KEYS } from "./metadata.ts";
import { encodeModel, TENSOR, type Dimension, type ValueInfoProto } from "./model-proto.ts";
import { preprocessingText } from "./preprocessing.ts";
import { writeGraph } from "./write-graph.ts";

/** Those of ONNX 1.12 (2022): newer ones add nothing that is needed, and shut out older runtimes. */
const OPSET = 17;
const IR_VERSION = 8;

/** Names of the input and the outputs. */
export const PORTS = { image: "image", logits: "logits", probabilities: "probabilities" } as const;

export interface OnnxOptions extends ModelFacts {
  network: ClassifierNetwork;
  weights: Weights;
}

/**
 * The file: input `image` float32 [n, 1, size, size] in 0–1, any n; outputs `logits` and `probabilities` = softmax(logits / temperature),
 * float32 [n, classes]. Norms use the statistics in `weights` (decision 5). Equal models give equal bytes.
 * @throws RangeError where the network does not put out a logit a class, or calls a kernel that no export is written for
 */
export function exportOnnx({ network, weights, ...facts }: OnnxOptions): Uint8Array {
  const metadata = describeModel(network.encoder.config, facts);
  const { imageSize, classes, temperature } = metadata;
  const logits = logitsOf(network, weights, imageSize);
  if (logits.shape.join() !== `1,${classes.length}`)
    throw new RangeError(`exportOnnx: the network must put out a logit for each of ${classes.length} classes, got [${logits.shape}]`);
  const cooled =
    temperature === 1 ? logits : joined("Div", logits.shape, operation("Identity", logits.shape, [logits]), constant([], [temperature]));
  const probabilities = operation("Softmax", logits.shape, [cooled], { axis: 1 });
  const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string };
  return encodeModel({
    irVersion: IR_VERSION,
    opsetImport: [{ domain: "", version: OPSET }],
    producerName: "sonomark",
    producerVersion: version,
    docString: `Classifier of ultrasound images: ${classes.join(", ")}. ${NOTICE}`,
    graph: {
      name: network.encoder.config.name,
      ...writeGraph(PORTS.image, { [PORTS.logits]: logits, [PORTS.probabilities]: probabilities }),
      input: [port(PORTS.image, [1, imageSize, imageSize], "grey levels from 0 to 1, letterboxed; see preprocessing")],
      output: [
        port(PORTS.logits, [classes.length], `one for each of ${classes.join(", ")}`),
        port(PORTS.probabilities, [classes.length], "softmax(logits / temperature)"),
      ],
    },
    metadataProps: [
      { key: METADATA_KEYS.all, value: JSON.stringify(metadata) },
      { key: METADATA_KEYS.preprocessing, value: preprocessingText(imageSize) },
      { key: METADATA_KEYS.notice, value: NOTICE },
    ],
  });
}

/** The logits as an expression of the image, [1, size, size, 1]. */
function logitsOf(network: ClassifierNetwork, { flat, statistics }: Weights, size: number): Value {
  return traced(({ tensor, valueOf }) => {
    let at = 0;
    const params: Params = new Map(
      network.specs.map(({ name, shape }) => {
        const length = shape.reduce((product, side) => product * side, 1);
        return [name, tensor(constant(shape, flat.subarray(at, (at += length)), name))];
      }),
    );
    const known = (values: Float32Array) => tensor<tf.Tensor1D>(constant([values.length], values));
    const mode: NormMode = {
      kind: "fixed",
      statistics: new Map([...statistics].map(([name, { mean, variance }]) => [name, { mean: known(mean), variance: known(variance) }])),
    };
    const image: Input = { kind: "input", shape: [1, size, size, 1] };
    return valueOf(network.logits(params, tensor<tf.Tensor4D>(image), mode));
  });
}

/** @param sides after the batch */
const port = (name: string, sides: readonly number[], docString: string): ValueInfoProto => {
  const dim: Dimension[] = [{ dimParam: "n" }, ...sides.map((dimValue) => ({ dimValue }))];
  return { name, docString, type: { tensorType: { elemType: TENSOR.float32, shape: { dim } } } };
};
