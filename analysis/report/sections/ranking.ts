/** @file How well each arm ranks held-out images: table, curves, folds. */
import { html } from "hono/html";
import type { Evaluation } from "../../../src/config/evaluation.ts";
import type { Report } from "../../../src/config/report.ts";
import { fixed, percent } from "../../../src/util/format-number.ts";
import { curvesFigure } from "../figures/curves.ts";
import { legend } from "../figures/legend.ts";
import { omitted, shownArms } from "../shown-arms.ts";
import { cell, table, type Column } from "../table.ts";

const SHARE = { domain: [0, 1], ticks: [0, 0.25, 0.5, 0.75, 1] } as const;

export function rankingSection({ evaluation }: Report) {
  const { models, classes, images, positives } = evaluation;
  return html`<section id="ranking">
    <h2>Held-out performance</h2>
    ${rankingTable(evaluation)} ${curves(models, positives / images)}
    ${table(
      "AUROC of each held-out fold; a dash where the fold holds one class. Folds are small: their spread says more than any of them.",
      [{ title: "arm" }, ...models[0].foldAuroc.map((_, fold) => ({ title: `fold ${fold}` })), { title: "lowest" }, { title: "highest" }],
      models.map(({ name, foldAuroc }) => {
        const told = foldAuroc.filter((value) => value !== null);
        const end = (value: number) => (told.length > 0 ? fixed(value) : "–");
        return [name, ...foldAuroc.map((value) => (value === null ? "–" : fixed(value))), end(Math.min(...told)), end(Math.max(...told))];
      }),
    )}
    ${models.some(({ macroAuroc }) => macroAuroc) && severalClasses(models, classes)}
  </section>`;
}

function rankingTable({ models, classes, images, groups }: Evaluation) {
  const [{ sensitivityAt, specificityAt }] = models;
  const several = models.some(({ trainings }) => trainings > 1);
  const columns: Column[] = [
    ...["arm", "AUROC", "within folds, trained anew", several ? "AUROC of the mean probability" : "DeLong's interval", "average precision"],
    ...sensitivityAt.map(({ specificity }) => `sensitivity at ${percent(specificity, 0)} specificity`),
    ...specificityAt.map(({ sensitivity }) => `specificity at ${percent(sensitivity, 0)} sensitivity`),
  ].map((title) => ({ title }));
  const caption = `Out of fold, ${images} images of ${groups} groups, positive class ${classes[1]}; 95 % intervals by bootstrap over groups${several ? "; means over trainings" : "; DeLong's takes images as independent"}. Sensitivity and specificity at fixed rates are read off the held-out curve; for thresholds chosen inside see operating points.`;
  return table(
    caption,
    columns,
    models.map((model) => [
      model.name,
      cell(model.auroc),
      cell(model.procedureAuroc),
      cell(several ? model.ensembleAuroc : model.delong),
      cell(model.averagePrecision),
      ...model.sensitivityAt.map(({ sensitivity }) => cell(sensitivity)),
      ...model.specificityAt.map(({ specificity }) => cell(specificity)),
    ]),
  );
}

function curves(models: Evaluation["models"], prevalence: number) {
  const shown = shownArms(models).map((i) => models[i]);
  const drawn = (which: "roc" | "precisionRecall") => shown.map((model, series) => ({ series, points: model[which].points }));
  return html`${legend(shown.map(({ name }) => name))}
    <div class="panels">
      <figure>
        ${curvesFigure({
          label: `ROC curves: ${shown.map(({ name, auroc }) => `${name}, AUROC ${fixed(auroc.estimate)}`).join("; ")}`,
          x: { title: "false positive rate", ...SHARE },
          y: { title: "true positive rate", ...SHARE },
          curves: drawn("roc"),
          band: shown[0].roc.band,
          references: [
            [
              [0, 0],
              [1, 1],
            ],
          ],
        })}
        <figcaption><b>Receiver operating characteristic.</b> Dashed: chance.</figcaption>
      </figure>
      <figure>
        ${curvesFigure({
          label: `Precision-recall curves: ${shown.map(({ name, averagePrecision }) => `${name}, average precision ${fixed(averagePrecision.estimate)}`).join("; ")}`,
          x: { title: "recall (sensitivity)", ...SHARE },
          y: { title: "precision (positive predictive value)", ...SHARE },
          curves: drawn("precisionRecall"),
          band: shown[0].precisionRecall.band,
          references: [
            [
              [0, prevalence],
              [1, prevalence],
            ],
          ],
        })}
        <figcaption><b>Precision and recall.</b> Dashed: the share of positives, ${percent(prevalence)}.</figcaption>
      </figure>
    </div>
    <p class="note">Bands: 95 % over groups, of ${shown[0].name}.${omitted(models)}</p>`;
}

const severalClasses = (models: Evaluation["models"], classes: readonly string[]) =>
  table(
    `More than two classes: mean AUROC of each class against the rest. All other results are of ${classes[1]} against ${classes[0]}.`,
    [{ title: "arm" }, { title: "mean one-against-rest AUROC" }],
    models.map(({ name, macroAuroc }) => [name, cell(macroAuroc)]),
  );
