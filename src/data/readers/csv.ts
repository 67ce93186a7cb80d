/** @file A table of one's own: path and label, and as far as known group, mask, id, patient, clip, site, spacing; other columns are kept as annotations. */
import { parseCsv } from "../../util/csv.ts";
import { groupBy } from "../../util/group-by.ts";
import { mapInFlight } from "../../util/in-flight.ts";
import { messageOf, UserError } from "../../util/user-error.ts";
import type { DataFiles } from "../files/data-files.ts";
import type { ListedImage, Problem, Reader } from "../manifest.ts";
import { positiveNumber, readEach, refuse, stemOf } from "./listing.ts";

type Row = Readonly<Record<string, string>>;

const inFolder = "manifest.csv";
const needed = ["path", "label"];
const meant = [...needed, "group", "mask", "id", "patient", "clip", "site", "spacing"];

const masksOf = (row: Row): string[] =>
  (row.mask ?? "")
    .split("|")
    .map((path) => path.trim())
    .filter(Boolean);

/** What is wrong with the files of a table, by path: they are missing, or lead out of the folder. */
async function wrongFiles(files: DataFiles, rows: readonly Row[], table: string): Promise<Map<string, string>> {
  const paths = [...new Set(rows.flatMap((row) => [row.path, ...masksOf(row)]))].filter(Boolean);
  const wrong = new Map<string, string>();
  await mapInFlight(paths, 8, async (path) => {
    try {
      if (!(await files.has(path))) wrong.set(path, `${path}: no such file, but ${table} lists it; restore the file or remove the row`);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      wrong.set(path, `${table}: ${messageOf(error)}`);
    }
  });
  return wrong;
}

/** `0.1` (square pixels) or `0.1×0.2`, row × column, in mm. */
function spacingOf({ path, spacing = "" }: Row, table: string): Pick<ListedImage, "spacing"> {
  if (spacing === "") return {};
  const [row, column = row, ...others] = spacing.split(/[x×]/).map((text) => positiveNumber(text.trim()));
  if (row === undefined || column === undefined || others.length > 0)
    return refuse(`${table}: ${path} has the spacing "${spacing}", which is neither mm nor row×column in mm; write 0.1 or 0.1×0.2`);
  return { spacing: [row, column] };
}

/** Without groups a patient is one; without patients each image is. */
function groupOf(row: Row, table: string): string {
  const column = ["group", "patient"].find((name) => name in row);
  if (column === undefined) return stemOf(row.path);
  return row[column] || refuse(`${table}: ${row.path} has an empty ${column}, so it cannot be kept on one side of a split; fill it in`);
}

function listed(row: Row, table: string): ListedImage {
  const { path, label, patient, clip, site } = row;
  if (label === "") refuse(`${table}: ${path} has an empty label; write its class, or "unlabelled"`);
  const others = Object.entries(row).filter(([column, value]) => !meant.includes(column) && value !== "");
  return {
    id: row.id || stemOf(path),
    path,
    label,
    group: groupOf(row, table),
    masks: masksOf(row),
    ...(patient ? { patient } : {}),
    ...(clip ? { clip } : {}),
    ...(site ? { site } : {}),
    ...spacingOf(row, table),
    ...(others.length > 0 ? { annotations: Object.fromEntries(others) } : {}),
  };
}

/** "Benign" and "benign" in one table are one class, or a mistake; they are never two classes in silence. */
function checkLabels(images: readonly ListedImage[], table: string, problems: Problem[]): void {
  for (const [, spellings] of groupBy(new Set(images.map(({ label }) => label)), (label) => label.toLowerCase())) {
    if (spellings.length < 2) continue;
    const counts = spellings.map((label) => `"${label}" ${images.filter((image) => image.label === label).length} times`);
    problems.push({ level: "error", message: `${table}: one label is written ${counts.join(" and ")}; write it in one way` });
  }
}

export const csv: Reader = {
  name: "csv",
  title: "a table with the columns path and label; optional group, mask (several with |), id, patient, clip, site, spacing",
  licence: "unknown: the table's own",
  citation: "",
  traps: ["without the columns group and patient each image is its own group"],
  async recognises(files) {
    if (files.entry !== undefined) return /\.csv$/i.test(files.entry) ? "is a table" : undefined;
    if (!(await files.list()).includes(inFolder)) return undefined;
    const [header] = (await files.read(inFolder)).toString("utf8").split(/[\r\n]/, 1);
    return /(^|[^\w])path([^\w]|$)/.test(header) ? `has ${inFolder} with a column path` : undefined;
  },
  async read(files) {
    const table = files.entry ?? inFolder;
    if (!(await files.has(table)))
      throw new UserError(`${files.root}: has no ${inFolder}; give the table itself, or the folder that holds it`, { status: 422 });
    const problems: Problem[] = [];
    const rows = parseCsv((await files.read(table)).toString("utf8"), table, needed);
    const wrong = await wrongFiles(files, rows, table);
    const seen = new Set<string>();
    const images = readEach(rows, problems, (row) => {
      const { path } = row;
      if (path === "") refuse(`${table}: a row with the label "${row.label}" has an empty path; fill it in or remove the row`);
      if (seen.has(path)) refuse(`${table}: ${path} has several rows; keep one`);
      seen.add(path);
      for (const file of [path, ...masksOf(row)]) if (wrong.has(file)) refuse(wrong.get(file)!);
      return listed(row, table);
    });
    checkLabels(images, table, problems);
    const grouped = rows.length === 0 || "group" in rows[0] || "patient" in rows[0];
    return {
      images,
      note: grouped
        ? ""
        : `${table} has no column group: each image is its own group, joined with the images that show the same picture. If patients have several images, results are optimistic.`,
      problems,
    };
  },
};
