/** @file The legend of figures that share their arms: a line in its colour and dash before each name. */
import { html } from "hono/html";

export const legend = (names: readonly string[]) =>
  html`<ul class="legend">
    ${names.map(
      (name, series) =>
        html`<li>
          <svg viewBox="0 0 34 10" width="34" height="10" aria-hidden="true"><path class="curve series-${series}" d="M1,5H33" /></svg
          >${name}
        </li>`,
    )}
  </ul>`;
