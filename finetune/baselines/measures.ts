/** @file What baselines know of each lesion, measured once at the images' native size and remembered. */
import { join } from "node:path";
import { z } from "zod";
import type { Manifest } from "../../src/data/manifest.ts";
import { openPictures, type Picture } from "../../src/data/pictures.ts";
import { remembered } from "../../src/data/remembered.ts";
import { ellipseOf } from "../../src/image/ellipse.ts";
import { cacheFolder } from "../../src/util/files.ts";
import { hashOf } from "../../src/util/hash.ts";
import { mapInFlight } from "../../src/util/in-flight.ts";
import { echoFeatures, echoOf } from "./echo.ts";
import { largestPiece, smoothed } from "./lesion-piece.ts";
import { coarseFeatures, coarseShape, outlineFeatures, outlineShape } from "./shape.ts";

/** Raise it when a measure changes what it says. */
const version = 1;

const numbers = <const Names extends readonly string[]>(names: Names) => z.record(z.enum(names), z.number());

const measuresSchema = z.strictObject({
  coarse: numbers(coarseFeatures),
  /** of the mask as it was drawn */
  outline: numbers(outlineFeatures),
  /** ellipse and outline of the smoothed mask */
  smoothed: numbers([...coarseFeatures, ...outlineFeatures]),
  echo: numbers(echoFeatures),
});
export type Measures = z.infer<typeof measuresSchema>;

/** What one picture says; null where no pixel is marked as lesion. */
export function measuresOf({ image, mask }: Picture): Measures | null {
  const piece = mask && largestPiece(mask);
  if (!piece) return null;
  const smooth = smoothed(piece);
  const ellipse = ellipseOf(piece)!;
  return {
    coarse: coarseShape(piece, image),
    outline: outlineShape(piece),
    smoothed: { ...coarseShape(smooth, image), ...outlineShape(smooth) },
    echo: echoOf(image, { ...ellipse, row: ellipse.row + piece.top, column: ellipse.column + piece.left }),
  };
}

export interface MeasureOptions {
  progress?: (done: number, total: number) => void;
  /** cache folder, else the user's */
  cache?: string;
}

/**
 * Measures of each image, in the order of the manifest; null where no pixel is marked as lesion.
 * @throws UserError where a file changed since the manifest was made, or cannot be decoded
 */
export function measureImages(manifest: Manifest, { progress, cache = cacheFolder() }: MeasureOptions = {}): Promise<(Measures | null)[]> {
  const { reader, images } = manifest;
  // contents decide, wherever they lie: the name changes with any image or mask, and with their order
  const name = hashOf([reader, images.map(({ sha256, maskHashes }) => [sha256, ...maskHashes])]).slice(0, 16);
  return remembered(join(cache, "baselines", `${name}-v${version}.json`), z.array(measuresSchema.nullable()), async () => {
    const pictures = await openPictures(manifest);
    let done = 0;
    try {
      return await mapInFlight(images, 4, async (image) => {
        const measures = image.masks.length > 0 ? measuresOf(await pictures.read(image)) : null;
        progress?.(++done, images.length);
        return measures;
      });
    } finally {
      await pictures.close();
    }
  });
}
