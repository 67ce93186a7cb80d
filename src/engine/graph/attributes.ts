/**
 * @file Attributes of an op: from what tfjs hands to its binding to an AttrValue of a graph.
 * Reference: tensorflow/core/framework/attr_value.proto and tensor_shape.proto, whose field numbers stand here.
 */
import type { TFEOpAttr, TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";
import { bytesField, floatField, intField, messageField, textField, type Message } from "./wire.ts";

/** Fields of AttrValue; a list holds the same ones. */
const FIELD = { list: 1, string: 2, int: 3, float: 4, bool: 5, type: 6, shape: 7, tensor: 8 } as const;

/** A TensorShapeProto; [] is a scalar. */
export const shapeMessage = (shape: readonly number[]): Message => shape.flatMap((size) => messageField(2, intField(1, size)));

export const typeValue = (dtype: number): Message => intField(FIELD.type, dtype);
export const shapeValue = (shape: readonly number[]): Message => messageField(FIELD.shape, shapeMessage(shape));
export const tensorValue = (tensor: Message): Message => messageField(FIELD.tensor, tensor);

/** @throws RangeError for a kind of attribute that tfjs 4.22 has no constant for */
export function attributeValue(kinds: AttributeKinds, { name, type, value }: TFEOpAttr): Message {
  if (type === kinds.TF_ATTR_SHAPE) return shapeValue(value as number[]);
  const encode = encoderOf(kinds, type);
  if (!encode) throw new RangeError(`attributeValue: attribute "${name}" must be of a known kind, got ${type}`);
  return Array.isArray(value) ? messageField(FIELD.list, value.flatMap(encode)) : encode(value);
}

/** The binding's numbers for kinds of attributes. */
type AttributeKinds = Pick<
  TFJSBinding,
  "TF_ATTR_STRING" | "TF_ATTR_INT" | "TF_ATTR_FLOAT" | "TF_ATTR_BOOL" | "TF_ATTR_TYPE" | "TF_ATTR_SHAPE"
>;

function encoderOf(kinds: AttributeKinds, type: number): ((value: unknown) => Message) | undefined {
  switch (type) {
    case kinds.TF_ATTR_STRING:
      return (value) => (value instanceof Uint8Array ? bytesField(FIELD.string, value) : textField(FIELD.string, value as string));
    case kinds.TF_ATTR_INT:
      return (value) => intField(FIELD.int, value as number);
    case kinds.TF_ATTR_FLOAT:
      return (value) => floatField(FIELD.float, value as number);
    case kinds.TF_ATTR_BOOL:
      return (value) => intField(FIELD.bool, Boolean(value));
    case kinds.TF_ATTR_TYPE:
      return (value) => typeValue(value as number);
    default:
      return undefined;
  }
}
