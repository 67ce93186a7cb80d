/** @file What is known of an image without looking at the tissue: size, border, marks, file and device. */
import { extname } from "node:path";
import type { FeatureValue } from "./columns.ts";

/** What the audit may look at; everything beyond the size is optional. */
export interface AuditImage {
  /** relative to the data root; `file#part` where a file holds several images */
  path: string;
  group: string;
  label: string;
  /** pixels */
  width: number;
  height: number;
  /** hospital or scanner */
  site?: string;
  /** the data set's own columns; only the side of the body is taken, for findings are no metadata */
  annotations?: Readonly<Record<string, string>>;
  /** part of each official split */
  official?: Readonly<Record<string, string>>;
  /** share of the picture that is black border, 0–1 */
  border?: number;
  /** share of pixels flagged as text, caliper or marker, 0–1 */
  annotated?: number;
  /** size of the file */
  bytes?: number;
}

/** One image as the audit's model sees it. */
export interface AuditRow {
  group: string;
  label: string;
  /** by name, for people; numbers or categories */
  features: Readonly<Record<string, FeatureValue>>;
}

export function auditRow({
  path,
  group,
  label,
  width,
  height,
  site,
  annotations,
  official,
  border,
  annotated,
  bytes,
}: AuditImage): AuditRow {
  const side = Object.entries(annotations ?? {}).find(([name]) => name.toLowerCase() === "side")?.[1];
  return {
    group,
    label,
    features: {
      width,
      height,
      "aspect ratio": width / height,
      megapixels: (width * height) / 1e6,
      "black border": border,
      annotations: annotated === undefined ? undefined : annotated > 0 ? "yes" : "no",
      "annotation share": annotated,
      "file size": bytes,
      "file format": extname(path.replace(/#.*$/, "")).toLowerCase(),
      site,
      side,
      ...Object.fromEntries(Object.entries(official ?? {}).map(([name, part]) => [`official split ${name}`, part])),
    },
  };
}
