/** @file What a run says of the questions that reporting guidelines ask: one answer a question, for whichever guideline asks it. */
import { armsOf } from "../../../src/config/arm.ts";
import { binaryClasses } from "../../../src/config/data.ts";
import { fixed, percent, withInterval } from "../../../src/util/format-number.ts";
import { armText } from "../arm-text.ts";
import type { ReportFacts } from "../facts.ts";
import { limits } from "../prose.ts";
import { chosenInside, leakageStatement, whatGroupIs } from "../statements.ts";
import { trainingAnswers } from "./training-answers.ts";

const list = (names: readonly string[]): string => names.join(", ");
/** More names than that are counted. */
const NAMED = 6;
const named = (names: readonly string[]): string =>
  names.length > NAMED ? `${list(names.slice(0, NAMED))} and ${names.length - NAMED} more` : list(names);
const plural = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

/** Null: this run says nothing of it. */
export function answersOf(facts: ReportFacts) {
  const { study, evaluation, biomarkers, source, software } = facts;
  const { images, groups, positives, folds, repeats, seeds, models, comparisons, shortcuts, baselines } = evaluation;
  const { data, analysis } = study;
  const views = study.finetune.testTimeViews;
  const [negative, positive] = binaryClasses(data.classes);
  const [first] = models;
  const arms = armsOf(study.finetune).map((arm) => armText(arm, study));
  const divisions = [...new Set(models.flatMap(({ strata }) => strata.map(({ by }) => by)))];
  const counted = `${images} images of ${plural(groups, "group")}: ${positives} ${positive}, ${images - positives} ${negative}`;
  return {
    kind: `A neural network (${study.encoder.name}) that reads B-mode ultrasound frames, developed and evaluated by cross-validation; it predicts ${positive} against ${negative}.`,
    abstract: "Numbers for an abstract stand in the summary of this report, each with its interval.",
    objectives: study.description === "" ? null : `As the study describes itself: ${study.description}`,
    goal: `Model development with internal evaluation: ${plural(models.length, "arm")} compared on the same held-out images (${named(models.map(({ name }) => name))}).`,
    design: "Retrospective: the images and their labels existed before the models.",
    source: source && `Reader ${source.reader}${source.citation === "" ? "" : `; ${source.citation}`}. ${counted}.`,
    dataSharing: source && `Licence of the data: ${source.licence}. Digest of images and labels as used: ${software.data.slice(0, 12)}.`,
    eligibility: `Images whose ${data.target} is ${list(data.classes)}; images of other classes and of groups that hold several of them were left out.`,
    preprocessing: `Grey frames of ${data.imageSize} × ${data.imageSize} pixels, aspect ratio kept, the rest padded; no crop to the lesion, and the lesion mask is no input. Training views are augmented at random, held-out images are not${views > 1 ? `, but scored as the mean over ${views} fixed views` : ""}.`,
    subsets:
      study.finetune.labelShares.length > 1 || study.finetune.labelShares[0] < 1
        ? `Labels of ${list(study.finetune.labelShares.map((share) => percent(share, 0)))} of the training groups, drawn by class and seed; a smaller share is part of a larger one.`
        : "None: all usable images and all their labels.",
    privacy: "This report and the data record hold counts and hashes, no group and no patient; images are those of the data set.",
    missing:
      "Images without a label were left out of fine-tuning and evaluation, images without a lesion mask out of zone statistics, and images without a known value out of that division. Nothing was imputed.",
    reference: `The data set's ${data.target}: ${list(data.classes)}.`,
    partitions: `${leakageStatement(evaluation, study)} Split: ${splitText(facts)}. ${chosenInside(study, evaluation)}`,
    level: `The group: ${whatGroupIs(data)}. No group lies in two folds, or on both sides of an inner split.`,
    sampleSize: `All usable images; none was planned for. With ${plural(groups, "group")} the AUROC of ${first.name} is known to ${withInterval(first.auroc)}.`,
    ...trainingAnswers(facts),
    arms: `${arms.join(". ")}.`,
    software: `sonomark ${software.sonomark}${software.commit === null ? "" : `, commit ${software.commit.slice(0, 12)}`} (code ${software.code.slice(0, 12)}); ${software.engine}.`,
    ensemble:
      seeds * repeats > 1
        ? `Estimates are means over ${seeds * repeats} trainings of each fold, not of an ensemble; the AUROC of their mean probability stands beside them.`
        : "None: each image is judged by the one model that did not train on it.",
    metrics:
      "Discrimination: AUROC, average precision, sensitivity at fixed specificity and the reverse. Calibration: Brier score, log loss, expected calibration error in bins of equal mass, calibration slope and intercept, reliability curve. Utility: decision curve. Classification: sensitivity, specificity and predictive values at thresholds chosen inside, confusion matrix.",
    uncertainty: `95 % percentile intervals of ${analysis.bootstraps} bootstraps over groups; for the AUROC also ${seeds * repeats > 1 ? "" : "DeLong's, and "}one widened for what folds share (Nadeau & Bengio). Arms are compared paired on the same images, by ${analysis.permutations} exchanges within groups, with Holm's correction over ${plural(comparisons.length, "comparison")}.`,
    robustness: [
      divisions.length > 0 ? `AUROC within parts of the data: ${list(divisions)}` : "No attribute divides these data",
      ...(repeats > 1 ? [`${repeats} deals of the groups`] : []),
      ...(seeds > 1 ? [`${seeds} seeds`] : []),
      ...(study.finetune.labelShares.length > 1 ? ["fewer labels"] : []),
      ...(baselines.length > 0 ? [`baselines: ${list(baselines.map(({ title }) => title))}`] : []),
    ]
      .join("; ")
      .concat("."),
    shortcuts:
      shortcuts &&
      `Metadata alone reach an AUROC of ${fixed(shortcuts.joint.auroc)}. ${shortcuts.warning || "Nothing there stands above chance."}`,
    explanation:
      biomarkers &&
      `${list(biomarkers.spatial.map(({ method }) => method))} on held-out images, tested by zone over groups. That the prediction hangs on what maps show was not checked by occluding it.`,
    internal: `Every image once${repeats > 1 ? " in each deal" : ""}, by the model of the fold that holds it out (${folds} folds).`,
    external:
      data.split.name === "site"
        ? "Each site was held out once (internal-external validation); no other data set was tested."
        : "None in this run: all held-out images come from the data set that also trained.",
    flow: `${counted}; in training and in evaluation alike, for folds exchange roles. What was left out before is told by sonomark data check.`,
    characteristics: divisions.length > 0 ? `By ${list(divisions)}: images, groups and positives stand in the table of strata.` : null,
    performance: models
      .map(({ name, auroc, brier }) => `${name}: AUROC ${withInterval(auroc)}, Brier score ${withInterval(brier)}.`)
      .join(" "),
    estimates:
      first.operating.length === 0
        ? `At a specificity of ${percent(first.sensitivityAt[0]?.specificity ?? NaN, 0)} the sensitivity of ${first.name} is ${first.sensitivityAt[0] ? withInterval(first.sensitivityAt[0].sensitivity) : "–"}; no threshold was chosen.`
        : first.operating
            .map(
              ({ rule, sensitivity, specificity }) =>
                `${first.name} at the ${rule} threshold: sensitivity ${withInterval(sensitivity)}, specificity ${withInterval(specificity)}.`,
            )
            .join(" "),
    failures:
      "The held-out images with the largest loss are listed and, where the study was analysed, shown with map and lesion; the confusion matrix counts all.",
    limitations: limits(biomarkers !== null).join(" "),
    heterogeneity: `AUROC by fold: ${first.foldAuroc.map((value) => (value === null ? "–" : fixed(value, 2))).join(", ")} (${first.name})${divisions.length > 0 ? `; by ${list(divisions)}: table of strata` : ""}.`,
    comparison: comparisons.length > 0 ? comparisons.map(({ sentence }) => sentence).join(" ") : null,
    protocol:
      "The whole configuration is at the end of this report; the run keeps it (study.json), the tasks with their keys (plan.json) and the folds (folds.csv).",
    modelSharing:
      "Weights, preprocessing and calibration of every fold lie in the run's tasks, and predict new images by sonomark predict.",
    codeSharing: `The code of this run has the hash ${software.code.slice(0, 12)}${software.commit === null ? "" : ` and was commit ${software.commit.slice(0, 12)}`}.`,
    events: `${counted}. Each arm trains on about ${percent((folds - 1) / folds, 0)} of them a fold and is evaluated on all.`,
    inputs: "The image alone: grey levels of the whole frame. No age, history or finding is an input.",
    noUpdate: "None in this run.",
    quality: "Files that cannot be decoded are refused with a sentence that names them; poor images are not recognised as such.",
    fairness: null,
  };
}

function splitText({ study: { data, seed } }: ReportFacts): string {
  switch (data.split.name) {
    case "grouped":
      return `groups dealt to ${data.folds} folds by class and seed ${seed}`;
    case "official":
      return `the parts of "${data.split.of}", which the data set's authors published`;
    case "site":
      return "each site is a fold of its own";
    case "file":
      return "folds read from a table";
  }
}

export type Answers = ReturnType<typeof answersOf>;
