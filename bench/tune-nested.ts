/**
 * @file What is reported of a search where nothing can be learnt: held-out AUROC of the nested choice and of the best single trial, on noise labels. Markdown.
 * `npm run bench -- tune-nested [--studies 400] [--trials 40]`. A trial is a weighted sum of four noise features, its weights are searched and nothing is
 * trained, so every trial has AUROC 0.5 in truth. 150 images in 5 folds; a fold's inner split sets aside a fifth of its training images.
 */
import { parseArgs } from "node:util";
import { tuneSchema, type Params, type TuneConfig, type TuneInput } from "../src/config/tune.ts";
import { auroc } from "../src/metrics/auroc.ts";
import { mean, sd } from "../src/metrics/moments.ts";
import { chooseByFold } from "../src/run/tune/choose.ts";
import { bestTrial } from "../src/tune/history.ts";
import { search } from "../src/tune/search.ts";
import { range, rngOf, shuffle } from "../src/util/rng.ts";

const [IMAGES, FOLDS, FEATURES] = [150, 5, 4];
const { values: options } = parseArgs({
  options: { studies: { type: "string", default: "400" }, trials: { type: "string", default: "40" } },
});
const [studies, trials] = [Number(options.studies), Number(options.trials)];
const searches: Record<string, Pick<TuneInput, "sampler" | "pruner">> = {
  random: { sampler: { name: "random" } },
  Sobol: { sampler: { name: "sobol" } },
  TPE: { sampler: { name: "tpe" } },
  "TPE, Wilcoxon pruner": { sampler: { name: "tpe" }, pruner: { name: "wilcoxon" } },
};

/** Held-out AUROC, pooled over folds as an evaluation does it. */
async function noiseStudy(seed: number, config: TuneConfig): Promise<{ nested: number; best: number; inner: number }> {
  const rng = rngOf(seed, "tune-nested");
  const labels = shuffle(
    range(IMAGES).map((i) => i % 2),
    rng,
  );
  const features = range(IMAGES).map(() => range(FEATURES).map(() => rng.normal()));
  const scoreOf = (params: Params, image: number) =>
    features[image].reduce((sum, value, f) => sum + value * (params[`w${f}`] as number), 0);
  const area = (images: readonly number[], paramsOf: (image: number) => Params) =>
    auroc(
      images.map((i) => labels[i]),
      images.map((i) => scoreOf(paramsOf(i), i)),
    );
  const foldOf = (image: number) => image % FOLDS;
  const training = (fold: number) => range(IMAGES).filter((image) => foldOf(image) !== fold);
  const aside = range(FOLDS).map((fold) => shuffle(training(fold), rngOf(seed, "aside", fold)).slice(0, IMAGES / FOLDS));
  const history = await search(config, {
    async evaluate({ params }, { report }) {
      const values: number[] = [];
      for (const fold of range(FOLDS)) {
        values.push(area(aside[fold], () => params));
        if ((await report({ fold, value: values[fold], last: fold === FOLDS - 1 })) === "prune") break;
      }
      return mean(values);
    },
    record: () => undefined,
  });
  const chosen = chooseByFold(history, FOLDS, config.direction);
  const best = bestTrial(history, config.direction)!;
  return {
    nested: area(range(IMAGES), (image) => chosen[foldOf(image)].params),
    best: area(range(IMAGES), () => best.params),
    inner: best.value,
  };
}

console.log(`${studies} studies of noise, ${trials} trials each; mean AUROC ± standard error. In truth all are 0.5.\n`);
console.log("| search | nested choice, held out | best single trial, held out | best single trial, inner splits |\n|---|---|---|---|");
for (const [name, how] of Object.entries(searches)) {
  const found = [];
  for (const seed of range(studies)) {
    const space = range(FEATURES).map((f) => ({ kind: "float" as const, path: `w${f}`, low: -1, high: 1 }));
    found.push(await noiseStudy(seed, tuneSchema.parse({ ...how, space, trials, seed })));
  }
  const cell = (values: number[]) => `${mean(values).toFixed(3)} ± ${(sd(values) / Math.sqrt(studies)).toFixed(3)}`;
  console.log(
    `| ${name} | ${cell(found.map(({ nested }) => nested))} | ${cell(found.map(({ best }) => best))} | ${cell(found.map(({ inner }) => inner))} |`,
  );
}
