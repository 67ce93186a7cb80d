/** @file What a fitted classifier needs and says, in one record: the metadata of its ONNX file, and what a prediction goes by. */
import { NOTICE, onnxMetadataSchema, type OnnxMetadata } from "../config/onnx.ts";
import type { EncoderConfig } from "../config/encoder.ts";
import { PREPROCESSING } from "./preprocessing.ts";

/** What an inner split chose: temperature, and thresholds on the calibrated probability of the positive class by the rule that chose them. */
export interface ModelCalibration {
  temperature: number;
  thresholds: Readonly<Record<string, number | undefined>>;
}

export interface ModelFacts {
  /** side of the images that it was fitted on, pixels */
  imageSize: number;
  /** in the order of the logits, the positive one last */
  classes: readonly string[];
  /** default null: nothing was chosen */
  calibration?: ModelCalibration | null;
  /** name and key of the task that fitted it, and the run that holds its weights */
  task?: string;
  taskKey?: string;
  runId?: string;
}

/** Rules by name, the default first. */
const MEANINGS: Readonly<Record<string, string>> = {
  youden: "largest sensitivity + specificity - 1 on images of the training folds that were set aside to choose it (Youden 1950)",
  cost: "least expected cost on images of the training folds that were set aside to choose it, at the study's cost of a missed positive",
};

/** @throws ZodError where there are fewer than two classes or the temperature is not positive */
export function describeModel(encoder: EncoderConfig, { imageSize, classes, calibration, ...origin }: ModelFacts): OnnxMetadata {
  const chosen = calibration?.thresholds ?? {};
  const rules = [...new Set([...Object.keys(MEANINGS), ...Object.keys(chosen)])];
  return onnxMetadataSchema.parse({
    format: 1,
    classes: [...classes],
    positiveClass: classes[classes.length - 1],
    imageSize,
    encoder,
    preprocessing: PREPROCESSING,
    temperature: calibration?.temperature ?? 1,
    thresholds: rules.flatMap((rule) => {
      const value = chosen[rule];
      return value === undefined ? [] : [{ rule, value, meaning: MEANINGS[rule] ?? rule }];
    }),
    task: origin.task ?? null,
    taskKey: origin.taskKey ?? null,
    runId: origin.runId ?? null,
    notice: NOTICE,
  } satisfies OnnxMetadata);
}
