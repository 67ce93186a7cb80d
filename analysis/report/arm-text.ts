/** @file What an arm is, in a sentence: where its weights come from, what was fitted, and with how many labels. */
import type { Arm } from "../../src/config/arm.ts";
import type { StudyConfig } from "../../src/config/study.ts";

type Asked = Pick<StudyConfig, "pretrain" | "finetune" | "transductive" | "encoder">;

function weightsText({ initialisation }: Arm, { pretrain, finetune, transductive, encoder }: Asked): string {
  switch (initialisation) {
    case "pretrained":
      return `${encoder.name} pretrained with ${pretrain.method.name} for ${pretrain.epochs} epochs on ${transductive ? "all images" : "the images of the training folds"}, without labels`;
    case "scratch":
      return `${encoder.name} from random weights`;
    case "scratch-long":
      return `${encoder.name} from random weights, trained for as many image passes as pretraining and fine-tuning together`;
    case "imagenet":
      return `${encoder.name} from weights published for ImageNet`;
    case "checkpoint":
      return `${encoder.name} from the checkpoint ${finetune.checkpoint.split(/[/\\]/).at(-1)}, whose pretraining is not known here`;
  }
}

function fittedText({ protocol, initialisation }: Arm, { finetune: { epochs, inner } }: Asked): string {
  switch (protocol) {
    case "finetune":
      if (initialisation === "scratch-long") return "all weights trained";
      return inner.patience > 0 && inner.folds > 0
        ? `all weights trained for at most ${epochs} epochs, as many as the inner split chose`
        : `all weights trained for ${epochs} epochs`;
    case "linear":
      return "weights frozen, penalised logistic regression on the features; the penalty chosen inside the fold";
    case "knn":
      return "weights frozen, classes of the nearest training images; number of neighbours and temperature chosen inside the fold";
  }
}

/** One sentence without its full stop. */
export function armText(arm: Arm, study: Asked): string {
  const labels = arm.labels === 1 ? "" : `; labels of ${Number((100 * arm.labels).toFixed(1))} % of the training groups`;
  return `${weightsText(arm, study)}; ${fittedText(arm, study)}${labels}`;
}
