/** @file BrEaST: a spreadsheet of cases with BI-RADS descriptors, images case001.png with masks case001_tumor.png, as downloaded in a .zip beside it. */
import { decodeGrey } from "../../image/decode.ts";
import { groupBy } from "../../util/group-by.ts";
import { UserError } from "../../util/user-error.ts";
import { pictureFiles } from "../decoder.ts";
import type { ListedImage, Problem, Reader } from "../manifest.ts";
import { parseXlsx } from "../spreadsheet.ts";
import { nameOf, positiveNumber, readEach, refuse, stemOf, warnOfUnlisted } from "./listing.ts";

type Row = Readonly<Record<string, string>>;

const imageName = /^case\d+\.png$/;
const needed = ["CaseID", "Image_filename", "Mask_tumor_filename", "Pixel_size", "Classification"];

/**
 * What the radiologist said of image and lesion, and how the class was verified. Age, signs and symptoms are of the patient: nothing here
 * needs them, and a manifest goes into every run, so they stay in the spreadsheet.
 */
const described = [
  "Tissue_composition",
  "Shape",
  "Margin",
  "Echogenicity",
  "Posterior_features",
  "Halo",
  "Calcifications",
  "Skin_thickening",
  "Interpretation",
  "BIRADS",
  "Verification",
  "Diagnosis",
];

/** The spreadsheet: of several the one that is named as published. */
/** The name of the table as published. */
const published = /breast.*clinical/i;

function tableAmong(paths: readonly string[]): string | undefined {
  const tables = paths.filter((path) => /\.xlsx$/i.test(path) && !nameOf(path).startsWith("~$"));
  return tables.find((path) => published.test(nameOf(path))) ?? tables[0];
}

/** Paths of the pictures by file name: images and masks lie together, in a folder or an archive. */
function picturesByName(paths: readonly string[], problems: Problem[]): Map<string, string> {
  const named = groupBy(
    paths.filter((path) => /^case\d+(_\w+)?\.png$/.test(nameOf(path))),
    nameOf,
  );
  return new Map(
    readEach(named, problems, ([name, [path, again]]) => {
      if (again !== undefined) refuse(`${path}: lies at ${again} too, and the table does not say which is meant; keep one`);
      return [name, path] as const;
    }),
  );
}

/** Centimetres in the table. Pixels of breast ultrasound are 0.02–0.5 mm wide: what lies outside is a mistake and not kept. */
function spacingOf(row: Row, table: string, problems: Problem[]): Pick<ListedImage, "spacing"> {
  const { Pixel_size: size, Image_filename: name } = row;
  if (size === "" || size === "not available") return {};
  const millimetres = Number((10 * (positiveNumber(size) ?? 0)).toPrecision(12)); // 0.007 cm is 0.07 mm, not 0.07000000000000001
  if (millimetres >= 0.02 && millimetres <= 0.5) return { spacing: [millimetres, millimetres] };
  problems.push({
    level: "warning",
    message: `${table}: ${name} has the Pixel_size "${size}", which are no centimetres of an ultrasound pixel; its spacing is left out`,
  });
  return {};
}

function listed(row: Row, table: string, pictures: ReadonlyMap<string, string>, problems: Problem[]): ListedImage {
  const { CaseID: patient, Image_filename: name, Classification: label } = row;
  if (!imageName.test(name)) refuse(`${table}: the Image_filename "${name}" does not look like case001.png; correct the row`);
  if (patient === "") refuse(`${table}: ${name} has no CaseID (patient), so it cannot be kept on one side of a split; fill it in`);
  if (!["benign", "malignant", "normal"].includes(label))
    refuse(`${table}: ${name} has the Classification "${label}", which is not "benign", "malignant" or "normal"; correct the row`);
  const find = (file: string) =>
    pictures.get(file) ?? refuse(`${file}: no such file, but ${table} lists it; restore the file or remove the row`);
  // several lesions are several names: case001_tumor1.png&case001_tumor2.png
  const masks = row.Mask_tumor_filename.split("&").map((file) => file.trim());
  const tumours = masks.filter((file) => file !== "" && !file.startsWith("not a"));
  if (tumours.length === 0 && label !== "normal")
    refuse(`${table}: ${name} is ${label} but has no Mask_tumor_filename; fill it in or remove the row`);
  return {
    id: stemOf(name),
    path: find(name),
    label,
    group: `case-${patient}`,
    masks: tumours.map(find),
    patient: `case-${patient}`,
    ...spacingOf(row, table, problems),
    annotations: Object.fromEntries(described.flatMap((column) => (row[column] ? [[column, row[column]]] : []))),
  };
}

export const breast: Reader = {
  name: "breast",
  title: "BrEaST, breast lesions with BI-RADS descriptors, one image a patient (Pawłowska 2024)",
  licence: "CC BY 4.0",
  citation:
    "Pawłowska A, Ćwierz-Pieńkowska A, Domalik A, Jaguś D, Kasprzak P, Matkowski R, Fura Ł, Nowicki A, Żołek N. Curated benchmark dataset for ultrasound based breast lesion analysis. Scientific Data 11:148, 2024. doi:10.1038/s41597-024-02984-z; data doi:10.7937/9WKK-Q141",
  traps: [
    "masks named _other1, _other2, … show other findings and not the lesion: they are left out",
    "masks are drawn on transparent ground: whatever is drawn is lesion, be it white or not",
    '"not available" and "not applicable" are values of the descriptors',
    "the pixel size of the table is in centimetres",
  ],
  async recognises(files) {
    const paths = await files.list();
    const table = tableAmong(paths);
    const image = paths.find((path) => imageName.test(nameOf(path)));
    if (table === undefined || image === undefined) return undefined;
    // any spreadsheet may lie beside pictures called case1.png
    const known =
      published.test(nameOf(table)) ||
      (await files
        .read(table)
        .then((bytes) => parseXlsx(bytes, table, needed))
        .catch(() => false));
    return known ? `has ${nameOf(table)} and images like ${nameOf(image)}` : undefined;
  },
  async read(files) {
    const paths = await files.list();
    const table = tableAmong(paths);
    if (table === undefined)
      throw new UserError(`${files.root}: has no .xlsx, where BrEaST keeps its classes; put the clinical data beside the images`, {
        status: 422,
      });
    const problems: Problem[] = [];
    const rows = await parseXlsx(await files.read(table), table, needed);
    const pictures = picturesByName(paths, problems);
    const images = [...pictures.values()].filter((path) => imageName.test(nameOf(path)));
    warnOfUnlisted(images, new Set(rows.map((row) => row.Image_filename)), table, problems);
    return { images: readEach(rows, problems, (row) => listed(row, table, pictures, problems)), note: "", problems };
  },
  decoder: {
    ...pictureFiles,
    // as the data set's own script reads them; white is not promised
    async mask(bytes, path) {
      const { width, height, pixels } = await decodeGrey(bytes, path);
      return { width, height, pixels: pixels.map((level) => Number(level > 0)) };
    },
  },
};
