/** @file Tables in spreadsheets (.xlsx), as text by column. An .xlsx is a zip archive, so what guards against archive bombs guards here too. */
import readWorkbook, { type Sheet } from "read-excel-file/universal";
import { messageOf, UserError } from "../util/user-error.ts";
import { openArchiveBytes } from "./files/archive-files.ts";

/** Bytes that a spreadsheet may unpack to in all; the table of a data set is far smaller. */
const UNPACKED_LIMIT = 64e6;

const refused = (name: string, what: string, cause?: unknown): UserError => new UserError(`${name}: ${what}`, { status: 422, cause });

/** Refuses archive bombs before the spreadsheet's own reader, which knows no limits, unpacks anything. */
async function checkUnpacked(bytes: Buffer, name: string): Promise<void> {
  const files = await openArchiveBytes(bytes, name);
  let total = 0;
  for (const path of await files.list()) {
    total += (await files.read(path)).length;
    if (total > UNPACKED_LIMIT)
      throw refused(
        name,
        `the spreadsheet unpacks to more than ${UNPACKED_LIMIT / 1e6} MB; save the table that is meant as a file of its own`,
      );
  }
  await files.close();
}

/** The library hands dates over as Date objects, whatever its types say. */
function textOf(cell: unknown): string {
  if (cell instanceof Date) return cell.toISOString().slice(0, 10);
  return typeof cell === "string" ? cell.trim() : typeof cell === "number" || typeof cell === "boolean" ? String(cell) : "";
}

const headerOf = ({ data }: Sheet): string[] => (data[0] ?? []).map(textOf);

/**
 * Rows of the first sheet that has every required column in its first row; empty rows are left out, empty cells are "". Other sheets do not matter.
 * @param name the file, for error messages
 * @throws UserError (422) for what is no spreadsheet, is damaged, unpacks to too much, or has no such sheet
 */
export async function parseXlsx(bytes: Buffer, name: string, required: readonly string[]): Promise<Record<string, string>[]> {
  await checkUnpacked(bytes, name);
  const sheets = await readWorkbook(new Blob([new Uint8Array(bytes)])).catch((cause: unknown) => {
    throw refused(name, `the spreadsheet cannot be read (${messageOf(cause)}); open it, and save it again as .xlsx`, cause);
  });
  const missingIn = (sheet: Sheet) => required.filter((column) => !headerOf(sheet).includes(column));
  const [sheet] = [...sheets].sort((a, b) => missingIn(a).length - missingIn(b).length);
  if (sheet === undefined) throw refused(name, "the spreadsheet has no sheets; get the file again");
  const columns = headerOf(sheet);
  const [missing] = missingIn(sheet);
  if (missing !== undefined)
    throw refused(
      name,
      `the sheet "${sheet.sheet}" has no column "${missing}" (it has ${columns.filter(Boolean).join(", ") || "none"}); add the column to its first row`,
    );
  const twice = columns.find((column, i) => column !== "" && columns.indexOf(column) !== i);
  if (twice !== undefined) throw refused(name, `the sheet "${sheet.sheet}" has the column "${twice}" twice; rename one of them`);
  return sheet.data
    .slice(1)
    .map((row) => row.map(textOf))
    .filter((row) => row.some(Boolean))
    .map((row) => Object.fromEntries(columns.flatMap((column, i) => (column ? [[column, row[i] ?? ""]] : []))));
}
