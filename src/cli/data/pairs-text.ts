/** @file Pairs of images that show one picture, as lines for a terminal. */
import { fixed } from "../../util/format-number.ts";
import { formatTable } from "../../util/text-table.ts";

/** Pairs that are listed; `--json` lists all. */
const SHOWN = 20;

/** A table of the first pairs under a title, with an empty line before; no lines where there are no pairs. */
export function pairsText(title: string, pairs: readonly { a: string; b: string; confidence: number }[]): string[] {
  if (pairs.length === 0) return [];
  const rows = pairs.slice(0, SHOWN).map(({ a, b, confidence }) => [fixed(confidence), a, b]);
  return [
    "",
    title,
    formatTable(["confidence", "image", "shows the same as"], rows),
    ...(pairs.length > SHOWN ? [`… and ${pairs.length - SHOWN} more (--json lists all)`] : []),
  ];
}
