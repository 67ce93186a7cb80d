/** @file Every encoder by its name in the config: a name without a line here does not compile. */
import type { EncoderConfig } from "../config/encoder.ts";
import type { Encoder } from "./encoder.ts";
import { resnet } from "./resnet.ts";

const ENCODERS: { [K in EncoderConfig["name"]]: (config: EncoderConfig) => Encoder } = { resnet10: resnet, resnet18: resnet };

/** The encoder that `config` describes; cheap, holds no tensors. */
export const encoderOf = (config: EncoderConfig): Encoder => ENCODERS[config.name](config);
