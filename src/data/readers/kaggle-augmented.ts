/** @file BUSI augmented, of Kaggle: train/ and val/ with a folder a class, and file names that say which BUSI image was turned or sharpened. */
import type { ListedImage, Problem, Reader } from "../manifest.ts";
import { imagesBelow, nameOf, readEach, refuse } from "./listing.ts";

const parts = ["train", "val"];
const classes = ["benign", "malignant"];

/** "benign (36)-rotated1-sharpened.png": the BUSI image, and at most three steps that made this one of it */
const grammar = /^((benign|malignant) \(\d+\))((?:-(?:rotated1|rotated2|rotated32|sharpened)){0,3})\.(?:png|jpg)$/;

function listed(path: string, part: string, label: string): ListedImage {
  const [, source, named, steps] =
    grammar.exec(nameOf(path)) ??
    refuse(`${path}: is not named like "${label} (36)-rotated1-sharpened.png", so its BUSI image is unknown; rename or remove it`);
  if (named !== label) refuse(`${path}: is named ${named} but lies in ${label}/; move or rename it`);
  return {
    // with its extension: a .png and a .jpg of one stem are two images
    id: path,
    path,
    label,
    group: source,
    masks: [],
    ...(steps ? { annotations: { augmentation: steps.slice(1) } } : {}),
    official: { split: part },
  };
}

export const kaggleAugmented: Reader = {
  name: "kaggle-augmented",
  title: "BUSI rotated and sharpened (Kaggle: vuppalaadithyasairam/ultrasound-breast-images-for-breast-cancer)",
  licence: "that of BUSI for the images, else as its Kaggle page says; not redistributed with sonomark",
  citation:
    "Al-Dhabyani W, Gomaa M, Khaled H, Fahmy A. Dataset of breast ultrasound images. Data in Brief 28:104863, 2020. doi:10.1016/j.dib.2019.104863",
  traps: [
    "every file is a turned or sharpened BUSI image: groups are the BUSI images, by class and number in the name",
    "its own split leaks: benign (36) and malignant (18) are in train and val, and so are near-duplicates of BUSI",
    "a .png and a .jpg of one name are two images",
    "there are neither masks nor normal breasts",
  ],
  async recognises(files) {
    const paths = await files.list();
    const folders = parts.flatMap((part) => classes.map((label) => `${part}/${label}`));
    const found = folders.filter((name) => imagesBelow(paths, name).some((path) => grammar.exec(nameOf(path))?.[3]));
    if (found.length === 0) return undefined;
    const example = imagesBelow(paths, found[0]).find((path) => grammar.exec(nameOf(path))?.[3])!;
    return `has ${found.join("/, ")}/ with files named like "${nameOf(example)}"`;
  },
  async read(files) {
    const paths = await files.list();
    const problems: Problem[] = [];
    const images = parts.flatMap((part) =>
      classes.flatMap((label) => readEach(imagesBelow(paths, `${part}/${label}`), problems, (path) => listed(path, part, label))),
    );
    return {
      images,
      note: "Each group is one BUSI image with all that was made of it; BUSI names no patients.",
      problems,
    };
  },
};
