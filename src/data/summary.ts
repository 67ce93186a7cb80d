/** @file What a data set holds, for people and as JSON: counts, classes, groups, sizes, problems. */
import { formatTable } from "../util/text-table.ts";
import type { Manifest, Problem } from "./manifest.ts";

export interface ClassSummary {
  label: string;
  images: number;
  groups: number;
  /** images with at least one mask file */
  withMask: number;
}

/** Smallest, middle and largest, in pixels. */
export interface Range3 {
  smallest: number;
  median: number;
  largest: number;
}

export interface DataSummary {
  reader: string;
  root: string;
  images: number;
  groups: number;
  largestGroup: number;
  classes: ClassSummary[];
  width: Range3;
  height: Range3;
  licence: string;
  citation: string;
  note: string;
  digest: string;
  problems: Problem[];
}

const distinct = (values: readonly string[]): string[] => [...new Set(values)].sort();

function range3(values: readonly number[]): Range3 {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (q: number) => sorted[Math.floor(q * (sorted.length - 1))] ?? 0;
  return { smallest: at(0), median: at(0.5), largest: at(1) };
}

export function summarise(manifest: Manifest, problems: readonly Problem[] = []): DataSummary {
  const { images, reader, root, licence, citation, note, digest } = manifest;
  const sizes = new Map<string, number>();
  for (const { group } of images) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  return {
    reader,
    root,
    images: images.length,
    groups: sizes.size,
    largestGroup: [...sizes.values()].reduce((most, size) => Math.max(most, size), 0),
    classes: distinct(images.map((image) => image.label)).map((label) => {
      const own = images.filter((image) => image.label === label);
      return {
        label,
        images: own.length,
        groups: distinct(own.map((image) => image.group)).length,
        withMask: own.filter((image) => image.masks.length > 0).length,
      };
    }),
    width: range3(images.map((image) => image.width)),
    height: range3(images.map((image) => image.height)),
    licence,
    citation,
    note,
    digest,
    problems: [...problems],
  };
}

const rangeText = ({ smallest, median, largest }: Range3): string =>
  smallest === largest ? `${median}` : `${smallest} – ${largest}, median ${median}`;

/** The summary as a text of a few lines, with a class table. */
export function formatSummary(summary: DataSummary): string {
  const { images, groups, largestGroup, classes, problems } = summary;
  return [
    `${summary.root} (${summary.reader})`,
    `${images} images of ${groups} groups (at most ${largestGroup} images a group)`,
    "",
    formatTable(
      ["class", "images", "groups", "with mask"],
      classes.map((c) => [c.label, String(c.images), String(c.groups), String(c.withMask)]),
    ),
    "",
    `width     ${rangeText(summary.width)} pixels`,
    `height    ${rangeText(summary.height)} pixels`,
    `licence   ${summary.licence}`,
    ...(summary.citation ? [`citation  ${summary.citation}`] : []),
    `digest    ${summary.digest}`,
    ...(summary.note ? ["", summary.note] : []),
    "",
    problems.length === 0 ? "no problems found" : `${problems.length} problem${problems.length > 1 ? "s" : ""}:`,
    ...problems.map(({ level, message }) => `  ${level}: ${message}`),
  ].join("\n");
}
