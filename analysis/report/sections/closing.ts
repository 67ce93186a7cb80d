/** @file The end of the page: methods, limits, software, configuration. */
import { html } from "hono/html";
import type { Report } from "../../../src/config/report.ts";
import { table } from "../table.ts";

export const closing = ({ methods, limits, software, study }: Report) =>
  html`<section id="methods">
    <h2>Methods and limits</h2>
    ${methods.map((text) => html`<p>${text}</p>`)}
    <ul>
      ${limits.map((limit) => html`<li>${limit}</li>`)}
    </ul>
    ${table(
      "What computed these results. Equal hashes and an equal configuration give equal results.",
      [{ title: "software" }, { title: "version", text: true }],
      [
        ["sonomark", software.sonomark],
        ["git commit", software.commit ?? "not a checkout"],
        ["hash of the code", software.code],
        ["engine", software.engine],
        ["digest of the data", software.data],
      ],
    )}
    <details>
      <summary>Configuration</summary>
      <pre tabindex="0">${JSON.stringify(study, null, 2)}</pre>
    </details>
  </section>`;
