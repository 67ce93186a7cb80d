/** @file BUS-BRA: a table of images with patient and pathology, Images/ and Masks/. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseCsv } from "../../util/csv.ts";
import { UserError } from "../../util/user-error.ts";
import type { ListedImage, Reader } from "../manifest.ts";
import { isFile, isFolder } from "./listing.ts";

const table = "bus_data.csv";

async function listed(root: string, row: Record<string, string>): Promise<ListedImage> {
  const { ID: id = "", Case: patient = "", Pathology: label = "" } = row;
  if (!/^bus_[\w-]+$/.test(id))
    throw new UserError(`${table}: the ID "${id}" does not look like bus_0001-l; correct the row`, { status: 422 });
  if (patient === "")
    throw new UserError(
      `${table}: ${id} has no Case (patient), so it cannot be kept on one side of a split; fill it in or remove the row`,
      { status: 422 },
    );
  if (label !== "benign" && label !== "malignant")
    throw new UserError(`${table}: ${id} has Pathology "${label}", which is neither "benign" nor "malignant"; correct the row`, {
      status: 422,
    });
  // the image bus_0001-l.png has the mask mask_0001-l.png
  const path = `Images/${id}.png`;
  const mask = `Masks/${id.replace(/^bus_/, "mask_")}.png`;
  for (const file of [path, mask])
    if (!(await isFile(join(root, file))))
      throw new UserError(`${file}: no such file, but ${table} lists ${id}; restore the file or remove the row`, { status: 422 });
  return { id, path, label, group: `case-${patient}`, masks: [mask] };
}

export const busBra: Reader = {
  name: "bus-bra",
  licence: "BUS-BRA licence (copies with notice and citation), see LICENSE.txt of the data set",
  citation:
    "Gómez-Flores W, Gregorio-Calas MJ, Pereira WCA. BUS-BRA: A breast ultrasound dataset for assessing computer-aided diagnosis systems. Medical Physics, 2023. doi:10.1002/mp.16812",
  recognises: async (root) =>
    (await isFile(join(root, table))) && (await isFolder(join(root, "Images"))) ? `has ${table} and Images/` : undefined,
  async read(root) {
    const text = await readFile(join(root, table), "utf8").catch((cause: unknown) => {
      throw new UserError(
        `${join(root, table)}: this file is missing or unreadable, and BUS-BRA keeps its patients there; give the folder that holds it`,
        { cause },
      );
    });
    const images: ListedImage[] = [];
    for (const row of parseCsv(text, table, ["ID", "Case", "Pathology"])) images.push(await listed(root, row));
    return { images, note: "" };
  },
};
