/** @file Spreadsheets (.xlsx) that tests make: the few parts of Office Open XML (ECMA-376) without which no program opens one. */
import { zipSync } from "fflate";

type Cell = string | number | null;

const xml = (body: string): Uint8Array => new TextEncoder().encode(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>${body}`);
const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
const types = "http://schemas.openxmlformats.org";

/** Cells hold text as its number in a table of all texts, as spreadsheet programs write it. */
function sheetXml(rows: readonly (readonly Cell[])[], texts: string[]): string {
  const cellXml = (value: Cell, column: number, row: number): string => {
    if (value === null) return "";
    const reference = `${String.fromCharCode(65 + column)}${row + 1}`;
    return typeof value === "number"
      ? `<c r="${reference}"><v>${value}</v></c>`
      : `<c r="${reference}" t="s"><v>${texts.push(value) - 1}</v></c>`;
  };
  const body = rows.map((row, i) => `<row r="${i + 1}">${row.map((value, j) => cellXml(value, j, i)).join("")}</row>`).join("");
  return `<worksheet xmlns="${types}/spreadsheetml/2006/main"><sheetData>${body}</sheetData></worksheet>`;
}

/** The parts of a workbook by path, to be zipped; at most 26 columns. @param sheets rows by the name of the sheet */
export function xlsxParts(sheets: Readonly<Record<string, readonly (readonly Cell[])[]>>): Record<string, Uint8Array> {
  const names = Object.keys(sheets);
  const texts: string[] = [];
  const bodies = names.map((name) => sheetXml(sheets[name], texts));
  const listed = names.map((name, i) => `<sheet name="${escaped(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`);
  const related = [...names.map((_, i) => ["worksheet", `worksheets/sheet${i + 1}.xml`]), ["sharedStrings", "sharedStrings.xml"]].map(
    ([type, target], i) => `<Relationship Id="rId${i + 1}" Type="${types}/officeDocument/2006/relationships/${type}" Target="${target}"/>`,
  );
  return {
    "xl/workbook.xml": xml(
      `<workbook xmlns="${types}/spreadsheetml/2006/main" xmlns:r="${types}/officeDocument/2006/relationships"><sheets>${listed.join("")}</sheets></workbook>`,
    ),
    "xl/_rels/workbook.xml.rels": xml(`<Relationships xmlns="${types}/package/2006/relationships">${related.join("")}</Relationships>`),
    "xl/sharedStrings.xml": xml(
      `<sst xmlns="${types}/spreadsheetml/2006/main">${texts.map((text) => `<si><t>${escaped(text)}</t></si>`).join("")}</sst>`,
    ),
    ...Object.fromEntries(bodies.map((body, i) => [`xl/worksheets/sheet${i + 1}.xml`, xml(body)])),
  };
}

/** The bytes of a workbook. */
export const xlsx = (sheets: Parameters<typeof xlsxParts>[0]): Uint8Array => zipSync(xlsxParts(sheets));
