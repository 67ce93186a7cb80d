/** @file What metadata alone say about the class: the shortcut audit, which data commands print and reports carry. */
import { z } from "zod";

/** How well held-out images are ranked by metadata, without their pixels. */
export const auditScoreSchema = z.strictObject({
  auroc: z.number().describe("pairs of a held-out fold that are ranked right, as a share of all; 0.5 is chance"),
  low: z.number().describe("lower end of the 95 % group-bootstrap interval"),
  high: z.number().describe("upper end of it"),
  p: z
    .number()
    .describe(
      "how often classes dealt anew to groups bring the best of all lines as far above chance, in standard errors: corrected for every line",
    ),
});
export type AuditScore = z.infer<typeof auditScoreSchema>;

export const auditSchema = z.strictObject({
  classes: z.array(z.string()).min(2).describe("the classes told apart: the last one against all others"),
  images: z.int(),
  groups: z.int(),
  folds: z.int(),
  permutations: z.int(),
  /** level of the warning */
  alpha: z.number(),
  features: z.array(auditScoreSchema.extend({ name: z.string() })).describe("each by itself; those that never vary are left out"),
  joint: auditScoreSchema.describe("all features together"),
  warning: z.string().describe("one sentence where something earns it, empty otherwise"),
});
export type Audit = z.infer<typeof auditSchema>;
