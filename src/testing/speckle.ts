/** @file Speckle for tests: noise that a beam has smoothed. Two seeds share nothing. */
import sharp from "sharp";
import { rngOf } from "../util/rng.ts";
import { drawn } from "./picture-files.ts";

/** A grey PNG of 200 × 160 pixels. */
export async function speckle(seed: number, width = 200, height = 160): Promise<Buffer> {
  const rng = rngOf(seed, "speckle");
  const noise = drawn(width, height, () => rng.int(256));
  return sharp(noise, { raw: { width, height, channels: 1 } })
    .blur(2)
    .normalise()
    .png()
    .toBuffer();
}
