/** @file Tables as text: strict reading (BOM, comma, semicolon or tab) and writing of CSV. */
import { CsvError, parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { UserError } from "./user-error.ts";

/** The one of comma, semicolon and tab that the header line holds most of; quoted parts do not count. */
function delimiterOf(text: string): string {
  const header = (text.match(/^[^\r\n]*/)?.[0] ?? "").replace(/"[^"]*"/g, "");
  const count = (delimiter: string) => header.split(delimiter).length;
  return [",", ";", "\t"].reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}

/**
 * Rows of a table with a header line, as text by column. Every row must have every column.
 * @param name the file, for error messages
 * @param required columns that must be there
 * @throws UserError for a ragged row, an open quote, a column named twice or a missing column
 */
export function parseCsv(text: string, name: string, required: readonly string[] = []): Record<string, string>[] {
  let columns: string[] = [];
  const header = (names: string[]) => {
    const twice = names.find((column, i) => names.indexOf(column) !== i);
    if (twice !== undefined) throw new UserError(`${name}: the column "${twice}" is there twice; rename one of them`, { status: 422 });
    return (columns = names);
  };
  let rows: Record<string, string>[];
  try {
    rows = parse(text, { bom: true, columns: header, delimiter: delimiterOf(text), trim: true, skip_empty_lines: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new UserError(`${name}: ${error.message}; correct the file so that every row has the header's columns`, {
      status: 422,
      cause: error,
    });
  }
  const missing = required.find((column) => !columns.includes(column));
  if (missing !== undefined)
    throw new UserError(`${name}: has no column "${missing}" (it has ${columns.join(", ") || "none"}); add the column to the header line`, {
      status: 422,
    });
  return rows;
}

/** CSV text of `rows` with a header line; the columns are those of the first row unless given. Numbers keep every digit. */
export function toCsv(
  rows: readonly Readonly<Record<string, string | number | boolean | null>>[],
  columns: readonly string[] = Object.keys(rows[0] ?? {}),
): string {
  return stringify([...rows], { header: true, columns: [...columns], cast: { boolean: String } });
}
