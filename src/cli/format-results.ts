/** @file A study's results as plain text for a terminal: performance out of fold, and the biomarker table. */
import { zoneSchema, type Biomarkers } from "../config/biomarkers.ts";
import type { Evaluation } from "../config/evaluation.ts";
import { factor, fixed, percent, pValue, signed, withInterval } from "../util/format-number.ts";
import { formatTable } from "../util/text-table.ts";

/** Below so many comparisons each is a sentence, from then on a row of a table. */
const SENTENCES = 3;

/** Out-of-fold performance by arm, and what the comparisons say. */
export function formatEvaluation(evaluation: Evaluation): string {
  const { images, groups, folds, classes, transductive, models, comparisons, shortcuts, baselines } = evaluation;
  const rows = models.map((model) => [
    model.name,
    withInterval(model.auroc),
    withInterval(model.procedureAuroc),
    withInterval(model.averagePrecision),
    withInterval(model.brier),
    model.foldAuroc.map((value) => (value === null ? "–" : fixed(value, 2))).join(" "),
  ]);
  return [
    `Held-out performance, ${classes.join(" against ")}: ${images} images of ${groups} groups, ${folds} folds${trainingsOf(evaluation)}, 95 % intervals by group bootstrap`,
    "Within folds: pairs that one model scored; the interval is for training anew on other patients, and wider.",
    ...(transductive ? ["Transductive: pretraining saw the held-out images (without labels)."] : []),
    "",
    formatTable(["model", "AUROC", "within folds", "average precision", "Brier", "AUROC by fold"], rows),
    ...(comparisons.length > SENTENCES ? ["", comparisonTable(comparisons)] : comparisons.flatMap(({ sentence }) => ["", sentence])),
    ...(baselines.length > 0 ? ["", baselineTable(baselines)] : []),
    ...(shortcuts?.warning ? ["", shortcuts.warning] : []),
  ].join("\n");
}

function trainingsOf({ repeats, seeds }: Evaluation): string {
  return (repeats > 1 ? ` dealt ${repeats} times` : "") + (seeds > 1 ? `, means over ${seeds} trainings of each` : "");
}

const baselineTable = (baselines: Evaluation["baselines"]): string =>
  formatTable(
    ["without a network", "images", "AUROC", "first model minus it", "p (Holm)"],
    baselines.map(({ title, images, performance, against }) => [
      title,
      String(images),
      performance ? withInterval(performance.auroc) : "–",
      against ? withInterval(against.delta, (value) => signed(value, 3)) : "–",
      against ? pValue(against.pHolm) : "–",
    ]),
  );

const comparisonTable = (comparisons: Evaluation["comparisons"]): string =>
  formatTable(
    [`AUROC of ${comparisons[0].a} minus`, "difference", "p", "p (Holm)"],
    comparisons.map(({ b, delta, p, pHolm }) => [b, withInterval(delta, (value) => signed(value, 3)), pValue(p), pValue(pHolm)]),
  );

/** Where the saliency lies by class, with effect, p and verdict, and what spatial statistics say. */
export function formatBiomarkers(biomarkers: Biomarkers): string {
  const { classes, groupsNegative, groupsPositive, permutations, rule, table, spatial } = biomarkers;
  const [negative, positive] = classes as [string, string];
  const rows = table.map((row) => {
    const [low, high] =
      row.measure === "share"
        ? [percent(row.shareNegative), percent(row.sharePositive)]
        : [factor(row.densityNegative), factor(row.densityPositive)];
    return [row.method, row.zone, row.measure, low, high, withInterval(row.effect, signed), pValue(row.p), pValue(row.pHolm), row.verdict];
  });
  const moran = spatial.map((s) => [
    s.method,
    `${s.rows} × ${s.columns}`,
    fixed(s.meanMoran, 2),
    percent(s.shareAutocorrelated),
    fixed(s.hotSpotsNegative, 2),
    fixed(s.hotSpotsPositive, 2),
    zoneSchema.options.map((zone) => `${zone} ${percent(s.hotSpotZones[zone], 0)}`).join(", "),
  ]);
  return [
    `Where the saliency lies: ${groupsNegative} ${negative} and ${groupsPositive} ${positive} groups, ${permutations} permutations over groups`,
    "share = part of the map's absolute mass in the zone; density = share over the zone's part of the area (1 = no preference)",
    "",
    formatTable(["method", "zone", "measure", negative, positive, "Cliff's delta [95 %]", "p", "p (Holm)", "verdict"], rows),
    "",
    rule,
    "",
    formatTable(
      ["method", "grid", "Moran's I", "autocorrelated", `hot spots ${negative}`, `hot spots ${positive}`, "hot spots lie in"],
      moran,
    ),
  ].join("\n");
}
