/** @file BUSI: a folder a class, masks beside the images as `… _mask.png`, `… _mask_1.png`. */
import { groupBy } from "../../util/group-by.ts";
import type { ListedImage, Problem, Reader } from "../manifest.ts";
import { imagesBelow, readEach, refuse, stemOf, topFolders } from "./listing.ts";

const classes = ["benign", "malignant", "normal"];
const maskName = /_mask(_\d+)?$/;

function listClass(paths: readonly string[], label: string, problems: Problem[]): ListedImage[] {
  const files = imagesBelow(paths, label);
  const masks = groupBy(
    files.filter((path) => maskName.test(stemOf(path))),
    (path) => stemOf(path).replace(maskName, ""),
  );
  const images = readEach(
    files.filter((path) => !maskName.test(stemOf(path))),
    problems,
    (path): ListedImage => {
      const id = stemOf(path);
      const own = masks.get(id) ?? refuse(`${path}: has no mask ${id}_mask.png beside it; restore the mask or remove the image`);
      return { id, path, label, group: id, masks: own };
    },
  );
  const stems = new Set(files.map(stemOf));
  for (const [id, [first]] of masks)
    if (!stems.has(id))
      problems.push({
        level: "error",
        message: `${first}: is a mask without the image ${id}.png; restore the image or remove the mask`,
      });
  return images;
}

export const busi: Reader = {
  name: "busi",
  title: "BUSI, breast lesions and normal breast (Al-Dhabyani 2020)",
  licence: "CC BY 4.0 (as stated by the publisher of the article); not redistributed with sonomark",
  citation:
    "Al-Dhabyani W, Gomaa M, Khaled H, Fahmy A. Dataset of breast ultrasound images. Data in Brief 28:104863, 2020. doi:10.1016/j.dib.2019.104863",
  traps: [
    "no patients are named, and many images are near-duplicates: re-cropped, re-annotated, some in two classes",
    "17 images have several masks, which are united",
    "text, calipers, axilla views and biopsy needles are burnt in",
  ],
  async recognises(files) {
    const paths = await files.list();
    const found = topFolders(paths).filter((name) => classes.includes(name));
    for (const name of found)
      if (imagesBelow(paths, name).some((path) => /\(\d+\)_mask\.png$/.test(path)))
        return `has ${found.join("/, ")}/ with masks named like "${name} (1)_mask.png"`;
    return undefined;
  },
  async read(files) {
    const paths = await files.list();
    const problems: Problem[] = [];
    return {
      images: classes.flatMap((label) => listClass(paths, label, problems)),
      note: "BUSI names no patients: each image is its own group, joined with the images that show the same picture.",
      problems,
    };
  },
};
