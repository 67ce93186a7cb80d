/** @file BUS-BRA: a table of images with patient and pathology, Images/ and Masks/, and the official folds in two more tables. */
import { parseCsv } from "../../util/csv.ts";
import { UserError } from "../../util/user-error.ts";
import type { DataFiles } from "../files/data-files.ts";
import type { ListedImage, Problem, Reader } from "../manifest.ts";
import { imagesBelow, isListed, readEach, refuse, warnOfUnlisted } from "./listing.ts";

const table = "bus_data.csv";
const official = ["5-fold", "10-fold"];
/** columns that the manifest keeps as they are; sizes and boxes are not among them, for some are wrong */
const described = ["Histology", "BIRADS", "Side"];

type Row = Readonly<Record<string, string>>;

/** Part of each image in the official splits whose tables are there (columns ID, kFold), by image id. */
async function readFolds(files: DataFiles, problems: Problem[]): Promise<Map<string, Record<string, string>>> {
  const parts = new Map<string, Record<string, string>>();
  for (const name of official) {
    const file = `${name}-cv.csv`;
    if (!(await files.has(file))) continue;
    const rows = parseCsv((await files.read(file)).toString("utf8"), file, ["ID", "kFold"]);
    readEach(rows, problems, ({ ID: id, kFold: fold }) => {
      if (!/^\d+$/.test(fold)) refuse(`${file}: ${id} has kFold "${fold}", which is no number; correct the row`);
      parts.set(id, { ...parts.get(id), [name]: fold });
    });
  }
  return parts;
}

function listed(row: Row, paths: ReadonlySet<string>, parts: ReadonlyMap<string, Record<string, string>>): ListedImage {
  const { ID: id = "", Case: patient = "", Pathology: label = "", Device: site } = row;
  if (!/^bus_[\w-]+$/.test(id)) refuse(`${table}: the ID "${id}" does not look like bus_0001-l; correct the row`);
  if (patient === "")
    refuse(`${table}: ${id} has no Case (patient), so it cannot be kept on one side of a split; fill it in or remove the row`);
  if (label !== "benign" && label !== "malignant")
    refuse(`${table}: ${id} has Pathology "${label}", which is neither "benign" nor "malignant"; correct the row`);
  // the image bus_0001-l.png has the mask mask_0001-l.png
  const path = `Images/${id}.png`;
  const mask = `Masks/${id.replace(/^bus_/, "mask_")}.png`;
  for (const file of [path, mask])
    if (!paths.has(file)) refuse(`${file}: no such file, but ${table} lists ${id}; restore the file or remove the row`);
  return {
    id,
    path,
    label,
    group: `case-${patient}`,
    masks: [mask],
    patient: `case-${patient}`,
    ...(site ? { site } : {}),
    annotations: Object.fromEntries(described.flatMap((column) => (row[column] ? [[column, row[column]]] : []))),
    ...(parts.has(id) ? { official: parts.get(id) } : {}),
  };
}

export const busBra: Reader = {
  name: "bus-bra",
  title: "BUS-BRA, biopsy-proven breast lesions of 1,064 patients (Gómez-Flores 2023)",
  licence: "BUS-BRA licence (copies with notice and citation), see LICENSE.txt of the data set",
  citation:
    "Gómez-Flores W, Gregorio-Calas MJ, Pereira WCA. BUS-BRA: A breast ultrasound dataset for assessing computer-aided diagnosis systems. Medical Physics, 2023. doi:10.1002/mp.16812",
  traps: ["some sizes and boxes of its table are wrong: pixels are measured instead", "a patient often has two views: groups are patients"],
  async recognises(files) {
    const paths = await files.list();
    return paths.includes(table) && isListed(paths, "Images") ? `has ${table} and Images/` : undefined;
  },
  async read(files) {
    if (!(await files.has(table)))
      throw new UserError(`${files.root}: has no ${table}, where BUS-BRA keeps its patients; give the folder that holds it`, {
        status: 422,
      });
    const problems: Problem[] = [];
    const rows = parseCsv((await files.read(table)).toString("utf8"), table, ["ID", "Case", "Pathology"]);
    const parts = await readFolds(files, problems);
    const paths = new Set(await files.list());
    const named = new Set(rows.map(({ ID: id }) => `${id}.png`));
    warnOfUnlisted(imagesBelow([...paths], "Images"), named, table, problems);
    return { images: readEach(rows, problems, (row) => listed(row, paths, parts)), note: "", problems };
  },
};
