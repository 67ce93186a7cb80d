/** @file An arm of a study: one way to a classifier that is compared with the others on the same held-out images. */
import { z } from "zod";

export const protocolSchema = z
  .enum(["finetune", "linear", "knn"])
  .describe("finetune: all weights are trained; linear: logistic regression on frozen features; knn: neighbours among frozen features");
export type Protocol = z.infer<typeof protocolSchema>;

export const initialisationSchema = z
  .enum(["pretrained", "scratch", "scratch-long", "imagenet", "checkpoint"])
  .describe(
    "pretrained: by this study inside the training folds; scratch: random; scratch-long: random, trained for as many image passes as pretraining and fine-tuning together; imagenet: as published for efficientnet-lite0; checkpoint: finetune.checkpoint",
  );
export type Initialisation = z.infer<typeof initialisationSchema>;

export const labelShareSchema = z.number().min(0.01).max(1).describe("share of the training groups whose labels are used");

export const armSchema = z.strictObject({ protocol: protocolSchema, initialisation: initialisationSchema, labels: labelShareSchema });
export type Arm = z.infer<typeof armSchema>;

const percentOf = (share: number): string => String(Number((100 * share).toFixed(1)));

/** What an arm is called in metrics, tables and figures: "pretrained", "linear-pretrained", "scratch-25-percent". */
export function armName({ protocol, initialisation, labels }: Arm): string {
  const model = protocol === "finetune" ? initialisation : `${protocol}-${initialisation}`;
  return labels === 1 ? model : `${model}-${percentOf(labels)}-percent`;
}

/** The beginning of the names of an arm's tasks: "finetune/pretrained", "linear/pretrained/labels-25". */
export const armPath = ({ protocol, initialisation, labels }: Arm): string =>
  [protocol, initialisation, ...(labels === 1 ? [] : [`labels-${percentOf(labels)}`])].join("/");

/** Longer training means nothing where nothing but a head is fitted. */
const meaningful = ({ protocol, initialisation }: Arm): boolean => protocol === "finetune" || initialisation !== "scratch-long";

/** Every arm of a study; the first is explained, analysed and asked by the page. */
export function armsOf({
  protocols,
  initialisations,
  labelShares,
}: {
  protocols: readonly Protocol[];
  initialisations: readonly Initialisation[];
  labelShares: readonly number[];
}): Arm[] {
  return labelShares
    .flatMap((labels) => protocols.flatMap((protocol) => initialisations.map((initialisation) => ({ protocol, initialisation, labels }))))
    .filter(meaningful);
}

/** One of several trainings of an arm that differ by chance alone: by the deal of groups to folds, or by the seed. */
export interface Replicate {
  repeat: number;
  seed: number;
}

/** "" for the first, else "/repeat-1/seed-2". */
export const replicatePath = ({ repeat, seed }: Replicate): string =>
  (repeat === 0 ? "" : `/repeat-${repeat}`) + (seed === 0 ? "" : `/seed-${seed}`);
