/** @file The first lines: what the results are worth, before their numbers. */
import { html } from "hono/html";
import type { Report } from "../../../src/config/report.ts";

/** The leakage statement comes first, then what was chosen where, warnings, and what this is not. */
export function opening({ statements: [leakage, ...more], warnings, notice, study, evaluation }: Report) {
  return html`<p class="${evaluation.transductive ? "statement transductive" : "statement"}">${leakage}</p>
    ${warnings.map((warning) => html`<p class="statement warning">${warning}</p>`)}
    <ul class="statement">
      ${more.map((text) => html`<li>${text}</li>`)}
      <li><strong>${notice}</strong></li>
    </ul>
    <h1>${study.name}</h1>
    ${study.description && html`<p>${study.description}</p>`}`;
}
