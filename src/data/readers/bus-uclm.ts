/** @file BUS-UCLM: INFO.csv (semicolons, BOM), images/ALWI_000.png and masks of the same name, whose colours tell benign from malignant. */
import { decodeRgb } from "../../image/decode.ts";
import { nearestPalette, type Palette } from "../../image/palette.ts";
import { parseCsv } from "../../util/csv.ts";
import { UserError } from "../../util/user-error.ts";
import { pictureFiles } from "../decoder.ts";
import type { ListedImage, Problem, Reader } from "../manifest.ts";
import { imagesBelow, isListed, readEach, refuse, stemOf, warnOfUnlisted } from "./listing.ts";

type Row = Readonly<Record<string, string>>;

const table = "INFO.csv";
const classOf = new Map([
  ["Benign", "benign"],
  ["Malignant", "malignant"],
  ["Normal", "normal"],
]);
/** columns that the manifest keeps as they are; Resolution is not among them, for some are wrong */
const described = ["Doppler", "Marks", "Combined"];

/** Green is benign and red is malignant; the class is the table's, so both are lesion. */
const lesionColours = [
  { name: "background", colours: [[0, 0, 0]] },
  {
    name: "lesion",
    colours: [
      [0, 255, 0],
      [255, 0, 0],
    ],
  },
] as const satisfies Palette;

function listed(row: Row, paths: ReadonlySet<string>): ListedImage {
  const { Image: name } = row;
  const patient =
    /^([A-Z]{4})_\d+\.png$/.exec(name)?.[1] ?? refuse(`${table}: the Image "${name}" does not look like ALWI_000.png; correct the row`);
  const label =
    classOf.get(row.Label) ??
    refuse(`${table}: ${name} has the Label "${row.Label}", which is not "Normal", "Benign" or "Malignant"; correct the row`);
  const [path, mask] = [`images/${name}`, `masks/${name}`];
  for (const file of [path, mask])
    if (!paths.has(file)) refuse(`${file}: no such file, but ${table} lists ${name}; restore the file or remove the row`);
  return {
    id: stemOf(name),
    path,
    label,
    group: patient,
    masks: [mask],
    patient,
    annotations: Object.fromEntries(described.flatMap((column) => (row[column] ? [[column, row[column]]] : []))),
  };
}

export const busUclm: Reader = {
  name: "bus-uclm",
  title: "BUS-UCLM, breast lesions and normal breast of 38 patients (Vallez 2025)",
  licence: "CC BY 4.0 (as stated in the authors' repository)",
  citation:
    "Vallez N, Bueno G, Deniz O, Rienda MA, Pastor C. BUS-UCLM: Breast ultrasound lesion segmentation dataset. Scientific Data 12:242, 2025. doi:10.1038/s41597-025-04562-3; data doi:10.17632/7fvgj4jsp7",
  traps: [
    "the class is of an image and not of a patient: most patients have normal images too, some benign and malignant ones",
    "some images are cropped and their masks are not: such pairs are errors",
    "Doppler colours, caliper marks and combined views are flagged in the table, once with Y instead of Yes",
  ],
  async recognises(files) {
    const paths = await files.list();
    return paths.includes(table) && isListed(paths, "images") && isListed(paths, "masks") ? `has ${table}, images/ and masks/` : undefined;
  },
  async read(files) {
    if (!(await files.has(table)))
      throw new UserError(`${files.root}: has no ${table}, where BUS-UCLM keeps its classes; give the folder that holds it`, {
        status: 422,
      });
    const problems: Problem[] = [];
    const rows = parseCsv((await files.read(table)).toString("utf8"), table, ["Image", "Label"]);
    const paths = await files.list();
    warnOfUnlisted(imagesBelow(paths, "images"), new Set(rows.map((row) => row.Image)), table, problems);
    const there = new Set(paths);
    return { images: readEach(rows, problems, (row) => listed(row, there)), note: "", problems };
  },
  decoder: { ...pictureFiles, mask: async (bytes, path) => nearestPalette(await decodeRgb(bytes, path), lesionColours) },
};
