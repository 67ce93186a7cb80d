/** @file An ONNX file of ours in onnxruntime (WebAssembly), for predictions without TensorFlow. */
import type { OnnxMetadata } from "../config/onnx.ts";
import { messageOf, UserError } from "../util/user-error.ts";
import { PORTS } from "./export-onnx.ts";
import { readMetadata } from "./metadata.ts";

export interface OnnxModel {
  metadata: OnnxMetadata;
  /**
   * @param images [n, size, size] in 0–1
   * @returns both [n, classes]
   */
  run(images: Float32Array): Promise<{ logits: Float32Array; probabilities: Float32Array }>;
  close(): Promise<void>;
}

/**
 * @param source what messages call the file
 * @throws UserError as {@link readMetadata}, and where onnxruntime refuses the model
 */
export async function openOnnx(bytes: Uint8Array, source: string): Promise<OnnxModel> {
  const metadata = readMetadata(bytes, source);
  const { env, InferenceSession, Tensor } = await import("onnxruntime-web");
  env.logLevel = "error";
  env.wasm.numThreads = 1; // the same bits on every machine
  const session = await InferenceSession.create(bytes).catch((cause: unknown) => {
    throw new UserError(`${source}: onnxruntime does not take the model (${messageOf(cause)}); export it again`, { status: 422, cause });
  });
  const { imageSize } = metadata;
  return {
    metadata,
    async run(images) {
      const n = images.length / imageSize ** 2;
      if (!Number.isInteger(n))
        throw new RangeError(`openOnnx: images must be of ${imageSize} × ${imageSize} pixels, got ${images.length} values`);
      const found = await session.run({ [PORTS.image]: new Tensor("float32", images, [n, 1, imageSize, imageSize]) });
      return { logits: found[PORTS.logits].data as Float32Array, probabilities: found[PORTS.probabilities].data as Float32Array };
    },
    close: () => session.release(),
  };
}
