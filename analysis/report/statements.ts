/** @file What a report says before any number: what the models had seen of the images on which they are judged. */
import { armsOf, type Initialisation } from "../../src/config/arm.ts";
import type { Evaluation } from "../../src/config/evaluation.ts";
import type { StudyConfig } from "../../src/config/study.ts";
import { fixed } from "../../src/util/format-number.ts";

type Asked = Pick<StudyConfig, "finetune" | "data">;

const starts = ({ finetune }: Pick<StudyConfig, "finetune">, initialisation: Initialisation): boolean =>
  armsOf(finetune).some((arm) => arm.initialisation === initialisation);

/** The report's first line. */
export function leakageStatement({ images, groups, folds, repeats, transductive }: Evaluation, { finetune, data }: Asked): string {
  const dealt = repeats > 1 ? `, dealt anew ${repeats} times` : "";
  const unit = `${images} images of ${groups} groups (${whatGroupIs(data)}) in ${folds} folds that never split a group${dealt}.`;
  if (!starts({ finetune }, "pretrained")) return `Held out: every result is on images whose group was not trained on. ${unit}`;
  return transductive
    ? `Transductive: pretraining saw all images, held-out ones included, without labels; fine-tuning did not see the held-out groups. ${unit}`
    : `Held out: every result is on images whose group neither pretraining nor fine-tuning saw. ${unit}`;
}

export function whatGroupIs({ groups, duplicates }: Pick<StudyConfig["data"], "groups" | "duplicates">): string {
  if (groups !== "") return "a group is what the study's table of groups says";
  return duplicates === "near"
    ? "a group is a patient where patients are known, joined with every near-duplicate that was found"
    : "a group is a patient where patients are known; near-duplicates were not looked for, so copies may lie on both sides of a split";
}

/** The leakage statement, what was chosen where, and what is not known of weights from elsewhere. */
export function statements(evaluation: Evaluation, study: Asked & Pick<StudyConfig, "pretrain">): string[] {
  const unlabelled = study.pretrain.unlabelled.length;
  return [
    leakageStatement(evaluation, study),
    chosenInside(study, evaluation),
    ...(evaluation.seeds > 1 ? [`Each fold was trained ${evaluation.seeds} times with other seeds; estimates are means over them.`] : []),
    ...(starts(study, "pretrained") && unlabelled > 0
      ? [
          `Pretraining also saw ${unlabelled} more ${unlabelled === 1 ? "data set" : "data sets"} without labels; images that copy one of this study's were left out of ${unlabelled === 1 ? "it" : "them"}.`,
        ]
      : []),
    ...(starts(study, "checkpoint")
      ? [
          "Arms that start from a checkpoint: what its pretraining saw is not known here. If it saw held-out images, these arms are transductive.",
        ]
      : []),
    ...(starts(study, "imagenet")
      ? [
          "Arms that start from ImageNet: the published weights come from photographs; that none shows a held-out image is their authors' to say.",
        ]
      : []),
  ];
}

/** Where temperature, thresholds and epochs come from: an evaluation that has none of them had no inner split. */
export function chosenInside({ finetune: { inner } }: Pick<StudyConfig, "finetune">, { models }: Pick<Evaluation, "models">): string {
  const chosen = models.filter(({ operating }) => operating.length > 0).length;
  if (inner.folds === 0 || chosen === 0)
    return "No inner split: probabilities are as the networks give them, no threshold was chosen, and settings are the study's.";
  const what = ["temperature", "thresholds", ...(inner.patience > 0 ? ["number of epochs"] : [])];
  const rest =
    chosen < models.length
      ? ` That holds for ${chosen} of ${models.length} arms; the others have no threshold, and probabilities as they come.`
      : "";
  return `Chosen on an inner, grouped part of the training images, never on held-out ones: ${what.slice(0, -1).join(", ")} and ${what.at(-1)}.${rest}`;
}

/** What else a reader must know before any number. */
export function warnings({ shortcuts, models, transductive }: Evaluation): string[] {
  const [first, ...others] = models;
  const better = others.filter(({ auroc, arm }) => auroc.estimate > first.auroc.estimate && arm.labels === first.arm.labels);
  return [
    ...(shortcuts?.warning ? [shortcuts.warning] : []),
    ...(transductive ? ["Transductive results are not what new patients would see."] : []),
    ...(better.length > 0
      ? [
          `The first arm, which is explained below, has an AUROC of ${fixed(first.auroc.estimate)}; ${better.map(({ name, auroc }) => `${name} has ${fixed(auroc.estimate)}`).join(", ")}.`,
        ]
      : []),
  ];
}
