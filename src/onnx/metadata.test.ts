import * as assert from "uvu/assert";
import { NOTICE } from "../config/onnx.ts";
import { randomClassifier } from "../testing/classifiers.ts";
import { assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { exportOnnx } from "./export-onnx.ts";
import { readMetadata } from "./metadata.ts";
import { decodeModel, encodeModel, type ModelProto } from "./model-proto.ts";

const encoder = { name: "cnn", width: 4, outputStride: 8 } as const;
const calibration = { temperature: 1.25, thresholds: { cost: 0.3, youden: 0.4 } };
// no engine is started here: an export computes nothing
const bytes = exportOnnx({
  ...randomClassifier(encoder, 2),
  ...{ imageSize: 32, classes: ["benign", "malignant"], calibration },
  ...{ task: "finetune/pretrained/fold-0", taskKey: "k", runId: "r" },
});
const changed = (change: (model: ModelProto) => Partial<ModelProto>): Uint8Array => {
  const model = decodeModel(bytes, "model");
  return encodeModel({ ...model, ...change(model) });
};

describe("readMetadata", (test) => {
  test("tells what the export was given", () => {
    const { preprocessing, thresholds, ...rest } = readMetadata(bytes, "model.onnx");
    assert.equal(rest, {
      ...{ format: 1, classes: ["benign", "malignant"], positiveClass: "malignant", imageSize: 32, encoder, temperature: 1.25 },
      ...{ task: "finetune/pretrained/fold-0", taskKey: "k", runId: "r", notice: NOTICE },
    });
    assert.is(preprocessing.letterbox.padding, 0);
    assert.equal(
      thresholds.map(({ rule, value }) => [rule, value]),
      [
        ["youden", 0.4],
        ["cost", 0.3],
      ],
    );
    assert.match(thresholds[0].meaning, /^largest sensitivity \+ specificity/);
  });
  test("finds beside it what people read: preprocessing in sentences, and that this is no medical device", () => {
    const { metadataProps, docString } = decodeModel(bytes, "model.onnx");
    const text = Object.fromEntries(metadataProps.map(({ key, value }) => [key, value]));
    assert.match(text.preprocessing, /^1\. Decode: .*\n.*\n.*\n4\. Letterbox into 32 × 32 pixels: .*\n5\. Values: grey level \/ 255/);
    assert.is(text.notice, NOTICE);
    assert.ok(docString.endsWith(NOTICE));
  });
  test("refuses what is no ONNX, and a file that is cut short", async () => {
    for (const wrong of [Buffer.from("\x89PNG\r\n\x1a\n and more"), Buffer.alloc(0), bytes.subarray(0, bytes.length / 2)])
      await assertUserError(
        () => readMetadata(wrong, "model.onnx"),
        /^model\.onnx: this is no ONNX model, or a damaged one \(.*\); export it again$/,
      );
  });
  test("refuses a model that others made", () =>
    assertUserError(
      () =>
        readMetadata(
          changed(() => ({ metadataProps: [{ key: "author", value: "x" }] })),
          "model.onnx",
        ),
      /^model\.onnx: the ONNX model has no metadata "sonomark", .*; give a model that sonomark exported$/,
    ));
  test("refuses metadata of another version, and names the key", () =>
    assertUserError(
      () =>
        readMetadata(
          changed(() => ({ metadataProps: [{ key: "sonomark", value: '{"format":2}' }] })),
          "model.onnx",
        ),
      /^model\.onnx: its metadata are of another version of sonomark \(.*format.*\); export the model again$/,
    ));
  test("refuses a graph for another image size than its metadata tell of", () =>
    assertUserError(
      () =>
        readMetadata(
          changed(({ graph }) => {
            const dim = [{ dimParam: "n" }, ...[1, 64, 64].map((dimValue) => ({ dimValue }))];
            return { graph: { ...graph, input: [{ name: "image", type: { tensorType: { elemType: 1, shape: { dim } } } }] } };
          }),
          "model.onnx",
        ),
      /^model\.onnx: the model takes images of \[1,64,64\] and its metadata tells of \[1,32,32\]; export it again$/,
    ));
});
