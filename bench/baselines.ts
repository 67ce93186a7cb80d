/**
 * @file What can be told of the class without a network: every baseline of a study on grouped folds, each feature alone, and how much of the solidity of lesion masks is
 * the hand that drew them. No time is measured. Markdown.
 * `npm run -s bench -- baselines --data busi:<folder> [--classes benign,malignant] [--folds 5] [--seed 0] > docs/results/busi-shape.md`
 */
import { parseArgs } from "node:util";
import { parseConfig } from "../src/config/parse.ts";
import { studySchema } from "../src/config/study.ts";
import { openPictures } from "../src/data/pictures.ts";
import { openStudyManifest } from "../src/data/study-manifest.ts";
import { hullMask } from "../src/image/convex-hull.ts";
import { areaOf, boundingBox } from "../src/image/geometry.ts";
import { auroc } from "../src/metrics/auroc.ts";
import { fixed, withInterval } from "../src/util/format-number.ts";
import { messageOf, UserError } from "../src/util/user-error.ts";
import { evaluateBaselines } from "../finetune/baselines/evaluate-baselines.ts";
import { largestPiece, smoothed, SMOOTHING } from "../finetune/baselines/lesion-piece.ts";
import { measureImages } from "../finetune/baselines/measures.ts";

/** Standard deviations of the Gaussian that smooths, in lesion diameters. */
const SHARES = [0.03, 0.05, 0.1, 0.15];

const { values: options } = parseArgs({
  options: {
    data: { type: "string" },
    classes: { type: "string", default: "benign,malignant" },
    folds: { type: "string", default: "5" },
    seed: { type: "string", default: "0" },
  },
});

try {
  if (options.data === undefined)
    throw new UserError("bench baselines: --data is missing; name a data set with masks, as in --data busi:<folder>");
  const classes = options.classes.split(",");
  const settings = {
    name: "baselines",
    seed: Number(options.seed),
    data: { source: options.data, classes, folds: Number(options.folds) },
    analysis: { bootstraps: 2000 },
  };
  const study = parseConfig(studySchema, settings, "bench baselines");
  const opened = await openStudyManifest(study.data, study.seed);
  const { manifest } = opened;
  const { images } = manifest;
  const baselines = await evaluateBaselines(study, undefined, { opened });

  const { reader } = manifest;
  console.log(`# What tells the classes of ${reader} without a network\n`);
  console.log(
    `\`npm run -s bench -- baselines --data ${reader}:<folder> --classes ${options.classes} --folds ${options.folds} --seed ${options.seed}\`\n`,
  );
  console.log(
    `${classes.at(-1)} against ${classes.slice(0, -1).join(" and ")}: ${images.length} images of ${new Set(images.map(({ group }) => group)).size} groups, ${options.folds} grouped folds. ` +
      `Held-out predictions of a logistic regression whose penalty inner folds chose. AUROC pooled over folds, with the interval of these fitted models, and within folds, with one for fitting anew; ` +
      `95 % intervals, ${study.analysis.bootstraps} group bootstraps.\n`,
  );
  console.log("| baseline | features | images | AUROC, pooled | within folds, for fitting anew | Brier score |\n|---|---|---|---|---|---|");
  for (const { title, features, performance, images: judged } of baselines) {
    const cells = performance
      ? [performance.auroc, performance.procedureAuroc, performance.brier].map((one) => (one ? withInterval(one) : "–"))
      : ["–", "–", "–"];
    console.log(`| ${title} | ${features.length} | ${judged} | ${cells.join(" | ")} |`);
  }
  console.log("\n## Each feature alone\n");
  console.log("How often a positive image has the greater value, no model; below 0.5 positives have lesser values.\n");
  console.log("| baseline | feature | unit | AUROC |\n|---|---|---|---|");
  const coarse = baselines.find(({ name }) => name === "coarse-shape")!.features.map(({ name }) => name);
  for (const { name: baseline, title, features } of baselines)
    for (const { name, unit, auroc: alone } of features)
      if (alone && !(baseline === "full-shape" && coarse.includes(name)))
        console.log(`| ${title} | ${name} | ${unit} | ${withInterval(alone)} |`);

  const measures = await measureImages(manifest);
  const described = images.flatMap((image, i) => (measures[i] ? [{ image, measured: measures[i] }] : []));
  const labels = described.map(({ image }) => Number(image.label === classes.at(-1)));
  const [united, boxes]: [number[], number[]] = [[], []];
  const solidity = SHARES.map((): number[] => []);
  const pictures = await openPictures(manifest);
  for (const { image, measured } of described) {
    const mask = (await pictures.read(image)).mask!;
    const box = boundingBox(mask)!;
    boxes.push(box.height / box.width);
    united.push(areaOf(mask) / areaOf(hullMask(mask)));
    SHARES.forEach((share, s) => {
      const smooth = share === SMOOTHING ? undefined : smoothed(largestPiece(mask)!, share);
      solidity[s].push(smooth ? areaOf(smooth) / areaOf(hullMask(smooth)) : measured.smoothed.solidity);
    });
  }
  await pictures.close();
  const raw = described.map(({ measured }) => measured.outline.solidity);
  const less = (values: readonly number[]) => fixed(1 - auroc(labels, values));
  console.log("\n## How much of solidity is the hand that drew\n");
  console.log(
    "The mask blurred by a Gaussian and cut at one half, its standard deviation in diameters of the fitted ellipse. AUROC of solidity, less in positives.\n",
  );
  console.log(
    `| mask | AUROC |\n|---|---|\n| as drawn, all pieces together | ${less(united)} |\n| as drawn, the largest piece | ${less(raw)} |`,
  );
  SHARES.forEach((share, s) => console.log(`| smoothed by ${share} diameters | ${less(solidity[s])} |`));
  console.log(`\nHeight over width of the mask's box: ${fixed(auroc(labels, boxes))}.`);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(messageOf(error));
  process.exitCode = 1;
}
