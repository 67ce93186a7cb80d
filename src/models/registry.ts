/** @file Every encoder by its name in the config: a name without a line here does not compile. */
import type { EncoderConfig } from "../config/encoder.ts";
import { cnn } from "./cnn.ts";
import { convnext } from "./convnext.ts";
import { efficientnetLite } from "./efficientnet-lite.ts";
import type { Encoder } from "./encoder.ts";
import { resnet } from "./resnet.ts";

type Name = EncoderConfig["name"];

const ENCODERS: { [K in Name]: (config: EncoderConfig & { name: K }) => Encoder } = {
  resnet10: resnet,
  resnet18: resnet,
  resnet34: resnet,
  resnet50: resnet,
  "convnext-atto": convnext,
  "convnext-tiny": convnext,
  cnn,
  "efficientnet-lite0": efficientnetLite,
};

/** The encoder that `config` describes; cheap, holds no tensors. */
export const encoderOf = <K extends Name>(config: EncoderConfig & { name: K }): Encoder => ENCODERS[config.name](config);
