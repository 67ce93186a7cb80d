/** @file The benchmark's tables, in Markdown. */
import { armName } from "../../src/config/arm.ts";
import type { Evaluation, ModelComparison, ModelEvaluation } from "../../src/config/evaluation.ts";
import { holm } from "../../src/metrics/holm.ts";
import { fixed, pValue, signed, withInterval } from "../../src/util/format-number.ts";

export interface BenchmarkModel {
  /** "SimCLR, fine-tuned" */
  title: string;
  evaluation: ModelEvaluation;
  /** this model minus scratch, and minus scratch trained as long; null for scratch itself, and for other encoders */
  againstScratch: ModelComparison | null;
  againstLong: ModelComparison | null;
}

export interface SizeResult {
  imageSize: number;
  models: BenchmarkModel[];
  /** of the study that has them */
  baselines: Evaluation["baselines"];
  images: number;
  groups: number;
  /** scratch under folds that split groups */
  random: ModelEvaluation;
  scratch: ModelEvaluation;
}

const PROTOCOLS = { finetune: "fine-tuned", linear: "linear probe", knn: "nearest neighbours" } as const;
const STARTS = { scratch: "from scratch", "scratch-long": "from scratch, as long as pretraining and fine-tuning" } as Record<
  string,
  string
>;

/** What a row is called. @param of the study that the arm belongs to */
export function titleOf(of: string, { arm }: Pick<ModelEvaluation, "arm">, encoder: string): string {
  const start = STARTS[arm.initialisation];
  if (start === undefined) return `${of}, ${PROTOCOLS[arm.protocol]}`;
  return `${encoder} ${start}${arm.protocol === "finetune" ? "" : `, ${PROTOCOLS[arm.protocol]}`}`;
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

const difference = (comparison: ModelComparison | null): string =>
  comparison ? `${withInterval(comparison.delta, (value) => signed(value, 3))}, p ${pValue(comparison.p)}` : "–";

export function sizeSection({ imageSize, models, baselines, images, groups, random, scratch }: SizeResult): string {
  const compared = models.flatMap(({ title, againstScratch }) => (againstScratch ? [{ title, ...againstScratch }] : []));
  const adjusted = holm(compared.map(({ p }) => p));
  const told = compared.flatMap(({ title, delta }, i) =>
    adjusted[i] <= 0.05 ? [`${title} (${signed(delta.estimate, 3)}, p ${pValue(adjusted[i])})`] : [],
  );
  return [
    `## ${imageSize} px: ${images} images of ${groups} groups, 5 grouped folds`,
    table(
      [
        "model",
        "AUROC",
        "within folds, for training anew",
        "average precision",
        "sensitivity at 90 % specificity",
        "Brier",
        "minus scratch",
        "minus scratch as long",
      ],
      models.map(({ title, evaluation: model, againstScratch, againstLong }) => [
        title,
        withInterval(model.auroc),
        withInterval(model.procedureAuroc),
        withInterval(model.averagePrecision),
        withInterval(model.sensitivityAt[0].sensitivity, (value) => fixed(value, 2)),
        withInterval(model.brier),
        difference(againstScratch),
        difference(againstLong),
      ]),
    ),
    `Different from scratch after Holm over the ${compared.length} rows that have its encoder: ${told.join("; ") || "none"}.`,
    table(
      ["without a network", "images", "AUROC", "what to know"],
      baselines.map(({ title, images: n, performance, note }) => [
        title,
        String(n),
        performance ? withInterval(performance.auroc) : "–",
        note,
      ]),
    ),
    `Leakage: ${armName(scratch.arm)} under random folds, that part near-duplicates and lesions, ${withInterval(random.auroc)}; under grouped folds ` +
      `${withInterval(scratch.auroc)}: the leak is worth ${signed(random.auroc.estimate - scratch.auroc.estimate, 3)}.`,
  ].join("\n\n");
}
