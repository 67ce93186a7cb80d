/** @file The report of a study: one self-contained page that opens with how held out the results are. */
import { html, raw } from "hono/html";
import type { Audit } from "../../src/config/audit.ts";
import type { Biomarkers } from "../../src/config/biomarkers.ts";
import type { Evaluation } from "../../src/config/evaluation.ts";
import type { StudyConfig } from "../../src/config/study.ts";
import { zoneNames } from "../../src/image/zones.ts";
import { factor, fixed, percent, pValue, signed, withInterval } from "../../src/util/format-number.ts";
import type { Atlas } from "../atlas.ts";
import { atlasFigure } from "./atlas-figure.ts";
import type { ReportCase } from "./cases.ts";
import { forestFigure } from "./forest-figure.ts";
import { leakageStatement, limits, methodsText } from "./prose.ts";
import { rocFigure } from "./roc-figure.ts";
import { style } from "./style.ts";

export interface ReportInput {
  study: StudyConfig;
  evaluation: Evaluation;
  biomarkers: Biomarkers;
  /** mean registered maps by method; empty without lesion masks */
  atlases: { method: string; atlas: Atlas }[];
  cases: ReportCase[];
}

export async function report({ study, evaluation, biomarkers, atlases, cases }: ReportInput): Promise<string> {
  const classes = evaluation.classes as [string, string];
  const figures = await Promise.all(
    atlases.map(async ({ method, atlas }) => ({ method, figure: await atlasFigure(atlas, classes, study.analysis.behind) })),
  );
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${study.name} – sonomark report</title>
        <style>
          ${raw(style)}
        </style>
      </head>
      <body>
        <p class="${study.transductive ? "statement transductive" : "statement"}">${leakageStatement(evaluation, study)}</p>
        ${evaluation.shortcuts?.warning && html`<p class="statement warning">${evaluation.shortcuts.warning}</p>`}
        <p class="statement"><strong>Research software, not a medical device.</strong></p>
        <h1>${study.name}</h1>
        ${study.description && html`<p>${study.description}</p>`}
        <h2>Held-out performance</h2>
        ${performance(evaluation)} ${evaluation.shortcuts && shortcutSection(evaluation.shortcuts)}
        <h2>Where the saliency lies</h2>
        ${biomarkerSection(biomarkers, classes)}
        ${
          figures.length > 0 &&
          html`<h2>Mean maps around the lesion</h2>
            <p class="note">
              Absolute saliency over its own average in the image (1× = no preference), every map moved to its lesion's centre and scaled by
              its lesion's size, averaged over groups. Circle: the lesion's size; dashed: the zone behind. For eyes; tests run on zones.
            </p>
            ${figures.map(
              ({ method, figure }) =>
                html`<figure>
                  <figcaption>${method}</figcaption>
                  <div class="scroll">${figure}</div>
                </figure>`,
            )}`
        }
        <h2>Spatial statistics of single maps</h2>
        ${spatialSection(biomarkers, classes)}
        <h2>Cases</h2>
        <p class="note">
          Of each class the highest, the middle and the lowest held-out score. Red: evidence for ${classes[1]}; blue: for ${classes[0]}; one
          absolute scale a method; smoothed for display. White line: the lesion.
        </p>
        ${cases.map(
          (one) =>
            html`<figure>
              <figcaption>${one.image}, truly ${classes[one.label]}, probability of ${classes[1]} ${fixed(one.probability, 2)}</figcaption>
              <div class="tiles">
                ${one.pictures.map(({ title, src }) => html`<div><img src="${src}" alt="${one.image}: ${title}" /><span class="note">${title}</span></div>`)}
              </div>
            </figure>`,
        )}
        <h2>Methods</h2>
        <p>${methodsText(study, biomarkers)}</p>
        <h2>Limits</h2>
        <ul>
          ${limits.map((limit) => html`<li>${limit}</li>`)}
        </ul>
        <details>
          <summary>Configuration</summary>
          <pre>${JSON.stringify(study, null, 2)}</pre>
        </details>
      </body>
    </html>`;
  return `${String(page)}\n`;
}

function performance({ models, comparisons, classes }: Evaluation) {
  return html`<div class="scroll">
      <table>
        <caption>
          Out of fold, positive class ${classes[1]}; 95 % intervals by bootstrap over groups
        </caption>
        <thead>
          <tr>
            <th scope="col">model</th>
            <th scope="col">AUROC</th>
            <th scope="col">average precision</th>
            <th scope="col">Brier score</th>
            <th scope="col">AUROC by fold</th>
          </tr>
        </thead>
        <tbody>
          ${models.map(
            (model) =>
              html`<tr>
                <th scope="row">${model.name}</th>
                <td>${withInterval(model.auroc)}</td>
                <td>${withInterval(model.averagePrecision)}</td>
                <td>${withInterval(model.brier)}</td>
                <td>${model.foldAuroc.map((value) => (value === null ? "–" : fixed(value, 2))).join(" · ")}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${comparisons.map(({ sentence }) => html`<p>${sentence}</p>`)}
    <figure>${rocFigure(models)}</figure>`;
}

/** What metadata alone say of the classes: the baseline that a network has to beat. */
function shortcutSection({ features, joint, permutations, warning }: Audit) {
  return html`<details>
    <summary>What metadata alone tell: AUROC ${withInterval({ estimate: joint.auroc, low: joint.low, high: joint.high })}</summary>
    <div class="scroll">
      <table>
        <caption>
          Logistic models on metadata, held out; 95 % intervals by bootstrap over groups; p by ${permutations} permutations over groups,
          corrected for every line
        </caption>
        <thead>
          <tr>
            <th scope="col">feature</th>
            <th scope="col">AUROC</th>
            <th scope="col">p</th>
          </tr>
        </thead>
        <tbody>
          ${[...features, { name: "all together", ...joint }].map(
            ({ name, auroc, low, high, p }) =>
              html`<tr>
                <th scope="row">${name}</th>
                <td>${withInterval({ estimate: auroc, low, high })}</td>
                <td>${pValue(p)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${warning === "" && html`<p class="note">No warning: nothing here stands above chance.</p>`}
  </details>`;
}

function biomarkerSection({ table, rule, alpha, groupsNegative, groupsPositive }: Biomarkers, classes: [string, string]) {
  if (table.length === 0)
    return html`<p>No zone could be tested: that needs lesion masks, and two groups of each class that have the zone.</p>`;
  const methods = [...new Set(table.map((row) => row.method))];
  return html`<p>
      Share: part of the map's absolute mass that lies in the zone. Density: share over the zone's part of the image (1× = no preference).
      ${groupsNegative} ${classes[0]} and ${groupsPositive} ${classes[1]} groups.
    </p>
    ${methods.map(
      (method) =>
        html`<figure>
          <figcaption>
            ${method}: Cliff's delta with 95 % interval; filled: p ≤ ${alpha} after Holm's correction over all methods
          </figcaption>
          <div class="scroll">
            ${forestFigure(
              table.filter((row) => row.method === method),
              classes,
              alpha,
            )}
          </div>
        </figure>`,
    )}
    <div class="scroll">
      <table>
        <caption>
          Means over groups, effect, and verdict
        </caption>
        <thead>
          <tr>
            <th scope="col">method</th>
            <th scope="col" class="text">zone</th>
            <th scope="col" class="text">measure</th>
            <th scope="col">${classes[0]}</th>
            <th scope="col">${classes[1]}</th>
            <th scope="col">Cliff's delta</th>
            <th scope="col">p</th>
            <th scope="col">p (Holm)</th>
            <th scope="col" class="text">verdict</th>
          </tr>
        </thead>
        <tbody>
          ${table.map((row) => {
            const [negative, positive] =
              row.measure === "share"
                ? [percent(row.shareNegative), percent(row.sharePositive)]
                : [factor(row.densityNegative), factor(row.densityPositive)];
            return html`<tr class="${row.verdict.replace(" ", "-")}">
              <td>${row.method}</td>
              <td class="text">${row.zone}</td>
              <td class="text">${row.measure}</td>
              <td>${negative}</td>
              <td>${positive}</td>
              <td>${withInterval(row.effect, signed)}</td>
              <td>${pValue(row.p)}</td>
              <td>${pValue(row.pHolm)}</td>
              <td class="text">${row.verdict}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
    <p class="note">${rule}</p>`;
}

function spatialSection({ spatial, alpha }: Biomarkers, classes: [string, string]) {
  return html`<div class="scroll">
    <table>
      <caption>
        On native cells, never on enlarged maps. Autocorrelated: permutation p of Moran's I ≤ ${alpha}. Hot spots: mean number an image, and
        the share of their centres in each zone
      </caption>
      <thead>
        <tr>
          <th scope="col">method</th>
          <th scope="col">grid</th>
          <th scope="col">mean Moran's I</th>
          <th scope="col">autocorrelated</th>
          <th scope="col">hot spots, ${classes[0]}</th>
          <th scope="col">hot spots, ${classes[1]}</th>
          ${zoneNames.map((zone) => html`<th scope="col">…${zone}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${spatial.map(
          (row) =>
            html`<tr>
              <td>${row.method}</td>
              <td>${row.rows} × ${row.columns}</td>
              <td>${fixed(row.meanMoran, 2)}</td>
              <td>${percent(row.shareAutocorrelated)}</td>
              <td>${fixed(row.hotSpotsNegative, 2)}</td>
              <td>${fixed(row.hotSpotsPositive, 2)}</td>
              ${zoneNames.map((zone) => html`<td>${percent(row.hotSpotZones[zone], 0)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
