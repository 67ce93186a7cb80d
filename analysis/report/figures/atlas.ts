/** @file Mean registered maps by class and their difference, as SVG around embedded images. */
import { html } from "hono/html";
import sharp from "sharp";
import type { Atlas } from "../../atlas.ts";
import { DIVERGING, divergingStep, scaleLimit, SEQUENTIAL, sequentialStep } from "../../colour.ts";
import { fixed } from "../../../src/util/format-number.ts";
import { dataUri } from "../data-uri.ts";

const TILE = 210;

/** Colours by value, transparent where nothing is known, as PNG. */
async function png(values: Float64Array, side: number, colours: Uint8Array, step: (value: number) => number): Promise<string> {
  const pixels = new Uint8Array(values.length * 4);
  values.forEach((value, p) => {
    if (Number.isNaN(value)) return;
    const at = step(value) * 3;
    pixels.set([...colours.subarray(at, at + 3), 255], p * 4);
  });
  return dataUri(
    "png",
    await sharp(pixels, { raw: { width: side, height: side, channels: 4 } })
      .png()
      .toBuffer(),
  );
}

/** The circle has the lesions' size; the band below it is the zone behind. @param behind its length in diameters */
export async function atlasFigure({ side, span, negative, positive }: Atlas, classes: readonly [string, string], behind: number) {
  const difference = positive.map((value, p) => value - negative[p]);
  const known = (values: Float64Array) => values.filter((value) => !Number.isNaN(value));
  const most = scaleLimit([...known(negative), ...known(positive)]);
  const apart = scaleLimit(known(difference));
  const tiles = [
    {
      title: classes[0],
      scale: `0 – ${fixed(most, 1)}×`,
      href: await png(negative, side, SEQUENTIAL, (value) => sequentialStep(value, most)),
    },
    {
      title: classes[1],
      scale: `0 – ${fixed(most, 1)}×`,
      href: await png(positive, side, SEQUENTIAL, (value) => sequentialStep(value, most)),
    },
    {
      title: `${classes[1]} − ${classes[0]}`,
      scale: `± ${fixed(apart, 1)}×`,
      href: await png(difference, side, DIVERGING, (value) => divergingStep(value, apart)),
    },
  ];
  const unit = TILE / span; // one diameter
  return html`<svg
    viewBox="0 0 ${tiles.length * (TILE + 20)} ${TILE + 40}"
    width="${tiles.length * (TILE + 20)}"
    role="img"
    aria-label="Mean registered maps by class, and their difference"
  >
    ${tiles.map(
      ({ title, scale, href }, i) =>
        html`<g transform="translate(${i * (TILE + 20)},18)">
          <text class="head" y="-5">${title}</text><text x="${TILE}" y="-5" text-anchor="end">${scale}</text>
          <image href="${href}" width="${TILE}" height="${TILE}" style="image-rendering:pixelated" />
          <circle class="outline" cx="${TILE / 2}" cy="${TILE / 2}" r="${unit / 2}" />
          <path class="outline dashed" d="M${(TILE - unit) / 2},${TILE / 2}v${unit * (0.5 + behind)}h${unit}v${-unit * (0.5 + behind)}" />
        </g>`,
    )}
  </svg>`;
}
