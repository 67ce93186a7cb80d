/** @file The page of a search: what was searched, what each fold chose, what that is worth on held-out images, figures, every trial. */
import { html, raw } from "hono/html";
import type { Evaluation } from "../../src/config/evaluation.ts";
import { NOTICE } from "../../src/config/onnx.ts";
import type { Tuned, TuneFile } from "../../src/config/tuned.ts";
import { fixed, settingValue, withInterval } from "../../src/util/format-number.ts";
import { style } from "../report/style.ts";
import { courseFigure } from "./figures/course.ts";
import { importanceFigure } from "./figures/importance.ts";
import { parallelFigure } from "./figures/parallel-coordinates.ts";

export interface TuneFacts {
  file: TuneFile;
  tuned: Tuned;
  evaluation: Evaluation;
  optimistic: Evaluation;
}

const METRIC: Record<string, string> = { auroc: "inner AUROC", log_loss: "inner log loss" };

const own = `
svg .line { fill: none; stroke: var(--s5); stroke-width: 1; opacity: 0.45; }
svg .line.pruned { stroke-dasharray: 3 3; }
svg .line.good { stroke: var(--s0); stroke-width: 1.6; opacity: 0.9; }
svg .line.best { stroke: var(--s1); stroke-width: 3; opacity: 1; }
svg .bar { fill: var(--s0); }
`;

/** @returns a whole document that loads nothing */
export async function tunePage(facts: TuneFacts): Promise<string> {
  const { file, tuned, evaluation } = facts;
  const { config } = file;
  const metric = METRIC[config.metric] ?? config.metric;
  const { complete, pruned, failed } = tuned.counts;
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Search over ${file.study}</title>
        <style>
          ${raw(style + own)}
        </style>
      </head>
      <body>
        <h1>Search over ${file.study}</h1>
        <p>${NOTICE}</p>
        <p class="statement">
          ${complete + pruned + failed} trials (${complete} complete, ${pruned} pruned, ${failed} failed) of ${config.sampler.name}, seed
          ${config.seed}, ${file.jobs} side by side, judged by the ${metric} of each of ${file.folds} folds: on training images of the fold
          that the trial's first training did not see.
        </p>
        <p class="statement${tuned.strict ? "" : " warning"}">${honesty(tuned)}</p>
        ${worth(facts)}
        <h2>What was chosen</h2>
        ${choices(facts, metric)}
        <h2>Where good trials lie</h2>
        <figure>
          <div class="scroll" tabindex="0">${parallelFigure(config, file.trials, metric)}</div>
          <figcaption>
            Orange: the best complete trial. Blue: the best tenth. Dashed: pruned; its value is the mean of the folds that it had.
          </figcaption>
        </figure>
        <h2>What mattered</h2>
        <figure>
          <div class="scroll" tabindex="0">${importanceFigure(tuned.importance)}</div>
          <figcaption>
            PED-ANOVA (Watanabe et al. 2023, arXiv 2304.10255): how far the best tenth lies from where all complete trials lie, as a share
            of all parameters. With few trials it is rough; a parameter that never varied much cannot matter here.
          </figcaption>
        </figure>
        <h2>Course</h2>
        <figure><div class="scroll" tabindex="0">${courseFigure(file.trials, config.direction, metric)}</div></figure>
        <h2>Every trial</h2>
        ${trialTable(facts, metric)}
        ${evaluation.shortcuts?.warning ? html`<p class="statement warning">${evaluation.shortcuts.warning}</p>` : ""}
      </body>
    </html>`;
  return `${String(page)}\n`;
}

const honesty = ({ strict }: Tuned): string =>
  strict
    ? "Which settings were tried depends on no label, and each fold chose by its own training images: the performance of “tuned” is that of the whole procedure, search included."
    : "Each fold chose by its own training images. Which settings were tried was led by means over all folds, in which images that a fold holds out had a part through the inner splits of the others; random or Sobol sampling without pruning is free of that too.";

function worth({ evaluation, optimistic, tuned }: TuneFacts) {
  const [best] = optimistic.models;
  return html`<h2>What it is worth on held-out images</h2>
    <div class="scroll" tabindex="0">
      <table>
        <thead>
          <tr>
            <th>model</th>
            <th>AUROC [95 %]</th>
            <th>within folds [95 %]</th>
            <th>average precision</th>
            <th>Brier</th>
          </tr>
        </thead>
        <tbody>
          ${evaluation.models.map(
            (model) =>
              html`<tr>
                <th>${model.name === "tuned" ? "tuned: each fold's own choice" : "default: the study's own settings"}</th>
                <td>${withInterval(model.auroc)}</td>
                <td>${withInterval(model.procedureAuroc)}</td>
                <td>${withInterval(model.averagePrecision)}</td>
                <td>${withInterval(model.brier)}</td>
              </tr>`,
          )}
          <tr>
            <th>trial ${tuned.best.trial} in all folds <span class="tag others">optimistic</span></th>
            <td>${withInterval(best.auroc)}</td>
            <td>${withInterval(best.procedureAuroc)}</td>
            <td>${withInterval(best.averagePrecision)}</td>
            <td>${withInterval(best.brier)}</td>
          </tr>
        </tbody>
      </table>
    </div>
    <p class="note">Optimistic: inner splits of all folds chose that trial, and they hold the images that it is told on here.</p>
    ${evaluation.comparisons.map(({ sentence }) => html`<p>${sentence}</p>`)}`;
}

function choices({ file, tuned }: TuneFacts, metric: string) {
  const { byFold, best } = tuned;
  return html`<div class="scroll" tabindex="0">
    <table>
      <thead>
        <tr>
          <th></th>
          <th>all folds</th>
          ${byFold.map(({ fold }) => html`<th>fold ${fold}</th>`)}
        </tr>
      </thead>
      <tbody>
        <tr>
          <th>trial</th>
          <td>${best.trial}</td>
          ${byFold.map(({ trial }) => html`<td>${trial}</td>`)}
        </tr>
        <tr>
          <th>${metric}</th>
          <td>${fixed(best.value)}</td>
          ${byFold.map(({ inner }) => html`<td>${fixed(inner)}</td>`)}
        </tr>
        ${file.config.space.map(
          ({ path }) =>
            html`<tr>
              <th>${path}</th>
              <td>${settingValue(best.params[path])}</td>
              ${byFold.map(({ params }) => html`<td>${settingValue(params[path])}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function trialTable({ file }: TuneFacts, metric: string) {
  const { space } = file.config;
  return html`<div class="scroll" tabindex="0">
    <table>
      <thead>
        <tr>
          <th>trial</th>
          <th class="text">state</th>
          <th>${metric}</th>
          <th class="text">by fold</th>
          ${space.map(({ path }) => html`<th>${path}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${file.trials.map(
          ({ number, state, value, folds, params, reason }) =>
            html`<tr>
              <th>${number}${file.own && number === 0 ? " (own settings)" : ""}</th>
              <td class="text">${reason ? `${state}: ${reason}` : state}</td>
              <td>${value === null ? "–" : fixed(value)}</td>
              <td class="text">
                ${Object.values(folds)
                  .map((one) => fixed(one, 2))
                  .join(" ")}
              </td>
              ${space.map(({ path }) => html`<td>${settingValue(params[path])}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
