/** @file What a run says of its model and of how it was trained. */
import { armsOf } from "../../../src/config/arm.ts";
import type { OptimiserConfig } from "../../../src/config/optimiser.ts";
import type { StudyConfig } from "../../../src/config/study.ts";
import type { ReportFacts } from "../facts.ts";
import { chosenInside } from "../statements.ts";

const optimiserText = ({ name, learningRate, momentum, weightDecay, warmupShare }: OptimiserConfig): string =>
  `${name}, learning rate up to ${learningRate}${name === "adamw" ? "" : `, momentum ${momentum}`}, weight decay ${weightDecay}, linear warm-up over ${Number((100 * warmupShare).toFixed(1))} % of the steps, then half a cosine`;

function lossText({ labelSmoothing, mixUp, maskWeight }: StudyConfig["finetune"]): string {
  return [
    "cross-entropy",
    ...(labelSmoothing > 0 ? [`label smoothing ${labelSmoothing}`] : []),
    ...(mixUp > 0 ? [`mix-up with alpha ${mixUp}`] : []),
    ...(maskWeight > 0 ? [`the lesion's mask as a second task of weight ${maskWeight}, in training only`] : []),
  ].join(", ");
}

/** A run knows its own choices only. */
const EARLIER = "Whether earlier runs on the same images shaped the settings, this run does not know.";

export function trainingAnswers({ study, evaluation }: ReportFacts) {
  const { encoder, data, finetune, pretrain } = study;
  const arms = armsOf(finetune);
  const has = (protocol: string) => arms.some((arm) => arm.protocol === protocol);
  const pretrained = arms.some(({ initialisation }) => initialisation === "pretrained");
  const classes = data.classes.length;
  return {
    model: `${encoder.name}, ${encoder.width} channels in the first stage, output stride ${encoder.outputStride}, global average pooling and a linear head of ${classes} outputs, for ${data.imageSize} × ${data.imageSize} grey frames. sonomark model describe lists every layer.`,
    initialisation: `${[...new Set(arms.map(({ initialisation }) => initialisation))].join(", ")}; each is described under data and leakage. Random ones are drawn from seed ${study.seed}.`,
    training: [
      ...(pretrained
        ? [
            `Pretraining: ${pretrain.method.name}, ${pretrain.epochs} epochs, ${pretrain.batchSize} images a batch, ${optimiserText(pretrain.optimiser)}.`,
          ]
        : []),
      ...(has("finetune")
        ? [
            `Fine-tuning: ${finetune.epochs} epochs, ${finetune.batchSize} images a batch, ${lossText(finetune)}, ${optimiserText(finetune.optimiser)}; the head's rate is ${finetune.headRate} times as high${finetune.layerDecay < 1 ? `, that of each stage ${finetune.layerDecay} of the one above it` : ""}.`,
          ]
        : []),
      ...(has("linear") ? ["Linear: penalised logistic regression on frozen features, solved to its optimum."] : []),
      ...(has("knn") ? ["kNN: weighted classes of the nearest training images by frozen features."] : []),
      "Augmentations and every other setting stand in the configuration.",
    ].join(" "),
    selection: `The last epoch's weights; no held-out image chose anything in this run. ${chosenInside(study, evaluation)} ${EARLIER}`,
    modelBuilding: `Settings are the study's and were the same in every fold${has("linear") || has("knn") ? "; what probes need (penalty, neighbours, temperature) was chosen inside each fold" : ""}. ${chosenInside(study, evaluation)} Internal validation is by cross-validation. ${EARLIER}`,
    imbalance:
      has("finetune") && finetune.classWeights === "balanced"
        ? "In fine-tuning every class has the same share of the loss; the temperature chosen inside is the only later correction."
        : "No method against imbalance was used.",
    output: `The probability of ${data.classes.length === 2 ? data.classes[1] : "each class"}${finetune.inner.folds > 0 ? ", after temperature scaling; thresholds by Youden's index and by cost" : ""}${finetune.inner.folds > 0 && finetune.inner.falseNegativeCost !== 1 ? ` (a miss costs ${finetune.inner.falseNegativeCost} false alarms)` : ""}.`,
  };
}
