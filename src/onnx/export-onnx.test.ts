/** @file Every encoder, written as ONNX and run by onnxruntime, gives the logits of TensorFlow. */
import * as assert from "uvu/assert";
import { encoderSchema, type EncoderConfig } from "../config/encoder.ts";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { logitsByTensorflow, measuredClassifier, phantomImages, randomClassifier } from "../testing/classifiers.ts";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { exportOnnx } from "./export-onnx.ts";
import { decodeModel, type Dimension, type ValueInfoProto } from "./model-proto.ts";
import { openOnnx } from "./run-onnx.ts";

await startEngine({ threads: 1 });

const NAMES = encoderSchema.shape.name.unwrap().options;
const size = 33; // odd, so that edges count
const classes = ["normal", "benign", "malignant"];
const config = (name: EncoderConfig["name"], outputStride: EncoderConfig["outputStride"]): EncoderConfig => ({
  name,
  width: 4,
  outputStride,
});

for (const name of NAMES)
  describe(`exportOnnx of ${name}`, (test) => {
    for (const outputStride of [8, 16, 32] as const)
      test(`gives the logits of TensorFlow within 1e-5 at output stride ${outputStride}, for one image and for four`, async () => {
        const { network, weights } = measuredClassifier(config(name, outputStride), classes.length, size);
        const model = await openOnnx(exportOnnx({ network, weights, imageSize: size, classes }), name);
        for (const n of [1, 4]) {
          const images = phantomImages(n, size);
          const expected = logitsByTensorflow(network, weights, images, size);
          assertClose((await model.run(images)).logits, expected, { atol: 1e-5 });
        }
        await model.close();
      });
    test("has no operator for a norm: as many convolutions as the encoder, each with its kernel and bias", () => {
      const { network, weights } = randomClassifier(config(name, 8), classes.length);
      const { graph } = decodeModel(exportOnnx({ network, weights, imageSize: size, classes }), name);
      const convs = graph.node.filter(({ opType }) => opType === "Conv");
      assert.is(convs.length, network.encoder.convs.length);
      for (const { input } of convs) assert.is(input.length, 3);
      if (network.norms.length > 0) assert.not.ok(graph.node.some(({ opType }) => /Norm|Sqrt|Sub/.test(opType)));
      const named = new Set(graph.initializer.map((each) => each.name));
      for (const conv of network.encoder.convs) assert.ok(named.has(`${conv.name}.weight`) && named.has(`${conv.name}.bias`), conv.name);
    });
  });

describe("exportOnnx", (test) => {
  const { network, weights } = randomClassifier(config("resnet10", 8), classes.length);
  const options = { network, weights, imageSize: size, classes };

  test("puts out the softmax of logits over temperature", async () => {
    const images = phantomImages(3, size);
    for (const temperature of [1, 2.5]) {
      const model = await openOnnx(exportOnnx({ ...options, calibration: { temperature, thresholds: {} } }), "model");
      const { logits, probabilities } = await model.run(images);
      for (let row = 0; row < 3; row++) {
        const odds = [0, 1, 2].map((k) => Math.exp(logits[3 * row + k] / temperature));
        const sum = odds.reduce((a, b) => a + b, 0);
        assertClose(
          probabilities.subarray(3 * row, 3 * row + 3),
          odds.map((each) => each / sum),
          { atol: 1e-6 },
        );
      }
      await model.close();
    }
  });
  test("gives the same bytes again, and other bytes for other statistics", () => {
    const bytes = exportOnnx(options);
    assert.equal(exportOnnx(options), bytes);
    const statistics = new Map(
      [...weights.statistics].map(([name, { mean, variance }]) => [name, { mean, variance: variance.map((v) => 2 * v) }]),
    );
    assert.not.equal(exportOnnx({ ...options, weights: { ...weights, statistics } }), bytes);
  });
  test("leaves no tensor behind, and the engine as it was", () => {
    const { numTensors } = tf.memory();
    exportOnnx(options);
    assert.is(tf.memory().numTensors, numTensors);
    assert.is(tf.getBackend(), "tensorflow");
    assert.equal([...tf.add([1, 2], 1).dataSync()], [2, 3]);
  });
  test("has input and outputs of a named batch and the sizes of the model", () => {
    const { graph, producerName } = decodeModel(exportOnnx(options), "model");
    const sideOf = (dim: Dimension) => ("dimParam" in dim && dim.dimParam) || ("dimValue" in dim && dim.dimValue);
    const dims = (ports: ValueInfoProto[]) => ports.map(({ name, type }) => [name, ...type.tensorType.shape.dim.map(sideOf)]);
    assert.equal(dims(graph.input), [["image", "n", 1, size, size]]);
    assert.equal(dims(graph.output), [
      ["logits", "n", 3],
      ["probabilities", "n", 3],
    ]);
    assert.is(producerName, "sonomark");
  });
  test("refuses names for more classes than the network has logits", () =>
    assert.throws(
      () => exportOnnx({ ...options, classes: ["a", "b"] }),
      /^exportOnnx: the network must put out a logit for each of 2 classes, got \[1,3\]/,
    ));
});
