/** @file Spatial statistics of single maps. */
import { html } from "hono/html";
import type { Biomarkers } from "../../../src/config/biomarkers.ts";
import { zoneNames } from "../../../src/image/zones.ts";
import { fixed, percent } from "../../../src/util/format-number.ts";
import { table } from "../table.ts";

export const spatialSection = ({ spatial, alpha }: Biomarkers, classes: readonly [string, string]) =>
  html`<section id="spatial">
    <h2>Spatial statistics of single maps</h2>
    ${table(
      `On native cells, never on enlarged maps. Autocorrelated: permutation p of Moran's I ≤ ${alpha}. Hot spots: mean number an image, and the share of their centres in each zone`,
      [
        ...["method", "grid", "mean Moran's I", "autocorrelated", `hot spots, ${classes[0]}`, `hot spots, ${classes[1]}`],
        ...zoneNames.map((zone) => `…${zone}`),
      ].map((title) => ({ title })),
      spatial.map((row) => [
        row.method,
        `${row.rows} × ${row.columns}`,
        fixed(row.meanMoran, 2),
        percent(row.shareAutocorrelated),
        fixed(row.hotSpotsNegative, 2),
        fixed(row.hotSpotsPositive, 2),
        ...zoneNames.map((zone) => percent(row.hotSpotZones[zone], 0)),
      ]),
    )}
  </section>`;
