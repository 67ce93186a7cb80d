/** @file The report of a study as one self-contained page: how held out the results are first, then the results, then what they rest on. */
import { html, raw } from "hono/html";
import { binaryClasses } from "../../src/config/data.ts";
import type { Report } from "../../src/config/report.ts";
import { fixed } from "../../src/util/format-number.ts";
import type { Atlas } from "../atlas.ts";
import type { ReportCase } from "./cases.ts";
import { baselinesSection } from "./sections/baselines.ts";
import { calibrationSection } from "./sections/calibration.ts";
import { checklistsSection } from "./sections/checklists.ts";
import { closing } from "./sections/closing.ts";
import { comparisonsSection } from "./sections/comparisons.ts";
import { dataSection } from "./sections/data.ts";
import { caseFigure, errorsSection } from "./sections/errors.ts";
import { opening } from "./sections/opening.ts";
import { rankingSection } from "./sections/ranking.ts";
import { atlasSection, saliencySection } from "./sections/saliency.ts";
import { spatialSection } from "./sections/spatial.ts";
import { strataSection } from "./sections/strata.ts";
import { summary } from "./sections/summary.ts";
import { labelsSection, trainingsSection } from "./sections/trainings.ts";
import { style } from "./style.ts";

/** What only the analysis can draw; none of it for a study that was not analysed. */
export interface ReportPictures {
  /** mean registered maps by method; empty without lesion masks */
  atlases: { method: string; atlas: Atlas }[];
  /** of each class the highest, the middle and the lowest score */
  cases: ReportCase[];
  /** of the worst errors */
  worst: ReportCase[];
}

export const noPictures: ReportPictures = { atlases: [], cases: [], worst: [] };

/** Sections of the table of contents, by the id that each carries; those that a study lacks are left out. */
const CONTENTS: readonly (readonly [id: string, title: string])[] = [
  ["summary", "In short"],
  ["data", "Data and leakage"],
  ["ranking", "Held-out performance"],
  ["comparisons", "Comparisons"],
  ["calibration", "Probabilities and decisions"],
  ["labels", "With fewer labels"],
  ["trainings", "What chance changes"],
  ["strata", "Parts of the data"],
  ["baselines", "Baselines and shortcuts"],
  ["errors", "Worst errors"],
  ["saliency", "Where the saliency lies"],
  ["atlas", "Mean maps"],
  ["spatial", "Spatial statistics"],
  ["cases", "Cases"],
  ["checklists", "Reporting checklists"],
  ["methods", "Methods and limits"],
];

/** The page. It asks nothing of the network, and runs no program. */
export async function reportPage(report: Report, { atlases, cases, worst }: ReportPictures): Promise<string> {
  const { study, biomarkers } = report;
  const classes = binaryClasses(study.data.classes);
  const pictures = new Map(worst.map((one) => [one.image, one]));
  const sections = await Promise.all([
    ...[summary(report), dataSection(report), rankingSection(report), comparisonsSection(report), calibrationSection(report)],
    ...[labelsSection(report), trainingsSection(report), strataSection(report), baselinesSection(report), errorsSection(report, pictures)],
    ...(biomarkers ? [saliencySection(biomarkers, classes), atlasSection(atlases, classes, study.analysis.behind)] : []),
    ...(biomarkers ? [spatialSection(biomarkers, classes), casesSection(cases, classes)] : [notAnalysed]),
    ...[checklistsSection(report), closing(report)],
  ]);
  const body = sections.map(String).join("\n");
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
        <header>${opening(report)}</header>
        <nav aria-label="Contents">
          <ol>
            ${CONTENTS.filter(([id]) => body.includes(`<section id="${id}">`)).map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}
          </ol>
        </nav>
        <main>${raw(body)}</main>
      </body>
    </html>`;
  return `${String(page)}\n`;
}

const notAnalysed = html`<p class="note">This study was not analysed, so there are no maps: run it to its end and report it again.</p>`;

const casesSection = (cases: readonly ReportCase[], classes: readonly [string, string]) =>
  cases.length > 0
    ? html`<section id="cases">
        <h2>Cases</h2>
        <p class="note">
          Of each class the highest, the middle and the lowest held-out score; never chosen by their maps. Red: evidence for ${classes[1]};
          blue: for ${classes[0]}; one absolute scale a method; smoothed for display. White line: the lesion.
        </p>
        ${cases.map((one) =>
          caseFigure(one, `${one.image}, truly ${classes[one.label]}, probability of ${classes[1]} ${fixed(one.probability, 2)}`),
        )}
      </section>`
    : "";
