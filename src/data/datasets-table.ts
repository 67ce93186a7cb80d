/** @file The table of every data set that a reader knows, for docs/datasets.md: what was counted in real files, and what misleads people. */
import { basename } from "node:path";
import type { Reader } from "./manifest.ts";
import { readers } from "./readers/registry.ts";
import type { DataSummary } from "./summary.ts";

/** Counts of one copy of a data set. */
export type Measured = Pick<DataSummary, "images" | "groups" | "classes"> & {
  /** folder, archive or file, without its path: a sample is not the whole set */
  source: string;
  /** errors: images that are not counted */
  errors: number;
};

export interface DatasetRow extends Pick<Reader, "name" | "title" | "licence" | "citation" | "traps"> {
  measured?: Measured;
}

/** A row for each summary, and one without counts for each reader that has none, in the order of the registry. */
export function datasetRows(summaries: readonly DataSummary[]): DatasetRow[] {
  return readers.flatMap(({ name, title, licence, citation, traps }): DatasetRow[] => {
    const told = { name, title, licence, citation, traps };
    const own = summaries.filter(({ reader }) => reader === name);
    if (own.length === 0) return [told];
    return own.map(({ root, images, groups, classes, problems }) => {
      const errors = problems.filter(({ level }) => level === "error").length;
      return { ...told, measured: { source: basename(root), images, groups, classes, errors } };
    });
  });
}

/** Text as it is, in a cell of a Markdown table. */
const plain = (text: string): string => text.replaceAll(/[\\`*_<>|[\]]/g, "\\$&").replaceAll(/\s+/g, " ");

/** Links to the DOIs of a citation. */
const links = (citation: string): string[] =>
  [...citation.matchAll(/\bdoi:(10\.\d+\/[^\s;,]*[^\s;,.])/g)].map(([text, doi]) => `[${plain(text)}](https://doi.org/${doi})`);

function cells({ name, title, licence, citation, traps, measured }: DatasetRow): string[] {
  const counts = measured
    ? [
        `${measured.images} in ${plain(measured.source)}${measured.errors > 0 ? ` (without ${measured.errors} that have errors)` : ""}`,
        measured.classes.map(({ label, images }) => `${plain(label)} ${images}`).join(", "),
        String(measured.groups),
      ]
    : ["not measured here", "–", "–"];
  return [`\`${name}\``, [plain(title), ...links(citation)].join("<br>"), ...counts, plain(licence), traps.map(plain).join("<br>")];
}

/** The rows as a Markdown table. */
export function datasetsTable(rows: readonly DatasetRow[]): string {
  const header = ["reader", "data set", "images", "classes", "groups found", "licence", "traps"];
  const line = (texts: readonly string[]) => `| ${texts.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map((row) => line(cells(row)))].join("\n");
}
