/**
 * @file Whether methods find planted structure: training without labels on texture phantoms of four hidden classes, then nearest neighbours of
 * frozen features against the same encoder untrained; and whether a setting that is meant to collapse, and no other, is called collapsed. Markdown.
 * `npm run -s bench -- planted [--methods simclr,byol] [--seeds 3] [--epochs 120]`; what is missed ends with exit code 1.
 * Phantoms, views, batch and settings were chosen by trial on seeds 0 to 2; the bench's own seeds start at 301, and had no part in it.
 * SimSiam misses one of them. On seeds 0 to 7 other settings of it were tried afterwards: twice the learning rate, more epochs, larger batches, wider and
 * narrower heads, stronger weight decay, AdamW and LARS. Each loses the textures on some seed, so none was taken.
 */
import { parseArgs } from "node:util";
import { methodSchema, type PretrainConfig } from "../src/config/pretrain.ts";
import { startEngine } from "../src/engine/start.ts";
import { knnAccuracy } from "../src/testing/frozen-knn.ts";
import { MARGIN, plantedConfig, plantedEncoder, plantedSeed } from "../src/testing/planted.ts";
import { textureClasses, type TexturePhantoms } from "../src/testing/texture-phantoms.ts";
import { range } from "../src/util/rng.ts";
import { UserError } from "../src/util/user-error.ts";
import { trainMethod } from "../pretrain/train-method.ts";
import { watch } from "../pretrain/watch/watch.ts";

const FIRST_SEED = 301;
const known = methodSchema.options.map(({ shape }) => shape.name.value);
const { values: asked } = parseArgs({
  options: {
    methods: { type: "string", default: known.join() },
    seeds: { type: "string", default: "3" },
    epochs: { type: "string", default: "120" },
  },
});
const methods = asked.methods.split(",");
const [seeds, epochs] = [range(Number(asked.seeds)).map((i) => FIRST_SEED + i), Number(asked.epochs)];

/**
 * What is not the default. Without them SimSiam lost textures on one of the seeds that settings were chosen on, and BYOL on seed 201, which printed
 * 0.359 after 0.566: it was then chosen anew on seeds 0 to 2, and the bench's seeds were moved on, so that none has chosen anything.
 */
const others: Record<string, { method?: object; optimiser?: object }> = {
  byol: { method: { projectionNorm: true } },
  simsiam: { optimiser: { learningRate: 0.1 } },
};
/** Made to fail: decay takes weights away faster than the loss brings them back. Found by trial on seeds 0 to 2. */
const collapsing = plantedConfig({ name: "byol", tau: 0 } as { name: string }, {
  epochs: 40,
  optimiser: { learningRate: 0.5, weightDecay: 1 },
});

interface Trained {
  accuracy: number;
  collapsed: boolean;
  /** standard deviation of embeddings over that of an even spread, and their RankMe */
  spread: number;
  rank: number;
  advice: string;
}
type Seed = ReturnType<typeof plantedSeed>;

async function train(config: PretrainConfig, { training, accuracy }: Seed): Promise<Trained> {
  const points = new Map<string, number>();
  const report = { metric: (key: string, value: number) => void points.set(key, value), progress: async () => {} };
  const task = `planted/${config.method.name}`;
  const { batchSize } = config;
  const eye = watch({
    task,
    epochs: config.epochs,
    every: config.epochs,
    stopOnCollapse: false,
    batchSize,
    metric: report.metric,
    note: () => {},
  });
  const flat = await trainMethod(config, plantedEncoder, { ...training, ...eye, task, report });
  const { collapsed, advice } = eye.verdict()!;
  const spread = points.get("watch/embedding_std")! / points.get("watch/embedding_std_even")!;
  return { accuracy: accuracy(flat), collapsed, advice, spread, rank: points.get("watch/rank_me")! };
}

const share = (value: number) => value.toFixed(3);
const signed = (value: number) => (value < 0 ? "−" : "+") + share(Math.abs(value));
const pixelRows = ({ size, pixels, labels }: TexturePhantoms) => ({
  labels,
  rows: range(labels.length).map((i) => pixels.subarray(i * size ** 2, (i + 1) * size ** 2)),
});

const wrong = methods.find((name) => !known.some((one) => one === name));
if (wrong !== undefined) throw new UserError(`--methods names ${wrong}: choose of ${known.join(", ")}`);
await startEngine({ threads: 2 });
const started = performance.now();
const planted = seeds.map((seed) => plantedSeed(seed));
const untrained = planted.map((seed) => seed.untrained());
const raw = planted.map(({ bank, queries }) => knnAccuracy(pixelRows(bank), pixelRows(queries), textureClasses.length));

console.log(`## Planted structure: ${seeds.length} seeds, ${epochs} epochs of 512 phantoms of 32 × 32 pixels, resnet10 width 8\n`);
console.log(
  `Share of 256 held-out phantoms whose class (one of four, chance 0.250) their 10 nearest neighbours name, seeds ${seeds.join(", ")}.`,
);
console.log(
  `Raw pixels: ${raw.map(share).join(", ")}. Kept: better than untrained by ${MARGIN} in every seed, and not called collapsed.\n`,
);
console.log(
  "| method | untrained | trained | difference | smallest | spread | RankMe | called collapsed | verdict |\n|---|---|---|---|---|---|---|---|---|",
);

let missed = 0;
async function line(name: string, config: PretrainConfig, keeps: (runs: Trained[], smallest: number) => boolean): Promise<Trained[]> {
  const runs: Trained[] = [];
  for (const seed of planted) runs.push(await train(config, seed));
  const gains = runs.map(({ accuracy }, i) => accuracy - untrained[i]);
  const smallest = Math.min(...gains);
  const kept = keeps(runs, smallest);
  if (!kept) missed++;
  const cells = [
    untrained.map(share),
    runs.map(({ accuracy }) => share(accuracy)),
    gains.map(signed),
    [`**${signed(smallest)}**`],
    runs.map(({ spread }) => spread.toFixed(2)),
    runs.map(({ rank }) => rank.toFixed(1)),
    [`${runs.filter(({ collapsed }) => collapsed).length} of ${runs.length}`],
  ];
  console.log(`| ${name} | ${cells.map((cell) => cell.join(", ")).join(" | ")} | ${kept ? "kept" : "MISSED"} |`);
  return runs;
}

for (const name of methods)
  await line(
    name,
    plantedConfig({ name, ...others[name]?.method }, { epochs, optimiser: others[name]?.optimiser ?? {} }),
    (runs, smallest) => smallest >= MARGIN && runs.every(({ collapsed }) => !collapsed),
  );
const runs = await line("made to collapse", collapsing, (all) => all.every(({ collapsed }) => collapsed));
console.log(`\nMade to collapse: BYOL with tau 0, learning rate 0.5 and weight decay 1. What is said of it: “${runs[0].advice}”`);
const told = methods.filter((name) => others[name]).map((name) => `${name} ${JSON.stringify(others[name])}`);
console.log(`Settings that are no defaults: ${told.join(", ") || "none"}; views as in src/testing/planted.ts.`);
console.log(`${((performance.now() - started) / 60_000).toFixed(1)} minutes by the clock.`);
process.exitCode = missed > 0 ? 1 : 0;
