/** @file Reads what an ONNX file of ours says of itself. */
import { onnxMetadataSchema, type OnnxMetadata } from "../config/onnx.ts";
import { messageOf, UserError } from "../util/user-error.ts";
import { decodeModel } from "./model-proto.ts";

/** Keys of metadata_props: everything as JSON, and two texts for people who look at the file. */
export const METADATA_KEYS = { all: "sonomark", preprocessing: "preprocessing", notice: "notice" } as const;

/**
 * @param source what messages call the file
 * @throws UserError where the bytes are no ONNX model, one that sonomark did not make, or one whose graph and metadata disagree
 */
export function readMetadata(bytes: Uint8Array, source: string): OnnxMetadata {
  const { graph, metadataProps } = decodeModel(bytes, source);
  const text = metadataProps.find(({ key }) => key === METADATA_KEYS.all)?.value;
  if (text === undefined)
    throw new UserError(
      `${source}: the ONNX model has no metadata "${METADATA_KEYS.all}", so its classes and preprocessing are not known; give a model that sonomark exported`,
      { status: 422 },
    );
  const metadata = parsed(text, source);
  const sides = graph.input[0].type.tensorType.shape.dim.map((dim) => ("dimValue" in dim ? dim.dimValue : 0));
  const { imageSize } = metadata;
  if (sides.slice(1).join() !== [1, imageSize, imageSize].join())
    throw new UserError(
      `${source}: the model takes images of [${sides.slice(1)}] and its metadata tells of [1,${imageSize},${imageSize}]; export it again`,
      { status: 422 },
    );
  return metadata;
}

function parsed(text: string, source: string): OnnxMetadata {
  try {
    return onnxMetadataSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new UserError(
      `${source}: its metadata are of another version of sonomark (${messageOf(cause).replace(/\s+/g, " ").slice(0, 200)}); export the model again`,
      { status: 422, cause },
    );
  }
}
