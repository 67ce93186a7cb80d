/** @file The ImageNet weights from the cache, for an encoder to start from. */
import type { EncoderConfig } from "../../config/encoder.ts";
import { readIfThere } from "../../util/files.ts";
import { sha256 } from "../../util/hash.ts";
import { UserError } from "../../util/user-error.ts";
import { classifierNetwork } from "../classifier-network.ts";
import { encoderOf } from "../registry.ts";
import { sizeOf } from "../network.ts";
import { decodeWeights, type Weights } from "../weights.ts";
import { FETCH_COMMAND, IMAGENET_ENCODER, PINS, weightsPath } from "./pins.ts";

/**
 * Encoder and linear head of the 1000 classes, as `classifierNetwork(IMAGENET_ENCODER, PINS.classes)` takes them.
 * @throws UserError where they are not fetched, or the file is not what was fetched
 */
export async function imagenetClassifier(path: string = weightsPath()): Promise<Weights> {
  const bytes = await readIfThere(path);
  if (!bytes) throw new UserError(`The ImageNet weights are not at ${path}: run \`${FETCH_COMMAND}\` once.`);
  if (sha256(bytes) !== PINS.weightsSha256)
    throw new UserError(`${path} is damaged: its SHA-256 is not the one in src/models/imagenet/pins.ts; run \`${FETCH_COMMAND}\`.`);
  return decodeWeights(classifierNetwork(IMAGENET_ENCODER, PINS.classes), bytes, path);
}

/**
 * What the encoder starts from: its parameters [p], in the order of its specs, and ImageNet's running statistics of its norms.
 *
 * Fine-tuning needs the parameters alone: it norms by each batch, and measures statistics when it ends (docs/decisions/005). A frozen
 * encoder needs statistics at once, and the choice matters: with ImageNet's its features are those that torch gives in `eval()`, which the
 * weights were trained for at output stride 32; with those of the training images, `encoderStatistics(encoder, flat, batches)`, they are
 * other features, normed as every other encoder's here are. Say which.
 * @throws UserError where the config is of another encoder, or the weights are not fetched
 */
export async function imagenetEncoder(config: EncoderConfig, path?: string): Promise<Weights> {
  const { name, width } = IMAGENET_ENCODER;
  if (config.name !== name)
    throw new UserError(
      `encoder.name is ${config.name}, and only ${name} can start from ImageNet: set encoder.name to ${name} and encoder.width to ${width}.`,
    );
  if (config.width !== width)
    throw new UserError(`encoder.width is ${config.width}, and the ImageNet weights are of width ${width}: set encoder.width to ${width}.`);
  const { flat, statistics } = await imagenetClassifier(path);
  return { flat: flat.slice(0, sizeOf(encoderOf(config).specs)), statistics };
}
