/** @file The worst errors: the held-out images that the first arm is surest of and wrong about. */
import { html } from "hono/html";
import type { Report } from "../../../src/config/report.ts";
import { fixed } from "../../../src/util/format-number.ts";
import type { ReportCase } from "../cases.ts";
import { table } from "../table.ts";

/** @param pictures of the worst images, by image; empty where the study was not analysed */
export function errorsSection({ worst, evaluation: { models, classes } }: Report, pictures: ReadonlyMap<string, ReportCase>) {
  const [{ name }] = models;
  return html`<section id="errors">
    <h2>Worst errors</h2>
    ${
      worst.length === 0
        ? html`<p>${name} holds the true class for the likelier one on every held-out image.</p>`
        : html`${table(
            html`The held-out images that ${name} is surest of and wrong about, by falling log loss; one image a group. Look at them before
            you believe any number above: labels may be wrong, marks may cover the lesion, or the model may look elsewhere.`,
            [
              { title: "image" },
              { title: "truly", text: true },
              ...[`probability of ${classes[1]}`, "log loss", "fold"].map((title) => ({ title })),
            ],
            worst.map(({ image, label, probability, loss, fold }) => [image, label, fixed(probability), fixed(loss, 2), fold]),
          )}
          ${
            pictures.size > 0 &&
            html`<p class="note">
                Red: evidence for ${classes[1]}; blue: for ${classes[0]}; one absolute scale; smoothed for display. White line: the lesion.
              </p>
              <div class="pairs">
                ${worst.flatMap(({ image, label, probability }) => {
                  const found = pictures.get(image);
                  return found ? [caseFigure(found, `${image}, truly ${label}, probability of ${classes[1]} ${fixed(probability)}`)] : [];
                })}
              </div>`
          }`
    }
  </section>`;
}

/** A case's pictures side by side. */
export const caseFigure = ({ image, pictures }: ReportCase, caption: string) =>
  html`<figure>
    <figcaption>${caption}</figcaption>
    <div class="tiles">
      ${pictures.map(({ title, src }) => html`<div><img src="${src}" alt="${image}: ${title}" /><span class="note">${title}</span></div>`)}
    </div>
  </figure>`;
