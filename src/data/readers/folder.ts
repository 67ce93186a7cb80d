/** @file Any images: class = sub-folder; optional `masks/` of the same shape and `groups.csv` with columns image,group. */
import { groupBy } from "../../util/group-by.ts";
import { regroup } from "../groups-file.ts";
import type { ListedImage, Problem, Reader } from "../manifest.ts";
import { imagesBelow, stemOf, topFolders } from "./listing.ts";

const masksFolder = "masks";
const groupsFile = "groups.csv";

/** A class has masks for all of its images or for none: a mask that is missing is more often a typing mistake than a choice. */
function checkMasks(images: readonly ListedImage[], masks: readonly string[], problems: Problem[]): void {
  const error = (message: string) => problems.push({ level: "error", message });
  const used = new Set(images.flatMap((image) => image.masks));
  for (const path of masks)
    if (!used.has(path)) error(`${path}: is a mask without an image ${stemOf(path).slice(masksFolder.length + 1)}.*; rename or remove it`);
  const masked = new Set(images.filter((image) => image.masks.length > 0).map((image) => image.label));
  for (const { label, masks: own, path, id } of images)
    if (masked.has(label) && own.length === 0)
      error(`${path}: has no mask ${masksFolder}/${id}.png, though other "${label}" images have one; add it`);
}

/** `Images/` and `Masks/` side by side are the layout of a data set that lost its table, not two classes. */
const noClass = /^(images?|masks?)$/i;

const classFolders = (paths: readonly string[]): string[] => topFolders(paths).filter((name) => !noClass.test(name));

export const folder: Reader = {
  name: "folder",
  title: "any images: a folder for each class, optional masks/ and groups.csv",
  licence: "unknown: the folder's own",
  citation: "",
  traps: ["without groups.csv each image is its own group, joined with the images that show the same picture"],
  async recognises(files) {
    const paths = await files.list();
    // images lie right in a class folder, else a folder that wraps a data set would look like a class
    const names = classFolders(paths).filter((name) => imagesBelow(paths, name).some((path) => path.split("/").length === 2));
    return names.length > 0 ? `has images in ${names.slice(0, 4).join("/, ")}/${names.length > 4 ? " …" : ""}` : undefined;
  },
  async read(files) {
    const paths = await files.list();
    const problems: Problem[] = [];
    const masks = imagesBelow(paths, masksFolder);
    const masksOf = groupBy(masks, (path) => stemOf(path).slice(masksFolder.length + 1));
    const images = classFolders(paths).flatMap((label) =>
      imagesBelow(paths, label).map((path): ListedImage => {
        const id = stemOf(path);
        return { id, path, label, group: id, masks: masksOf.get(id) ?? [] };
      }),
    );
    checkMasks(images, masks, problems);
    const table = paths.includes(groupsFile) ? (await files.read(groupsFile)).toString("utf8") : undefined;
    return {
      images: table === undefined ? images : regroup(images, table, groupsFile, problems),
      note:
        table === undefined
          ? `There is no ${groupsFile}: each image is its own group, joined with the images that show the same picture. If patients have several images, results are optimistic.`
          : "",
      problems,
    };
  },
};
