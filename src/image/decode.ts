/**
 * @file Image files to grey pixels and masks, safely: PNG, JPEG, TIFF and BMP only, a pixel limit before any decoding, no damaged file let through.
 * The loaders of every other format (SVG, GIF, WebP, …) are switched off for the whole process: fewer parsers see a stranger's bytes.
 */
import sharp, { type Sharp } from "sharp";
import { UserError } from "../util/user-error.ts";
import { bmpSize, decodeBmp, isBmp, type Bitmap } from "./bmp.ts";

/** Pixels that an image may have at most: 50 megapixels. */
export const PIXEL_LIMIT = 50e6;

sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({
  operation: ["Png", "Jpeg", "Tiff"].flatMap((format) => [`VipsForeignLoad${format}Buffer`, `VipsForeignLoad${format}File`]),
});

sharp.cache(false); // no picture is decoded twice in a row, and what libvips would remember takes memory

/** Grey levels 0–255, row-major, [height, width]. */
export interface GreyImage {
  width: number;
  height: number;
  pixels: Uint8Array;
}

/** Red, green and blue, 0–255 each, row-major, [height, width, 3]. */
export interface RgbImage {
  width: number;
  height: number;
  pixels: Uint8Array;
}

/** 1 on the object and 0 elsewhere, row-major, [height, width]. */
export interface Mask {
  width: number;
  height: number;
  pixels: Uint8Array;
}

const unknown = (name: string, cause?: unknown): UserError =>
  new UserError(`${name}: this is no PNG, JPEG, TIFF or BMP image that can be read; convert it to PNG`, { status: 415, cause });

const damaged = (name: string, cause?: unknown): UserError =>
  new UserError(`${name}: the image is damaged or cut short; get the file again`, { status: 422, cause });

function checkSize({ width, height }: { width: number; height: number }, name: string): void {
  if (width * height > PIXEL_LIMIT)
    throw new UserError(
      `${name}: the image has ${width} × ${height} = ${Math.round((width * height) / 1e6)} megapixels, over the limit of ${PIXEL_LIMIT / 1e6}; make it smaller`,
      { status: 413 },
    );
}

function openBmp(bytes: Uint8Array, name: string): Sharp {
  const size = bmpSize(bytes);
  if (!size) throw unknown(name);
  checkSize(size, name);
  let bitmap: Bitmap;
  try {
    bitmap = decodeBmp(bytes);
  } catch (cause) {
    throw cause instanceof RangeError ? damaged(name, cause) : unknown(name, cause);
  }
  const { pixels, ...raw } = bitmap;
  return sharp(pixels, { raw });
}

/**
 * Opens the bytes after a look at the header.
 * @throws UserError 415 where they are no PNG, JPEG, TIFF or BMP, 413 where the header claims too many pixels
 */
async function open(bytes: Uint8Array, name: string): Promise<Sharp> {
  if (bytes.length === 0) throw new UserError(`${name}: the file is empty; put the image in its place`, { status: 415 });
  if (isBmp(bytes)) return openBmp(bytes, name);
  // the limit is ours to check and to word: sharp's own would not tell the size
  const header = await sharp(bytes, { limitInputPixels: false, failOn: "none" })
    .metadata()
    .catch((cause: unknown) => {
      throw unknown(name, cause);
    });
  const { pages = 1, depth } = header;
  checkSize(header, name);
  if (pages > 1) throw new UserError(`${name}: the file holds ${pages} images; save each as a file of its own`, { status: 415 });
  if (depth !== "uchar" && depth !== "ushort")
    throw new UserError(`${name}: the pixels are stored as ${depth}, whose grey levels have no known range; convert it to 8 or 16 bits`, {
      status: 415,
    });
  return sharp(bytes, { limitInputPixels: PIXEL_LIMIT, failOn: "warning" }).autoOrient();
}

/** Decodes to bytes, [height, width, channels of `image`]. @throws UserError (422) where the file is damaged */
async function toBytes(image: Sharp, name: string): Promise<{ width: number; height: number; pixels: Uint8Array }> {
  const { data, info } = await image
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw damaged(name, cause);
    });
  return { width: info.width, height: info.height, pixels: new Uint8Array(data.buffer, data.byteOffset, data.length) };
}

/**
 * Grey levels of an image file; colour becomes luminance, transparency black, and EXIF orientation is applied. Grey files keep their levels exactly.
 * @param name what error messages call the image
 * @throws UserError 415 for what is no image, 413 for too many pixels, 422 for a damaged file
 */
export async function decodeGrey(bytes: Uint8Array, name: string): Promise<GreyImage> {
  return toBytes((await open(bytes, name)).flatten({ background: "#000" }).toColourspace("b-w"), name);
}

/**
 * Colours of an image file; grey becomes three equal channels, transparency black, and EXIF orientation is applied.
 * @throws UserError as {@link decodeGrey}
 */
export async function decodeRgb(bytes: Uint8Array, name: string): Promise<RgbImage> {
  return toBytes((await open(bytes, name)).flatten({ background: "#000" }).toColourspace("srgb"), name);
}

/** In place: 1 over 127, or over 0 where nothing is over 1. (A loop inside the async function below would run unoptimised.) */
function binarise(pixels: Uint8Array): void {
  let i = 0;
  while (i < pixels.length && pixels[i] <= 1) i++;
  if (i < pixels.length) for (i = 0; i < pixels.length; i++) pixels[i] >>= 7;
}

/**
 * A mask file: the object is where the first channel is over 127, or over 0 in a file that knows only 0 and 1. Transparent pixels are background.
 * @throws UserError as {@link decodeGrey}
 */
export async function decodeMask(bytes: Uint8Array, name: string): Promise<Mask> {
  // palette files come as RGB, so one channel is taken and never a luminance
  const { width, height, pixels } = await toBytes((await open(bytes, name)).flatten({ background: "#000" }).extractChannel(0), name);
  binarise(pixels);
  return { width, height, pixels };
}
