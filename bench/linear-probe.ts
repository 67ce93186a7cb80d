/**
 * @file Time of a linear probe by features and classes: 4 penalties on 5 inner folds of 500 images, then the fit on all. One core. Markdown.
 * `npm run bench -- linear-probe [--binary]`. Per line: one probe to warm up, then 5 rounds; median and range of the processor time.
 * `--binary` adds what the same costs by `fitLogistic`, penalty by penalty, where it can be waited for.
 */
import { parseArgs } from "node:util";
import { linearProbe, PENALTY_GRID, type Bank } from "../finetune/probes.ts";
import { fitLogistic } from "../src/metrics/logistic.ts";
import { range, rngOf } from "../src/util/rng.ts";

const { values } = parseArgs({ options: { binary: { type: "boolean", default: false } } });
const [IMAGES, FOLDS, SOURCES] = [500, 5, 64];
const milliseconds = () => process.cpuUsage().user / 1000;

/** Rectified mixtures of a few sources of falling strength, as pooled features are; the class is that of one source with noise. */
function bankOf(d: number, classes: number, seed: number): Bank {
  const rng = rngOf(seed, "bench", d, classes);
  const sources = range(IMAGES).map(() => Float64Array.from(range(SOURCES), (j) => rng.normal() / Math.sqrt(j + 1)));
  const mixing = range(d).map(() => Float64Array.from(range(SOURCES), () => rng.normal()));
  const rows = sources.map((own) =>
    Float64Array.from(mixing, (weights) =>
      Math.max(
        0,
        weights.reduce((sum, weight, j) => sum + weight * own[j], 0.3 * rng.normal()),
      ),
    ),
  );
  const order = range(IMAGES).sort((a, b) => sources[a][3] - sources[b][3]);
  const labels = new Int32Array(IMAGES);
  order.forEach((image, place) => (labels[image] = Math.floor((place * classes) / IMAGES)));
  for (const image of range(IMAGES)) if (rng.next() < 0.2) labels[image] = rng.int(classes);
  return { rows, labels, classes, inner: range(IMAGES).map((image) => image % FOLDS) };
}

/** Four penalties on each inner fold, then one on all, as the probe does. */
function byFitLogistic({ rows, labels, inner }: Bank): void {
  const fit = (images: number[], penalty: number) =>
    fitLogistic(
      range(rows[0].length).map((j) => images.map((i) => rows[i][j])),
      images.map((i) => labels[i]),
      { penalty },
    );
  for (const fold of range(FOLDS))
    for (const { penalty } of PENALTY_GRID)
      fit(
        range(IMAGES).filter((i) => inner![i] !== fold),
        penalty,
      );
  fit(range(IMAGES), 100);
}

function line(name: string, run: (seed: number) => unknown, rounds: number): void {
  run(0);
  const times = range(rounds).map((round) => {
    const start = milliseconds();
    run(round + 1);
    return (milliseconds() - start) / 1000;
  });
  times.sort((a, b) => a - b);
  console.log(`| ${name} | ${times[rounds >> 1].toFixed(2)} | ${times[0].toFixed(2)}–${times[rounds - 1].toFixed(2)} |`);
}

console.log("| probe | s | range |\n|---|---|---|");
for (const [d, classes] of [
  [256, 2],
  [512, 2],
  [1280, 2],
  [256, 3],
  [1280, 3],
]) {
  const banks = range(6).map((seed) => bankOf(d, classes, seed));
  line(`${d} features, ${classes} classes`, (seed) => linearProbe(banks[seed], banks[seed].rows.slice(0, 10)), 5);
  if (values.binary && classes === 2 && d <= 256) line(`${d} features, 2 classes, fitLogistic`, (seed) => byFitLogistic(banks[seed]), 2);
}
