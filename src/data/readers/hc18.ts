/** @file HC18: fetal heads in training_set/ and test_set/, with the pixel size of every image in a table for each; as downloaded both are .zip. */
import { parseCsv } from "../../util/csv.ts";
import { UserError } from "../../util/user-error.ts";
import type { DataFiles } from "../files/data-files.ts";
import { UNLABELLED, type ListedImage, type Problem, type Reader } from "../manifest.ts";
import { nameOf, positiveNumber, readEach, refuse, stemOf, warnOfUnlisted } from "./listing.ts";

type Row = Readonly<Record<string, string>>;

/** 000_HC.png, and 010_2HC.png where the examination 010 gave two images; 000_HC_Annotation.png is no image. */
const imageName = /^(\d{3})_\d?HC\.png$/;
const pixelSize = "pixel size(mm)";
const circumference = "head circumference (mm)";

const parts = [
  { split: "train", folder: "training_set", table: "training_set_pixel_size_and_HC.csv" },
  { split: "test", folder: "test_set", table: "test_set_pixel_size.csv" },
] as const;
type Part = (typeof parts)[number];

/** Images of one part by file name; archives and their folders are often both called training_set. */
function imagesOf(paths: readonly string[], folder: string): Map<string, string> {
  const within = new RegExp(`(^|/)${folder}(\\.zip)?/`, "i");
  return new Map(paths.filter((path) => within.test(path) && imageName.test(nameOf(path))).map((path) => [nameOf(path), path]));
}

/** @throws UserError for the first release, where names do not tell examinations apart */
function parseTable(text: string, table: string): Row[] {
  if (/^\uFEFF?filename[,;]pixel size[,;\r\n]/.test(text))
    throw new UserError(
      `${table}: is of the first release of HC18, whose file numbers count images and not examinations; get the second, doi:10.5281/zenodo.1327317`,
      { status: 422 },
    );
  return parseCsv(text, table, ["filename", pixelSize]);
}

async function readPart(files: DataFiles, paths: readonly string[], part: Part, problems: Problem[]): Promise<ListedImage[]> {
  const { split, folder, table } = part;
  const images = imagesOf(paths, folder);
  if (images.size === 0) return [];
  if (!(await files.has(table))) {
    const message = `${table}: no such file, so the pixel sizes of ${images.size} images in ${folder} are unknown; put it beside ${folder}`;
    problems.push({ level: "error", message });
    return [];
  }
  const rows = parseTable((await files.read(table)).toString("utf8"), table);
  warnOfUnlisted(images.values(), new Set(rows.map((row) => row.filename)), table, problems);
  return readEach(rows, problems, (row) => {
    const { filename: name } = row;
    const [, number] = imageName.exec(name) ?? refuse(`${table}: the filename "${name}" does not look like 000_HC.png; correct the row`);
    const path = images.get(name) ?? refuse(`${folder}/${name}: no such file, but ${table} lists it; restore the file or remove the row`);
    const size =
      positiveNumber(row[pixelSize]) ??
      refuse(`${table}: ${name} has the ${pixelSize} "${row[pixelSize]}", which is no positive number; correct the row`);
    return {
      id: `${folder}/${stemOf(name)}`,
      path,
      label: UNLABELLED,
      // both parts count from 000
      group: `${folder}/${number}`,
      masks: [],
      spacing: [size, size],
      ...(row[circumference] ? { annotations: { [circumference]: row[circumference] } } : {}),
      official: { split },
    };
  });
}

export const hc18: Reader = {
  name: "hc18",
  title: "HC18, fetal heads in the standard plane (van den Heuvel 2018)",
  licence: "CC BY 4.0",
  citation:
    "van den Heuvel TLA, de Bruijn D, de Korte CL, van Ginneken B. Automated measurement of fetal head circumference using 2D ultrasound images. PLoS ONE 13(8):e0200412, 2018. doi:10.1371/journal.pone.0200412; data doi:10.5281/zenodo.1327317",
  traps: [
    "annotations are outlines of the head and no filled masks, nor lesions: they are left out",
    "images of one examination look alike; they share the number before the underscore, which counts from 000 in both parts",
    "numbers are examinations and not women, and the first release numbers images: it is refused",
  ],
  async recognises(files) {
    const paths = await files.list();
    const part = parts.find(({ folder, table }) => paths.includes(table) && imagesOf(paths, folder).size > 0);
    return part && `has ${part.table} and images in ${part.folder}`;
  },
  async read(files) {
    const paths = await files.list();
    const problems: Problem[] = [];
    const images: ListedImage[] = [];
    for (const part of parts) images.push(...(await readPart(files, paths, part, problems)));
    return {
      images,
      note: "HC18 names no women: a group is an examination, and a woman may have had several.",
      problems,
    };
  },
};
