/** @file Attribution methods and their parameters. One schema member a method. */
import { z } from "zod";

export const gradCamSchema = z
  .strictObject({
    name: z.literal("grad-cam"),
  })
  .meta({ title: "Grad-CAM", description: "channels of the last feature map, weighted by their mean gradient" });
export type GradCamConfig = z.infer<typeof gradCamSchema>;

export const integratedGradientsSchema = z
  .strictObject({
    name: z.literal("integrated-gradients"),
    steps: z.int().min(2).max(500).default(32).describe("Gauss-Legendre nodes on the path from the baseline"),
    baseline: z.enum(["zero", "mean"]).default("zero").describe("where the path starts: a black image, or the image's own mean grey level"),
    cells: z
      .int()
      .min(4)
      .max(256)
      .default(16)
      .describe(
        "side of the grid on which attributions are summed for statistics (they are additive); never finer than the encoder's output stride",
      ),
  })
  .meta({ title: "Integrated gradients", description: "gradients summed on the straight path from a baseline to the image" });
export type IntegratedGradientsConfig = z.infer<typeof integratedGradientsSchema>;

/** Every method; grows by one member a method. */
export const attributionSchema = z.discriminatedUnion("name", [gradCamSchema, integratedGradientsSchema]);
export type AttributionConfig = z.infer<typeof attributionSchema>;
export type AttributionName = AttributionConfig["name"];

export const explainSchema = z.strictObject({
  methods: z
    .array(attributionSchema)
    .min(1)
    .default([gradCamSchema.parse({ name: "grad-cam" }), integratedGradientsSchema.parse({ name: "integrated-gradients" })])
    .describe("attribution methods, each run on every held-out image"),
});
export type ExplainConfig = z.infer<typeof explainSchema>;
