/** @file An external test as plain text for a terminal: beside the internal result, at its thresholds, and what has shifted. */
import type { Evaluation } from "../config/evaluation.ts";
import type { External } from "../config/external.ts";
import { NOTICE } from "../config/onnx.ts";
import type { Shift } from "../config/shift.ts";
import { fixed, percent, pValue, signed, withInterval } from "../util/format-number.ts";
import { formatTable } from "../util/text-table.ts";

export interface ExternalResults {
  evaluation: Evaluation;
  external: External;
  shift: Shift;
}

const signedThree = (value: number): string => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
const orDash = <T>(value: T | null, text: (value: T) => string): string => (value === null ? "–" : text(value));

export function formatExternal(
  { evaluation, external, shift }: ExternalResults,
  { runId, store, folder }: { runId: string; store: string; folder?: string | undefined },
): string {
  const { model, data, leakage, calibration, rows, notes } = external;
  return [
    `External test: models of the study ${model.study} (trained on ${model.reader}) on ${data.reader}, ${evaluation.classes.join(" against ")}: ${data.images} images of ${data.groups} groups, 95 % intervals by group bootstrap`,
    leakage.sentence,
    ...notes,
    formatTable(
      ["model", "internal AUROC", "external, single models", "difference", "external, ensemble"],
      rows.map((row) => [
        row.name,
        orDash(row.internal, withInterval),
        withInterval(row.single),
        orDash(row.deltaSingle, (delta) => withInterval(delta, signedThree)),
        withInterval(row.ensemble),
      ]),
    ),
    ...rows.map(({ sentence }) => sentence),
    ...evaluation.comparisons.map(({ sentence }) => sentence),
    formatTable(
      ["model (ensemble)", "average precision", "Brier", "calibration error", "calibration slope", "AUROC by fold's model"],
      evaluation.models.map((one) => [
        one.name,
        withInterval(one.averagePrecision),
        withInterval(one.brier),
        withInterval(one.calibrationError),
        orDash(one.calibrationLine, ({ slope }) => withInterval(slope)),
        one.foldAuroc.map((value) => orDash(value, (area) => fixed(area, 2))).join(" "),
      ]),
    ),
    calibration,
    ...operatingPoints(evaluation),
    ...(evaluation.shortcuts?.warning ? [evaluation.shortcuts.warning] : []),
    ...shiftText(shift),
    [`run     ${runId}  (external/${data.reader})`, `store   ${store}`, ...(folder === undefined ? [] : [`copied  ${folder}`])].join("\n"),
    NOTICE,
  ].join("\n\n");
}

function operatingPoints({ models }: Evaluation): string[] {
  const rows = models.flatMap((model) =>
    model.operating.map(({ rule, thresholds, sensitivity, specificity, ppv, npv }) => [
      ...[model.name, rule, fixed(thresholds[0]), withInterval(sensitivity), withInterval(specificity)],
      ...[orDash(ppv, withInterval), orDash(npv, withInterval)],
    ]),
  );
  return rows.length === 0
    ? []
    : [
        formatTable(
          [
            "model",
            "rule of training",
            "threshold",
            "sensitivity",
            "specificity",
            "positive predictive value",
            "negative predictive value",
          ],
          rows,
        ),
      ];
}

function shiftText({ facts, prevalence, scores, labelShift, recalibration, domain }: Shift): string[] {
  const { study, external } = prevalence.found;
  return [
    `What has shifted\n\nPositives: ${orDash(study, percent)} of the study's images, ${withInterval(external, percent)} here. ${prevalence.meaning}`,
    ...(facts
      ? [
          formatTable(
            ["images", "study", "here", "difference in SD"],
            facts.found.map(({ name, meanStudy, meanExternal, difference }) => [
              ...[name, fixed(meanStudy, 2), fixed(meanExternal, 2)],
              orDash(difference, (value) => withInterval(value, signed)),
            ]),
          ),
          facts.meaning,
        ]
      : ["The study's images were not there: sizes, grey levels and features are not compared."]),
    ...(domain
      ? [
          `Told apart by the features of ${domain.found.model}: AUROC ${withInterval(domain.found.auroc)}, p ${pValue(domain.found.p)} (${domain.found.imagesStudy} images of the study, ${domain.found.imagesExternal} here). ${domain.meaning}`,
        ]
      : []),
    ...(scores && scores.found.length > 0
      ? [
          formatTable(
            ["model", "probabilities of", "mean, study", "mean, here", "ks", "wasserstein", "p"],
            scores.found.map((one) => [
              ...[one.model, one.of, fixed(one.meanStudy), fixed(one.meanExternal)],
              ...[fixed(one.ks), fixed(one.wasserstein), pValue(one.p)],
            ]),
          ),
          scores.meaning,
        ]
      : []),
    ...(labelShift && labelShift.found.length > 0
      ? [
          `${labelShift.found.map((one) => `Share of positives that the scores of ${one.model} speak for: ${withInterval(one.estimated, percent)}; in truth ${percent(one.external)}.`).join(" ")} ${labelShift.meaning}`,
        ]
      : []),
    ...(recalibration.found.length > 0
      ? [
          formatTable(
            ["model", "intercept", "slope", "log loss", "recalibrated", "gain", "Brier", "recalibrated", "gain"],
            recalibration.found.map(({ model, intercept, slope, logLoss, brier }) => [
              ...[model, signed(intercept), fixed(slope, 2)],
              ...[logLoss, brier].flatMap(({ asIs, recalibrated, gain }) => [
                fixed(asIs),
                fixed(recalibrated),
                withInterval(gain, signedThree),
              ]),
            ]),
          ),
          recalibration.meaning,
        ]
      : []),
  ];
}
