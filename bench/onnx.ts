/**
 * @file Exported models of every encoder and output stride, run by three builds of onnxruntime, against TensorFlow.js. Markdown.
 * `npm run bench -- onnx [--python PATH]`: an interpreter with onnx and onnxruntime; without one it is made in the cache folder (pip), as
 * is onnxruntime-node (npm). The weights are random, with branches that pass something on, and norms have the statistics that they meet.
 * Times are processor time of one batch, median of 5 after one to warm up; one thread.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import * as wasm from "onnxruntime-web";
import { encoderSchema } from "../src/config/encoder.ts";
import { startEngine } from "../src/engine/start.ts";
import type { Weights } from "../src/models/weights.ts";
import { exportOnnx, PORTS } from "../src/onnx/export-onnx.ts";
import { decodeModel } from "../src/onnx/model-proto.ts";
import { logitsByTensorflow, measuredClassifier, phantomImages } from "../src/testing/classifiers.ts";
import { range, rngOf } from "../src/util/rng.ts";
import { checkInPython, nativeRuntime, type Runtime } from "./onnx/runtimes.ts";

const { values } = parseArgs({ options: { python: { type: "string" } } });
const [size, n, width, classes] = [64, 8, 16, ["normal", "benign", "malignant"]];
/** Allowed for any logit, or twice what roundings do to TensorFlow.js's own, since both sides round: deep random networks amplify them. */
const LIMIT = 1e-5;
/** The relative size of a rounding to float32. */
const ROUNDING = 2 ** -24;

const engine = await startEngine({ threads: 1 });
wasm.env.wasm.numThreads = 1;
const { runtime: native, version } = await nativeRuntime();
const images = phantomImages(n, size);
const folder = await mkdtemp(join(tmpdir(), "sonomark-onnx-"));

/** Logits, and milliseconds of processor time for the batch. */
async function timed(body: () => Promise<Float32Array> | Float32Array): Promise<{ logits: Float32Array; ms: number }> {
  const logits = await body();
  const times: number[] = [];
  for (const _ of range(5)) {
    const start = process.cpuUsage();
    await body();
    const { user, system } = process.cpuUsage(start);
    times.push((user + system) / 1000);
  }
  return { logits, ms: times.sort((a, b) => a - b)[2] };
}

async function inRuntime({ InferenceSession, Tensor }: Runtime, bytes: Uint8Array): Promise<{ logits: Float32Array; ms: number }> {
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1 });
  const found = await timed(async () => {
    const { logits } = await session.run({ [PORTS.image]: new Tensor("float32", images, [n, 1, size, size]) });
    return logits.data as Float32Array;
  });
  await session.release();
  return found;
}

const largest = (a: Float32Array, b: Float32Array): number => Math.max(...a.map((value, i) => Math.abs(value - b[i])));
/** Every weight up or down by a rounding. */
function nudged({ flat, statistics }: Weights, draw: number): Weights {
  const rng = rngOf(draw, "rounding");
  return { flat: flat.map((value) => value * (1 + (rng.next() < 0.5 ? -1 : 1) * ROUNDING)), statistics };
}

const cases: { name: string; n: number; size: number; classes: number }[] = [];
const rows: {
  name: string;
  nodes: number;
  megabytes: number;
  size: number;
  rounding: number;
  wasm: number;
  native: number;
  ms: number[];
}[] = [];

try {
  await writeFile(join(folder, "images.bin"), images);
  for (const encoder of encoderSchema.shape.name.unwrap().options)
    for (const outputStride of [8, 16, 32] as const) {
      const name = `${encoder}, stride ${outputStride}`;
      const { network, weights } = measuredClassifier({ name: encoder, width, outputStride }, classes.length, size);
      const bytes = exportOnnx({ network, weights, imageSize: size, classes, calibration: { temperature: 1.7, thresholds: {} } });
      const expected = await timed(() => logitsByTensorflow(network, weights, images, size));
      const [byWasm, byNative] = [await inRuntime(wasm, bytes), await inRuntime(native, bytes)];
      cases.push({ name, n, size, classes: classes.length });
      await writeFile(join(folder, `${name}.onnx`), bytes);
      await writeFile(join(folder, `${name}.logits.bin`), expected.logits);
      rows.push({
        name,
        nodes: decodeModel(bytes, name).graph.node.length,
        megabytes: bytes.length / 1e6,
        size: Math.max(...expected.logits.map(Math.abs)),
        rounding: Math.max(
          ...range(5).map((draw) => largest(logitsByTensorflow(network, nudged(weights, draw), images, size), expected.logits)),
        ),
        wasm: largest(byWasm.logits, expected.logits),
        native: largest(byNative.logits, expected.logits),
        ms: [expected.ms, byWasm.ms, byNative.ms],
      });
    }
  await writeFile(join(folder, "cases.json"), JSON.stringify(cases));
  const python = await checkInPython(folder, values.python);

  console.log(
    `TensorFlow ${engine.tensorflow ?? engine.backend}; onnxruntime-web ${wasm.env.versions.web}, onnxruntime-node ${version}; Python: ${python.versions}.`,
  );
  console.log(`Batches of ${n} images of ${size} × ${size} pixels, width ${width}; every file passes onnx.checker with full_check.\n`);
  const columns = [
    "encoder",
    "operators",
    "MB",
    "largest logit",
    "Δ one rounding",
    "Δ WebAssembly",
    "Δ Node",
    "Δ Python",
    "Δ probabilities",
  ];
  console.log(`| ${[...columns, "ms TensorFlow.js", "ms WebAssembly", "ms Node"].join(" | ")} |\n|${"---|".repeat(columns.length + 3)}`);
  for (const [i, { name, nodes, megabytes, size: logit, rounding, ms, ...row }] of rows.entries()) {
    const { logits, probabilities } = python.results[i];
    const differences = [row.wasm, row.native, logits, probabilities];
    const numbers = [rounding, ...differences].map((difference) => difference.toExponential(1));
    const cells = [name, nodes, megabytes.toFixed(2), logit.toFixed(2), ...numbers, ...ms.map((each) => each.toFixed(1))];
    console.log(`| ${cells.join(" | ")} |`);
    if (differences.some((difference) => !(difference <= Math.max(LIMIT, 2 * rounding)))) process.exitCode = 1;
  }
  console.log(
    `\nΔ: largest absolute difference of a logit from TensorFlow.js. Δ one rounding: what TensorFlow.js itself changes by where every weight is moved by one rounding to float32, the largest of 5 draws. Allowed: ${LIMIT}, or twice that where it is more; ${process.exitCode ? "EXCEEDED" : "kept by all"}. Δ probabilities: from softmax(logits / 1.7) in float64.`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
