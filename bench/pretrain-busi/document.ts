/** @file The measurements as a Markdown document. Every number in it comes from the run that it tells of. */
import type { StudyConfig } from "../../src/config/study.ts";
import { fixed, pValue, withInterval } from "../../src/util/format-number.ts";
import { range } from "../../src/util/rng.ts";
import { KNN_GRID, PENALTY_GRID } from "../../finetune/probes.ts";
import { MEASURES, UNTRAINED } from "./names.ts";
import { counts, type Choice, type Summary } from "./summary.ts";

export interface DocumentInput {
  study: StudyConfig;
  methods: readonly string[];
  /** names of the settings of each method */
  settings: ReadonlyMap<string, readonly string[]>;
  seeds: number;
  /** how many outer folds were held out, of those of the study */
  tested: number;
  inner: number;
  /** epochs of a pretraining that chooses */
  shortly: number;
  choices: readonly Choice[];
  summary: Summary;
  /** how many images the data set has */
  images: number;
  licence: string;
  /** more images that pretraining saw */
  unlabelled: readonly { reader: string; images: number; licence: string }[];
  /** on what it ran */
  machine: string;
  quick: boolean;
}

/** At this adjusted p a difference is told as one. */
const LEVEL = 0.05;

const NAMES: Record<string, string> = { simclr: "SimCLR", byol: "BYOL", swav: "SwAV", untrained: UNTRAINED };
const nameOf = (initialisation: string): string => NAMES[initialisation] ?? initialisation;

const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, header.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
const span = ([least, most]: readonly [number, number]): string => (least === most ? String(least) : `${least}–${most}`);
const list = (words: readonly string[]): string =>
  words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
const signed = (value: number): string => `${value < 0 ? "−" : "+"}${fixed(Math.abs(value))}`;

/** The whole document. */
export function documentOf(input: DocumentInput): string {
  const heads = MEASURES.map(([, title]) => title);
  const { summary } = input;
  const first = `# What pretraining is worth on ${input.study.data.source.split(":")[0].toUpperCase()}`;
  const quick = input.quick ? ["**A quick run, to see that the command works: its numbers say nothing.**"] : [];
  return [
    first,
    ...quick,
    whatWasDone(input),
    "## Held-out AUROC",
    `Mean over ${seedsText(input.seeds)} of the AUROC of scores pooled over the folds, with 95 % intervals by bootstrap over groups, each resampled in all seeds together.`,
    table(
      ["encoder", ...heads],
      summary.rows.map(({ initialisation, cells }) => [nameOf(initialisation), ...cells.map((cell) => withInterval(cell))]),
    ),
    "The same, as the mean of the AUROCs of each fold by itself, which does not ask that scores of two folds are on one scale:",
    table(
      ["encoder", ...heads],
      summary.rows.map(({ initialisation, cells }) => [nameOf(initialisation), ...cells.map(({ byFold }) => fixed(byFold))]),
    ),
    `## Difference from ${UNTRAINED}`,
    `AUROC minus that of the untrained encoder, paired by image and seed; p two-sided by swapping the two encoders' ranks within groups, in brackets after Holm's correction over the ${summary.differences.length * MEASURES.length} cells.`,
    table(
      ["encoder", ...heads],
      summary.differences.map(({ initialisation, cells }) => [
        nameOf(initialisation),
        ...cells.map(({ delta, p, adjusted }) => `${withInterval(delta, signed)}, p ${pValue(p)} (${pValue(adjusted)})`),
      ]),
    ),
    sentences(summary)
      .map((sentence) => `- ${sentence}`)
      .join("\n"),
    "## What the inner splits chose",
    chosenText(input),
  ].join("\n\n");
}

const seedsText = (seeds: number): string => (seeds === 1 ? "1 seed" : `${seeds} seeds`);

function whatWasDone({
  study,
  methods,
  seeds,
  tested,
  inner,
  shortly,
  summary,
  unlabelled,
  machine,
  licence,
  images,
}: DocumentInput): string {
  const { data, encoder, pretrain, finetune } = study;
  const folds = tested === data.folds ? `${data.folds} grouped folds` : `${tested} of ${data.folds} grouped folds`;
  const more = unlabelled.map((pool) => `${pool.images} unlabelled images of \`${pool.reader}\` (${pool.licence})`);
  const command = [
    "npm run -s bench -- pretrain-busi",
    `--data ${data.source.split(":")[0]}:<folder>`,
    ...unlabelled.map(({ reader }) => `--unlabelled ${reader}:<folder>`),
  ];
  return [
    `\`${[...command, `--methods ${methods.join()}`, `--seeds ${seeds}`, `--epochs ${pretrain.epochs}`].join(" ")}\``,
    `- **Images:** ${summary.images} held out once, of ${images} (${list(data.classes)}), in ${summary.groups} groups; near-duplicates are one group (\`duplicates: ${data.duplicates}\`). Licence: ${licence}.`,
    `- **Folds:** ${folds}, the same for every encoder and seed; ${seedsText(seeds)} of everything else.`,
    `- **Pretraining:** ${list(methods.map(nameOf))}, ${pretrain.epochs} epochs in batches of ${pretrain.batchSize}, on the images that the fold trains on${more.length > 0 ? ` and ${list(more)}` : " and nothing else"}, at ${data.imageSize} pixels; ${encoder.name}, width ${encoder.width}, output stride ${encoder.outputStride}.`,
    `- **${UNTRAINED}:** the weights that the pretraining of the same seed and fold starts from. Every encoder's norms are measured on the training images of the fold before features are read.`,
    `- **kNN and linear probe:** on frozen pooled features of the training images; k of ${list([...new Set(KNN_GRID.map(({ k }) => String(k)))])} with temperature of ${list([...new Set(KNN_GRID.map(({ temperature }) => String(temperature)))])}, and penalty of ${list(PENALTY_GRID.map(({ penalty }) => String(penalty)))}, chosen by ${inner} inner grouped folds of the training images.`,
    `- **Fine-tuning:** encoder and head, learning rate ${finetune.optimiser.learningRate} (head ${finetune.headRate} times that), the same for every encoder, whose batches, views and labelled groups are the same too. Labelled groups are drawn within the classes; the smaller part is part of the larger. The last epoch counts:`,
    table(
      ["labels", "groups", "images", "batch", "epochs", "updates"],
      summary.finetune.map(({ share, groups, images: seen, batchSize, epochs, updates }) => [
        `${Math.round(100 * share)} %`,
        ...[span(groups), span(seen), String(batchSize), span(epochs), span(updates)],
      ]),
    ),
    `- **Settings** of each method were chosen for each fold among the few below: each was pretrained for ${shortly} epochs on two thirds of the groups that the fold trains on, and judged by neighbours on the other third. Held-out images had no part in it.`,
    `- **Machine:** ${machine}.`,
  ].join("\n\n");
}

/** What beats the untrained encoder and what does not, each difference in one of three lists. */
export function sentences({ differences }: Pick<Summary, "differences">): string[] {
  return differences.map(({ initialisation, cells }) => {
    const where = (holds: (cell: (typeof cells)[number]) => boolean): string[] =>
      MEASURES.flatMap(([, title], c) => (holds(cells[c]) ? [title] : []));
    const parts: [said: string, measures: string[]][] = [
      ["ranks better in", where(({ delta, adjusted }) => adjusted <= LEVEL && delta.estimate > 0)],
      ["ranks worse in", where(({ delta, adjusted }) => adjusted <= LEVEL && delta.estimate < 0)],
      ["the data do not tell them apart in", where(({ adjusted, delta }) => !(adjusted <= LEVEL) || delta.estimate === 0)],
    ];
    const said = parts.filter(([, measures]) => measures.length > 0).map(([words, measures]) => `${words} ${list(measures)}`);
    return `${nameOf(initialisation)} against ${UNTRAINED}: ${said.join("; ")}.`;
  });
}

function chosenText({ methods, settings, choices, summary }: DocumentInput): string {
  const parts = methods.map((method) => {
    const names = settings.get(method)!;
    const own = choices.filter((choice) => choice.method === method);
    const often = counts(own.map(({ chosen }) => names[chosen]));
    return table(
      [`${nameOf(method)}: views, learning rate`, "chosen in", ...own.map(({ fold }) => `fold ${fold}`)],
      range(names.length).map((s) => [
        names[s],
        `${often.get(names[s]) ?? 0} of ${own.length}`,
        ...own.map(({ scores, chosen }) => (chosen === s ? `**${fixed(scores[s])}**` : fixed(scores[s]))),
      ]),
    );
  });
  const told = (found: ReadonlyMap<string, number>): string => [...found].map(([name, times]) => `${name} (${times} times)`).join("; ");
  return [
    "AUROC of neighbours on the inner split, by outer fold; the chosen setting is bold.",
    ...parts,
    `Neighbours: ${told(summary.chosen.knn)}.`,
    `Penalty of the linear probe: ${told(summary.chosen.penalty)}.`,
  ].join("\n\n");
}
