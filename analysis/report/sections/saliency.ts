/** @file Where the saliency lies: the biomarker table with its forest plots, and mean maps around the lesion. */
import { html } from "hono/html";
import type { Biomarkers } from "../../../src/config/biomarkers.ts";
import { factor, percent, pValue, signed, withInterval } from "../../../src/util/format-number.ts";
import type { Atlas } from "../../atlas.ts";
import { atlasFigure } from "../figures/atlas.ts";
import { forestFigure } from "../figures/forest.ts";
import { table } from "../table.ts";

type Classes = readonly [string, string];

export function saliencySection({ table: found, rule, alpha, groupsNegative, groupsPositive }: Biomarkers, classes: Classes) {
  if (found.length === 0)
    return html`<section id="saliency">
      <h2>Where the saliency lies</h2>
      <p>No zone could be tested: that needs lesion masks, and two groups of each class that have the zone.</p>
    </section>`;
  const methods = [...new Set(found.map((row) => row.method))];
  return html`<section id="saliency">
    <h2>Where the saliency lies</h2>
    <p>
      Share: part of the map's absolute mass that lies in the zone. Density: share over the zone's part of the image (1× = no preference).
      ${groupsNegative} ${classes[0]} and ${groupsPositive} ${classes[1]} groups.
    </p>
    ${methods.map(
      (method) =>
        html`<figure>
          <figcaption>
            <b>${method}</b>: Cliff's delta with 95 % interval; filled: p ≤ ${alpha} after Holm's correction over all methods
          </figcaption>
          <div class="scroll" tabindex="0" role="group" aria-label="effects by zone, ${method}">
            ${forestFigure(
              found.filter((row) => row.method === method),
              classes,
              alpha,
            )}
          </div>
        </figure>`,
    )}
    ${table(
      "Means over groups, effect, and verdict",
      [
        { title: "method" },
        { title: "zone", text: true },
        { title: "measure", text: true },
        ...[...classes, "Cliff's delta", "p", "p (Holm)"].map((title) => ({ title })),
        { title: "verdict", text: true },
      ],
      found.map((row) => [
        row.method,
        row.zone,
        row.measure,
        ...(row.measure === "share"
          ? [percent(row.shareNegative), percent(row.sharePositive)]
          : [factor(row.densityNegative), factor(row.densityPositive)]),
        withInterval(row.effect, signed),
        pValue(row.p),
        pValue(row.pHolm),
        row.verdict,
      ]),
      (r) => found[r].verdict.replace(" ", "-"),
    )}
    <p class="note">${rule}</p>
  </section>`;
}

/** @param behind length of the zone behind the lesion, in diameters */
export async function atlasSection(atlases: readonly { method: string; atlas: Atlas }[], classes: Classes, behind: number) {
  if (atlases.length === 0) return "";
  const figures = await Promise.all(
    atlases.map(async ({ method, atlas }) => ({ method, figure: await atlasFigure(atlas, classes, behind) })),
  );
  return html`<section id="atlas">
    <h2>Mean maps around the lesion</h2>
    <p class="note">
      Absolute saliency over its own average in the image (1× = no preference), every map moved to its lesion's centre and scaled by its
      lesion's size, averaged over groups. Circle: the lesion's size; dashed: the zone behind. For eyes; tests run on zones.
    </p>
    ${figures.map(
      ({ method, figure }) =>
        html`<figure>
          <figcaption>${method}</figcaption>
          <div class="scroll" tabindex="0" role="group" aria-label="mean maps, ${method}">${figure}</div>
        </figure>`,
    )}
  </section>`;
}
