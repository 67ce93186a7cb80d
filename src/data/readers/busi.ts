/** @file BUSI: a folder a class, masks beside the images as `… _mask.png`, `… _mask_1.png`. */
import { groupBy } from "../../util/group-by.ts";
import { UserError } from "../../util/user-error.ts";
import type { ListedImage, Reader } from "../manifest.ts";
import { imagesBelow, stemOf, subFolders } from "./listing.ts";

const classes = ["benign", "malignant", "normal"];
const maskName = /_mask(_\d+)?$/;

async function listClass(root: string, label: string): Promise<ListedImage[]> {
  const files = await imagesBelow(root, label);
  const masks = groupBy(
    files.filter((path) => maskName.test(stemOf(path))),
    (path) => stemOf(path).replace(maskName, ""),
  );
  const images = files
    .filter((path) => !maskName.test(stemOf(path)))
    .map((path): ListedImage => {
      const id = stemOf(path);
      return { id, path, label, group: id, masks: masks.get(id) ?? [] };
    });
  const bare = images.find((image) => image.masks.length === 0);
  if (bare)
    throw new UserError(`${bare.path}: has no mask ${bare.id}_mask.png beside it; restore the mask or remove the image`, { status: 422 });
  const ids = new Set(images.map((image) => image.id));
  const orphan = [...masks.keys()].find((id) => !ids.has(id));
  if (orphan !== undefined)
    throw new UserError(`${masks.get(orphan)![0]}: is a mask without the image ${orphan}.png; restore the image or remove the mask`, {
      status: 422,
    });
  return images;
}

export const busi: Reader = {
  name: "busi",
  licence: "CC BY 4.0 (as stated by the publisher of the article); not redistributed with sonomark",
  citation:
    "Al-Dhabyani W, Gomaa M, Khaled H, Fahmy A. Dataset of breast ultrasound images. Data in Brief 28:104863, 2020. doi:10.1016/j.dib.2019.104863",
  async recognises(root) {
    const found = (await subFolders(root)).filter((name) => classes.includes(name));
    for (const name of found)
      if ((await imagesBelow(root, name)).some((path) => /\(\d+\)_mask\.png$/.test(path)))
        return `has ${found.join("/, ")}/ with masks named like "${name} (1)_mask.png"`;
    return undefined;
  },
  async read(root) {
    const images = (await Promise.all(classes.map((label) => listClass(root, label)))).flat();
    return {
      images,
      note: "BUSI names no patients: each image is its own group, except that images with identical pixels are one; near-duplicates are not joined, so results may be optimistic.",
    };
  },
};
