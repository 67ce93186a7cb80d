/** @file The studies of the benchmark: one data set and one deal of groups, so that every model is judged on the same held-out images. */
import { parseConfig } from "../../src/config/parse.ts";
import { studySchema, type StudyConfig, type StudyInput } from "../../src/config/study.ts";

export interface BenchmarkStudy {
  /** what its models are called in the table: "SimCLR" */
  title: string;
  study: StudyConfig;
}

type Method = NonNullable<NonNullable<StudyInput["pretrain"]>["method"]>;

/** What is no default: BYOL's average is of a run of some hundred updates, SwAV sees two small crops beside its two views. */
const METHODS: readonly { title: string; method: Method; augment?: NonNullable<StudyInput["pretrain"]>["augment"] }[] = [
  { title: "SimCLR", method: { name: "simclr" } },
  { title: "BYOL", method: { name: "byol", tau: 0.9 } },
  { title: "SwAV", method: { name: "swav" }, augment: { local: { count: 2, size: 0.5 } } },
];

/** As published: what ImageNet's weights are of. */
const LITE0 = { name: "efficientnet-lite0", width: 16, outputStride: 32 } as const;

/**
 * @param options.groups a table that makes every image a group of its own: the random folds that a careless study has
 * @param options.quick few epochs, to see that it runs
 */
export function studiesOf(
  source: string,
  imageSize: 64 | 96,
  { groups, quick }: { groups: string; quick: boolean },
): { models: BenchmarkStudy[]; random: StudyConfig } {
  const of = (name: string, over: Partial<StudyInput>): StudyConfig =>
    parseConfig(
      studySchema,
      {
        name: `busi-benchmark-${imageSize}-${name}`,
        description: `BUSI, benign against malignant, ${imageSize} px: ${name}.`,
        data: { source, imageSize, folds: 5 },
        encoder: { name: "resnet10", width: 32, outputStride: 16 },
        ...over,
        pretrain: { batchSize: 64, ...over.pretrain, epochs: quick ? 1 : 60 },
        finetune: { batchSize: 32, ...over.finetune, epochs: quick ? 1 : 30 },
      },
      `busi-benchmark, ${name}`,
    );
  const pretrained = METHODS.map(({ title, method, augment }, i) => ({
    title,
    study: of(method.name, {
      pretrain: { method, ...(augment ? { augment } : {}) },
      // what does not depend on the method is in the first one's study alone
      finetune: {
        protocols: ["finetune", "linear", "knn"],
        initialisations: i === 0 ? ["pretrained", "scratch", "scratch-long"] : ["pretrained"],
      },
    }),
  }));
  const imagenet = {
    title: "ImageNet",
    study: of("imagenet", {
      encoder: LITE0,
      finetune: { protocols: ["finetune", "linear", "knn"], initialisations: ["imagenet", "scratch"] },
    }),
  };
  const random = of("random-folds", { data: { source, imageSize, folds: 5, groups }, finetune: { initialisations: ["scratch"] } });
  return { models: [...pretrained, imagenet], random };
}
