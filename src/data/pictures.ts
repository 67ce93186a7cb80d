/** @file Pixels of a manifest's images: opens the files that it was made from, and decodes as its reader does. */
import type { GreyImage, Mask } from "../image/decode.ts";
import { encodeGreyPng } from "../image/encode.ts";
import { UserError } from "../util/user-error.ts";
import { identityOf, pictureFiles } from "./decoder.ts";
import { openFiles } from "./files/open.ts";
import { readerNamed } from "./locate.ts";
import type { ImageRecord, Manifest } from "./manifest.ts";

/** An image at its native size, with the union of its lesion masks (same size) where it has some. */
export interface Picture {
  image: GreyImage;
  mask?: Mask;
}

export interface Pictures {
  /** @throws UserError (409) where the file is no longer what the manifest says, (422) where it cannot be decoded */
  read(image: ImageRecord): Promise<Picture>;
  close(): Promise<void>;
}

/** Unites masks of one image; undefined where there are none. */
function unite(masks: readonly Mask[]): Mask | undefined {
  const [first, ...others] = masks;
  for (const { pixels } of others) for (let i = 0; i < pixels.length; i++) first.pixels[i] |= pixels[i];
  return first;
}

export async function openPictures({ root, reader }: Pick<Manifest, "root" | "reader">): Promise<Pictures> {
  const files = await openFiles(root);
  const { decoder = pictureFiles } = readerNamed(reader);
  const bytesOf = async (path: string, sha256: string): Promise<Uint8Array> => {
    const bytes = await decoder.bytes(files, path);
    if (identityOf(bytes, path) !== sha256)
      throw new UserError(`${path}: the file has changed since the data set was read; start again`, { status: 409 });
    return bytes;
  };
  return {
    async read({ path, sha256, masks, maskHashes }) {
      const image = await decoder.image(await bytesOf(path, sha256), path);
      const decoded: Mask[] = [];
      for (const [k, mask] of masks.entries()) decoded.push(await decoder.mask(await bytesOf(mask, maskHashes[k]), mask));
      return { image, mask: unite(decoded) };
    },
    close: () => files.close(),
  };
}

/** One image as a grey PNG at its native size, whatever it is stored as. @throws UserError as {@link Pictures.read} */
export async function loadPng(manifest: Pick<Manifest, "root" | "reader">, image: ImageRecord): Promise<Buffer> {
  const pictures = await openPictures(manifest);
  try {
    return await encodeGreyPng((await pictures.read(image)).image);
  } finally {
    await pictures.close();
  }
}
