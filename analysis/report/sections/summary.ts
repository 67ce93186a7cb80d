/** @file The result in one screen: the first arm's numbers, every arm and baseline on one axis, what the comparisons say. */
import { html } from "hono/html";
import type { Interval } from "../../../src/config/interval.ts";
import type { Report } from "../../../src/config/report.ts";
import { fixed, percent } from "../../../src/util/format-number.ts";
import { intervalsFigure } from "../figures/intervals.ts";

/** More sentences than that are a table further down. */
const SENTENCES = 3;

export function summary({ evaluation }: Report) {
  const { models, comparisons, shortcuts, baselines } = evaluation;
  const [first] = models;
  const known = baselines.find(({ name }) => name === "metadata")?.performance?.auroc;
  const audited = shortcuts && { estimate: shortcuts.joint.auroc, low: shortcuts.joint.low, high: shortcuts.joint.high };
  const metadata = known ?? audited;
  const rows = [
    ...models.map(({ name, auroc, procedureAuroc, foldAuroc }) => ({
      ...{ name, auroc, wide: procedureAuroc },
      ticks: foldAuroc.filter((value) => value !== null),
    })),
    ...baselines.flatMap(({ title, performance }) =>
      performance ? [{ name: title, auroc: performance.auroc, wide: performance.procedureAuroc, ticks: [], pale: true }] : [],
    ),
    ...(metadata && !known ? [{ name: "metadata alone", auroc: metadata, wide: null, ticks: [], pale: true }] : []),
  ];
  return html`<section id="summary">
    <h2>In short</h2>
    <dl class="facts">
      ${fact(`AUROC of ${first.name}`, first.auroc)} ${fact("within folds, if other patients trained it", first.procedureAuroc)}
      ${first.sensitivityAt
        .slice(0, 1)
        .map(({ specificity, sensitivity }) => fact(`sensitivity at a specificity of ${percent(specificity, 0)}`, sensitivity))}
      ${first.calibrationLine && fact("calibration slope (perfect: 1)", first.calibrationLine.slope)}
      ${metadata && fact("AUROC of metadata alone, no pixels", metadata)}
    </dl>
    <figure>
      <div class="scroll" tabindex="0" role="group" aria-label="AUROC of every arm">${intervalsFigure(rows)}</div>
      <figcaption>
        Thick: 95 % interval over groups, for these trained models. Thin: where the AUROC within folds would lie if other patients trained
        the models too. Ticks below: single folds.${rows.some((row) => "pale" in row) ? " Grey: no network, a baseline." : ""}
      </figcaption>
    </figure>
    ${comparisons.slice(0, SENTENCES).map(({ sentence }) => html`<p>${sentence}</p>`)}
    ${
      comparisons.length > SENTENCES &&
      html`<p class="note">The other ${comparisons.length - SENTENCES} comparisons stand in the table of comparisons.</p>`
    }
  </section>`;
}

const fact = (name: string, { estimate, low, high }: Interval) =>
  html`<div>
    <dt>${name}</dt>
    <dd>${fixed(estimate)} <small>[${fixed(low)}, ${fixed(high)}]</small></dd>
  </div>`;
