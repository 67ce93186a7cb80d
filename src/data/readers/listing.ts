/** @file What readers share: listing images of a folder, and looking for files. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Names that claim to be images. Some of these formats are refused later, with the file's name, rather than skipped in silence. */
const imageName = /\.(png|jpe?g|tiff?|bmp|gif|webp)$/i;

/** A path without its extension. */
export const stemOf = (path: string): string => path.replace(/\.[^./]+$/, "");

export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

export async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

/** Names of the sub-folders, in code-unit order, hidden ones left out; none where the folder cannot be listed. */
export async function subFolders(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const names: string[] = [];
  for (const { name } of entries) if (!name.startsWith(".") && (await isFolder(join(root, name)))) names.push(name);
  return names.sort();
}

/** Image files of `root/folder` and below, as "/"-separated paths that start with `folder`, in code-unit order. Hidden files are left out. */
export async function imagesBelow(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true }).catch(() => []);
  return entries
    .map((entry) => `${folder}/${entry.replaceAll("\\", "/")}`)
    .filter((path) => imageName.test(path) && !path.split("/").some((part) => part.startsWith(".") || part === "__MACOSX"))
    .sort();
}
