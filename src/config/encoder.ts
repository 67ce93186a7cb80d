/** @file What the encoder is: architecture, width, stride. */
import { z } from "zod";

export const encoderSchema = z.strictObject({
  name: z
    .enum(["resnet10", "resnet18", "resnet34", "resnet50", "convnext-atto", "convnext-tiny", "cnn", "efficientnet-lite0"])
    .default("resnet10")
    .describe(
      "architecture: which blocks, and how many; `cnn` is resnet10 without shortcuts; `efficientnet-lite0` can start from ImageNet (width 16)",
    ),
  width: z
    .int()
    .min(4)
    .max(256)
    .default(16)
    .describe(
      "channels of the first stage; each later stage doubles them (resnet50 puts out four times as many; efficientnet-lite0 goes by its own table, as published at 16)",
    ),
  outputStride: z
    .union([z.literal(8), z.literal(16), z.literal(32)])
    .default(8)
    .describe("input pixels per cell of the last feature map, hence of a CAM's native grid"),
});
export type EncoderConfig = z.infer<typeof encoderSchema>;
