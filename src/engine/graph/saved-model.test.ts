/** @file What is written, read back by the message classes that tfjs-node carries inside. */
import { createRequire } from "node:module";
import * as assert from "uvu/assert";
import { describe } from "../../testing/describe.ts";
import { nativeOp } from "../native-op.ts";
import { startEngine } from "../start.ts";
import { tf } from "../tf.ts";
import { attributeValue } from "./attributes.ts";
import { nativeBackend } from "./native-backend.ts";
import { savedModel } from "./saved-model.ts";
import { record, type Step } from "./tape.ts";

await startEngine({ threads: 1 });
const { binding } = nativeBackend();

interface MessageClass<T> {
  deserializeBinary(bytes: Uint8Array): { toObject(): T };
}
interface AttrValue {
  list?: { iList: number[]; fList: number[]; bList: boolean[] };
  s: string;
  i: number;
  f: number;
  b: boolean;
  type: number;
  shape?: { dimList: { size: number }[] };
  tensor?: { dtype: number; tensorShape: { dimList: { size: number }[] }; tensorContent: string; stringValList: string[] };
}
interface Node {
  name: string;
  op: string;
  inputList: string[];
  attrMap: [string, AttrValue][];
}
const pb = createRequire(import.meta.url)("@tensorflow/tfjs-node-gpu/dist/proto/api_pb.js") as {
  SavedModel: MessageClass<{
    savedModelSchemaVersion: number;
    metaGraphsList: { metaInfoDef: { tagsList: string[] }; graphDef: { nodeList: Node[]; versions: { producer: number } } }[];
  }>;
  AttrValue: MessageClass<AttrValue>;
};

const bytesOf = (step: Step, example: tf.Tensor[]): Buffer =>
  tf.tidy(() => Buffer.concat(savedModel(binding, record(step, example).tape).chunks));
const modelOf = (step: Step, example: tf.Tensor[]) => pb.SavedModel.deserializeBinary(bytesOf(step, example)).toObject();
const nodesOf = (step: Step, example: tf.Tensor[]) => modelOf(step, example).metaGraphsList[0].graphDef.nodeList;
const sizesOf = ({ shape }: AttrValue) => shape?.dimList.map(({ size }) => size);
const attr = (node: Node, key: string): AttrValue => new Map(node.attrMap).get(key)!;

describe("savedModel", (test) => {
  test("holds one graph under the tag that a session asks for, with an empty list of signatures", () => {
    const { savedModelSchemaVersion, metaGraphsList } = modelOf((x) => [x], [tf.scalar(1)]);
    assert.is(savedModelSchemaVersion, 1);
    assert.is(metaGraphsList.length, 1);
    assert.equal(metaGraphsList[0].metaInfoDef.tagsList, ["serve"]);
    assert.is(metaGraphsList[0].graphDef.versions.producer, 2000);
  });

  test("makes inputs placeholders, numbers constants, ops nodes and outputs identities", () => {
    const nodes = nodesOf((x) => [tf.mul(x, 3)], [tf.ones([2, 1])]);
    assert.equal(
      nodes.map(({ name, op, inputList }) => [name, op, inputList]),
      [
        ["x0", "Placeholder", []],
        ["c1", "Const", []],
        ["n2_Mul", "Mul", ["x0:0", "c1:0"]],
        ["y0", "Identity", ["n2_Mul:0"]],
      ],
    );
    assert.equal(sizesOf(attr(nodes[0], "shape")), [2, 1]);
    assert.is(attr(nodes[2], "T").type, binding.TF_FLOAT);
    const tensor = attr(nodes[1], "value").tensor!;
    assert.is(tensor.dtype, binding.TF_FLOAT);
    assert.equal(new Float32Array(new Uint8Array(Buffer.from(tensor.tensorContent, "base64")).buffer), Float32Array.of(3));
  });

  test("names outputs of one op by their number, and leaves out constants that nothing reads", () => {
    const nodes = nodesOf(
      (x) => {
        tf.scalar(9);
        return tf.split(x, 2).reverse();
      },
      [tf.ones([4])],
    );
    assert.equal(
      nodes.filter(({ op }) => op === "Identity").map(({ inputList }) => inputList),
      [["n3_SplitV:1"], ["n3_SplitV:0"]],
    );
    assert.is(nodes.filter(({ op }) => op === "Const").length, 2); // sizes and axis of the split
  });

  test("keeps texts, whole and as tensors", () => {
    const [, , text] = nodesOf(
      (x) => [x, tf.tensor1d(["ä", ""])].map((each) => nativeOp("Identity", {}, [each])[0]).slice(0, 1),
      [tf.scalar(1)],
    );
    assert.equal(attr(text, "value").tensor?.stringValList, [Buffer.from("ä").toString("base64"), ""]);
  });

  test("is the same bytes again, whatever ids the tensors have", () => {
    const step: Step = (x, y) => [tf.matMul(x, y), tf.sum(tf.relu(x))];
    const make = () => bytesOf(step, [tf.ones([2, 2]), tf.zeros([2, 2])]);
    const first = make();
    tf.tidy(() => void tf.sum(tf.ones([3])).dataSync());
    assert.ok(make().equals(first));
  });
});

describe("attributeValue", (test) => {
  const encode = (kind: "STRING" | "INT" | "FLOAT" | "BOOL" | "TYPE" | "SHAPE", value: boolean | number | object | string) =>
    pb.AttrValue.deserializeBinary(
      Buffer.concat(attributeValue(binding, { name: "a", type: binding[`TF_ATTR_${kind}`], value })),
    ).toObject();

  test("keeps every kind, with odd values", () => {
    assert.is(encode("STRING", "NHWC ä").s, Buffer.from("NHWC ä").toString("base64"));
    assert.equal(
      [0, 1, 127, 128, -1, 2 ** 40].map((value) => encode("INT", value).i),
      [0, 1, 127, 128, -1, 2 ** 40],
    );
    assert.is(encode("FLOAT", 1e-5).f, Math.fround(1e-5));
    assert.equal([encode("BOOL", true).b, encode("BOOL", false).b], [true, false]);
    assert.is(encode("TYPE", binding.TF_INT32).type, binding.TF_INT32);
    assert.equal(sizesOf(encode("SHAPE", [3, 0])), [3, 0]);
    assert.equal(sizesOf(encode("SHAPE", [])), []);
  });

  test("keeps lists", () => {
    assert.equal(encode("INT", [1, 2, 2, 1]).list?.iList, [1, 2, 2, 1]);
    assert.equal(encode("FLOAT", [0.5, -2]).list?.fList, [0.5, -2]);
    assert.equal(encode("BOOL", [false, true]).list?.bList, [false, true]);
    assert.equal(encode("INT", []).list?.iList, []);
  });

  test("refuses a kind that it does not know", () =>
    assert.throws(() => attributeValue(binding, { name: "a", type: 99, value: 1 }), /attribute "a" must be of a known kind, got 99/));
});
