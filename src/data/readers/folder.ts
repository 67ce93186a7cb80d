/** @file Any images: class = sub-folder; optional `masks/` of the same shape and `groups.csv` with columns image,group. */
import { join } from "node:path";
import { parseCsv } from "../../util/csv.ts";
import { readIfThere } from "../../util/files.ts";
import { groupBy } from "../../util/group-by.ts";
import { UserError } from "../../util/user-error.ts";
import type { ListedImage, Reader } from "../manifest.ts";
import { imagesBelow, stemOf, subFolders } from "./listing.ts";

const masksFolder = "masks";
const groupsFile = "groups.csv";

/** Groups by image path, or undefined where there is no table. */
async function readGroups(root: string): Promise<Map<string, string> | undefined> {
  const bytes = await readIfThere(join(root, groupsFile));
  if (!bytes) return undefined;
  const groups = new Map<string, string>();
  for (const { image = "", group = "" } of parseCsv(bytes.toString("utf8"), groupsFile, ["image", "group"])) {
    const known = groups.get(image);
    if (known !== undefined && known !== group)
      throw new UserError(`${groupsFile}: ${image} is in the groups "${known}" and "${group}"; keep one row`, { status: 422 });
    if (group === "") throw new UserError(`${groupsFile}: ${image} has an empty group; fill it in`, { status: 422 });
    groups.set(image, group);
  }
  return groups;
}

/** A class has masks for all of its images or for none: a mask that is missing is more often a typing mistake than a choice. */
function checkMasks(images: readonly ListedImage[], masks: readonly string[]): void {
  const used = new Set(images.flatMap((image) => image.masks));
  const orphan = masks.find((path) => !used.has(path));
  if (orphan !== undefined)
    throw new UserError(`${orphan}: is a mask without an image ${stemOf(orphan).slice(masksFolder.length + 1)}.*; rename or remove it`, {
      status: 422,
    });
  for (const label of new Set(images.filter((image) => image.masks.length > 0).map((image) => image.label))) {
    const bare = images.find((image) => image.label === label && image.masks.length === 0);
    if (bare)
      throw new UserError(`${bare.path}: has no mask ${masksFolder}/${bare.id}.png, though other "${label}" images have one; add it`, {
        status: 422,
      });
  }
}

/** `Images/` and `Masks/` side by side are the layout of a data set that lost its table, not two classes. */
const noClass = /^(images?|masks?)$/i;

const classFolders = async (root: string): Promise<string[]> => (await subFolders(root)).filter((name) => !noClass.test(name));

export const folder: Reader = {
  name: "folder",
  licence: "unknown: the folder's own",
  citation: "",
  async recognises(root) {
    const names: string[] = [];
    // images lie right in a class folder, else a folder that wraps a data set would look like a class
    for (const name of await classFolders(root))
      if ((await imagesBelow(root, name)).some((path) => path.split("/").length === 2)) names.push(name);
    return names.length > 0 ? `has images in ${names.slice(0, 4).join("/, ")}/${names.length > 4 ? " …" : ""}` : undefined;
  },
  async read(root) {
    const groups = await readGroups(root);
    const masks = await imagesBelow(root, masksFolder);
    const masksOf = groupBy(masks, (path) => stemOf(path).slice(masksFolder.length + 1));
    const images: ListedImage[] = [];
    for (const label of await classFolders(root))
      for (const path of await imagesBelow(root, label)) {
        const id = stemOf(path);
        const group = groups ? (groups.get(path) ?? groups.get(id)) : id;
        if (group === undefined) throw new UserError(`${groupsFile}: has no row for ${path}; add image,group for it`, { status: 422 });
        images.push({ id, path, label, group, masks: masksOf.get(id) ?? [] });
      }
    checkMasks(images, masks);
    return {
      images,
      note: groups
        ? ""
        : `There is no ${groupsFile}: each image is its own group, except that images with identical pixels are one. If patients have several images, results are optimistic.`,
    };
  },
};
