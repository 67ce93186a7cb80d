/** @file Grey pixels to a PNG file, without loss. */
import sharp from "sharp";
import type { GreyImage } from "./decode.ts";

export const encodeGreyPng = ({ pixels, width, height }: GreyImage): Promise<Buffer> =>
  sharp(pixels, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
