/** @file BreastMNIST and BreastMNIST+: one `.npz`, an archive of arrays: images and labels of train, val and test. */
import { parseNpy, type NpyArray } from "../../util/npy.ts";
import { UserError } from "../../util/user-error.ts";
import { openArchiveBytes } from "../files/archive-files.ts";
import type { DataFiles } from "../files/data-files.ts";
import type { Decoder, ListedImage, Problem, Reader } from "../manifest.ts";
import { readEach, refuse } from "./listing.ts";

const parts = ["train", "val", "test"] as const;
/** By label: what MedMNIST calls "malignant" and "normal, benign". */
const classes = ["malignant", "normal or benign"];
/** "breastmnist.npz", "breastmnist_224.npz" */
const usualName = /^breastmnist(_\d+)?\.npz$/i;

/** One part of the official split: images [count, side, side] and a label each. */
interface Part {
  pixels: Uint8Array;
  side: number;
  labels: number[];
}

function checkPart(images: NpyArray, labels: NpyArray, name: string): Part {
  const [count, side, width, ...more] = images.shape;
  if (!(images.data instanceof Uint8Array) || width !== side || !(side > 0) || more.length > 0)
    refuse(`${name}_images: has the shape [${images.shape.join(", ")}], but grey images are bytes [count, side, side]; get the file again`);
  if (labels.data.length !== count) refuse(`${name}_labels: has ${labels.data.length} labels for ${count} images; get the file again`);
  return { pixels: images.data as Uint8Array, side, labels: Array.from(labels.data, Number) };
}

async function unpack(files: DataFiles, file: string): Promise<Map<string, Part>> {
  const arrays = await openArchiveBytes(await files.read(file), file);
  try {
    const array = async (name: string) => parseNpy(await arrays.read(`${name}.npy`), `${file}: ${name}`);
    const unpacked = new Map<string, Part>();
    for (const part of parts)
      unpacked.set(part, checkPart(await array(`${part}_images`), await array(`${part}_labels`), `${file}: ${part}`));
    return unpacked;
  } finally {
    await arrays.close();
  }
}

/** Unpacked once for each opening of a data set: its images are read one by one. */
const unpacked = new WeakMap<DataFiles, Map<string, Promise<Map<string, Part>>>>();

function partsOf(files: DataFiles, file: string): Promise<Map<string, Part>> {
  const known = unpacked.get(files) ?? new Map<string, Promise<Map<string, Part>>>();
  unpacked.set(files, known);
  const found = known.get(file) ?? unpack(files, file);
  known.set(file, found);
  return found;
}

const decoder: Decoder = {
  async bytes(files, path) {
    const [, file, part, index] =
      /^(.+)#(\w+)\/(\d+)$/.exec(path) ?? refuse(`${path}: does not look like breastmnist.npz#train/12; correct it`);
    const { pixels, side, labels } =
      (await partsOf(files, file)).get(part) ?? refuse(`${path}: ${file} has no part ${part}; correct the path`);
    const i = Number(index);
    if (i >= labels.length) refuse(`${path}: ${part} has ${labels.length} images; correct the path`);
    return pixels.subarray(i * side * side, (i + 1) * side * side);
  },
  async image(bytes) {
    const side = Math.sqrt(bytes.length);
    return { width: side, height: side, pixels: Uint8Array.from(bytes) };
  },
  async mask(_, path) {
    return refuse(`${path}: BreastMNIST has no masks; use images only`);
  },
};

/** The one `.npz` at the top of the files, or the one that is named as usual. */
async function fileOf(files: DataFiles): Promise<string> {
  const there = (await files.list()).filter((path) => /^[^/]+\.npz$/i.test(path));
  const usual = there.filter((path) => usualName.test(path));
  const found = usual.length > 0 ? usual : there;
  if (found.length > 1)
    throw new UserError(`${files.root}: has ${found.join(" and ")}, which hold the same images in several sizes; give one of the files`, {
      status: 422,
    });
  return found[0] ?? refuse(`${files.root}: has no breastmnist.npz; give that file or its folder`);
}

export const breastmnist: Reader = {
  name: "breastmnist",
  title: "BreastMNIST, BUSI in small squares (MedMNIST v2 and MedMNIST+)",
  licence: "CC BY 4.0; not redistributed with sonomark",
  citation:
    "Yang J, Shi R, Wei D, et al. MedMNIST v2 - A large-scale lightweight benchmark for 2D and 3D biomedical image classification. Scientific Data 10:41, 2023. doi:10.1038/s41597-022-01721-8",
  traps: [
    'label 0 is malignant, and label 1 is "normal or benign": a study names it so, in data.classes',
    "every image is a BUSI image, squeezed to a square: aspect ratios are lost",
    "its own split was drawn by image: near-duplicates are on both sides",
    "no patients are named, and there are no masks",
  ],
  decoder,
  async recognises(files) {
    const file = (await files.list()).find((path) => usualName.test(path));
    return file === undefined ? undefined : `${files.entry === undefined ? "has" : "is"} ${file}`;
  },
  async read(files) {
    const file = await fileOf(files);
    const problems: Problem[] = [];
    const images = [...(await partsOf(files, file))].flatMap(([part, { labels }]) =>
      readEach(labels.entries(), problems, ([i, code]): ListedImage => {
        const id = `${part}/${i}`;
        const label = classes[code] ?? refuse(`${file}: ${part}_labels[${i}] is ${code}, which is neither 0 nor 1; get the file again`);
        return { id, path: `${file}#${id}`, label, group: id, masks: [], official: { split: part } };
      }),
    );
    return {
      images,
      note: "BreastMNIST names no patients: each image is its own group, joined with the images that show the same picture; in small squares many of BUSI's near-duplicates pass for different pictures, so results are optimistic.",
      problems,
    };
  },
};
