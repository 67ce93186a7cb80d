/** @file What the encoder is: architecture, width, stride. */
import { z } from "zod";

export const encoderSchema = z.strictObject({
  name: z.enum(["resnet10", "resnet18"]).default("resnet10").describe("architecture"),
  width: z.int().min(4).max(256).default(16).describe("channels of the first stage; each later stage doubles them"),
  outputStride: z
    .union([z.literal(8), z.literal(16), z.literal(32)])
    .default(8)
    .describe("input pixels per cell of the last feature map, hence of a CAM's native grid"),
});
export type EncoderConfig = z.infer<typeof encoderSchema>;
