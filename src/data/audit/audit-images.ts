/** @file The audit of a data set that was opened: rows from the manifest and from what decoding said. */
import type { Audit } from "../../config/audit.ts";
import type { ImageFacts } from "../facts.ts";
import type { ImageRecord } from "../manifest.ts";
import { auditRow } from "./row.ts";
import { auditShortcuts, type AuditOptions } from "./shortcuts.ts";

/** @param facts parallel to `images` @throws UserError as {@link auditShortcuts} */
export const auditImages = (
  images: readonly ImageRecord[],
  facts: readonly ImageFacts[],
  { folds = 5, ...options }: Omit<AuditOptions, "folds"> & { folds?: number },
): Audit =>
  auditShortcuts(
    images.map((image, i) => auditRow({ ...image, ...facts[i] })),
    { folds, ...options },
  );
