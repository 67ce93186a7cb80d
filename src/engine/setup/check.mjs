/**
 * @file Proof that the engine works: one training step whose answer is known.
 *   node check.mjs native|wasm   prints { backend, device, tensorflow, tfjs } as JSON, or fails
 */
import { createRequire } from "node:module";
import util from "node:util";

const require = createRequire(import.meta.url);
const native = process.argv[2] !== "wasm";
util.isNullOrUndefined ??= (value) => value === null || value === undefined; // Node 23 removed what tfjs-node calls
util.isArray = Array.isArray;

const tf = require("@tensorflow/tfjs");
tf.enableProdMode();
if (native) require("@tensorflow/tfjs-node-gpu");
else {
  const wasm = require("@tensorflow/tfjs-backend-wasm");
  wasm.setThreadsCount(1);
  wasm.setWasmPaths(`${require.resolve("@tensorflow/tfjs-backend-wasm/package.json")}/../dist/`);
}
await tf.setBackend(native ? "tensorflow" : "wasm");
await tf.ready();

// A 4 × 4 image of ones under a 3 × 3 filter of ones gives 9 everywhere. With loss mean(y²) the gradient of each
// weight is 2 · 9 = 18, so that one step of 0.1 leads to weights of 1 - 1.8 = -0.8 and to y = -7.2.
const image = tf.ones([1, 4, 4, 1]);
const filter = tf.variable(tf.ones([3, 3, 1, 1]));
const output = () => tf.conv2d(image, filter, 1, "valid");
if (native) tf.train.sgd(0.1).minimize(() => output().square().mean());
const expected = native ? -7.2 : 9; // WebAssembly lacks the gradient of a convolution
const values = await output().data();
if (!values.every((value) => Math.abs(value - expected) < 1e-4)) throw new Error(`the step gave ${values.join()}, not ${expected}`);

const backend = tf.backend();
console.log(
  JSON.stringify({
    backend: tf.getBackend(),
    device: backend.isUsingGpuDevice ? "gpu" : "cpu",
    tensorflow: backend.binding?.TF_Version ?? null,
    tfjs: tf.version_core,
  }),
);
