/**
 * @file Augmentation of a batch of 64 images, two views each, by preset and size: images a second, and processor time of an image.
 * `npm run bench -- augment [rounds]`. Every line is measured in a process of its own with one thread, in turns; median and range over rounds.
 */
import { execFileSync } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { makeAugmenter } from "../src/augment/augmenter.ts";
import { augmentPresets, augmentSchema } from "../src/config/augment.ts";
import { startEngine } from "../src/engine/start.ts";
import { tf } from "../src/engine/tf.ts";
import { range, rngOf } from "../src/util/rng.ts";

const BATCH = 64;
const SIDES = [64, 128];
const [WARM_UP, STEPS] = [3, 20];
const settings: Record<string, object> = {
  default: {},
  ...Object.fromEntries(Object.keys(augmentPresets).map((preset) => [preset, { preset }])),
  "default + 4 local views of half the side": { local: { count: 4 } },
};

interface Measured {
  /** images a second; an image counts once, whatever its views */
  rate: number;
  /** processor time of an image in ms, all threads */
  cpu: number;
  /** share of the time that JavaScript takes to draw and to make the batch */
  inputs: number;
}

async function measure(name: string, size: number): Promise<Measured> {
  await startEngine({ threads: 1, engine: "cpu" });
  const rng = rngOf(1, "bench");
  const pixels = Uint8Array.from({ length: 4 * BATCH * size * size }, () => rng.int(256));
  const inside = new Uint8Array(pixels.length).fill(1);
  const drawnOf = (images: ArrayLike<number>) => Uint8Array.from({ length: images.length * size * size }, (_, p) => (p % 97 === 0 ? 1 : 0));
  const augmenter = makeAugmenter(
    augmentSchema.parse(settings[name]),
    { pixels, size, inside, drawnOf },
    { seed: 1, stream: "bench", views: 2 },
  );
  let [making, whole, cpu] = [0, 0, process.cpuUsage()];
  let sum = 0;
  for (let step = 0; step < WARM_UP + STEPS; step++) {
    if (step === WARM_UP) [making, whole, cpu] = [0, 0, process.cpuUsage()];
    const start = performance.now();
    const inputs = augmenter.inputs(
      range(BATCH).map((i) => i + BATCH * (step % 4)),
      step,
    );
    const made = performance.now();
    const views = tf.tidy(() => augmenter.apply(inputs));
    whole += performance.now() - start;
    making += made - start;
    sum += tf.tidy(() => views[0].mean().dataSync()[0]);
    tf.dispose([inputs, views]);
  }
  if (!(sum > 0)) throw new Error(`${name}: the views are empty`);
  const { user, system } = process.cpuUsage(cpu);
  return { rate: (1000 * BATCH * STEPS) / whole, cpu: (user + system) / 1000 / (BATCH * STEPS), inputs: making / whole };
}

function inFreshProcess(name: string, size: number): Measured {
  const output = execFileSync(process.execPath, ["--import", "tsx", fileURLToPath(import.meta.url), "--variant", name, String(size)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return JSON.parse(output) as Measured;
}

function spread(values: readonly number[], digits: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  const median = (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
  return `${median.toFixed(digits)} (${sorted[0].toFixed(digits)}–${sorted.at(-1)!.toFixed(digits)})`;
}

function compare(rounds: number): void {
  console.log(`${cpus()[0].model}, 1 thread, Node ${process.versions.node}; load before the start ${loadavg()[0].toFixed(2)}`);
  console.log(`Batches of ${BATCH} images, two views each, op by op; median (range) of ${rounds} rounds.\n`);
  const lines = SIDES.flatMap((size) => Object.keys(settings).map((name) => ({ name, size })));
  const results = range(rounds).map((round) => {
    const order = round % 2 === 0 ? lines : [...lines].reverse();
    return new Map(order.map((line) => [line, inFreshProcess(line.name, line.size)]));
  });
  console.log("| settings | side | images/s | CPU ms an image | share of drawing and batching |\n|---|---|---|---|---|");
  for (const line of lines) {
    const of = (key: keyof Measured) => results.map((result) => result.get(line)![key]);
    console.log(`| ${line.name} | ${line.size} | ${spread(of("rate"), 0)} | ${spread(of("cpu"), 3)} | ${spread(of("inputs"), 2)} |`);
  }
}

const [option, ...values] = process.argv.slice(2);
if (option === "--variant") console.log(JSON.stringify(await measure(values[0], Number(values[1]))));
else compare(Math.max(1, Number(option ?? 5) || 5));
