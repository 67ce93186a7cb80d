/**
 * @file The frame cache: images decoded and resized a second with an empty cache, frames a second from a full one (BUSI, where it is there), and
 * memory and speed of reading 50,000 frames of 128 × 128 in shuffled batches. Markdown.
 * `npm run -s bench -- frames [rounds] > docs/results/frames.md`. Every line is measured in fresh processes, one a round: median and range over rounds.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadFrames, openFrames } from "../src/data/frames/load.ts";
import { openStore, type FrameSource } from "../src/data/frames/store.ts";
import { loadManifest } from "../src/data/load.ts";
import type { Manifest } from "../src/data/manifest.ts";
import { realData } from "../src/testing/real-data.ts";
import { range, rngOf, shuffle } from "../src/util/rng.ts";

const BUSI = "busi/Dataset_BUSI_with_GT";
const LARGE = { frames: 50_000, size: 128 };
/** Acceptance: images a second at 128 px, frames a second at 64 px, bytes resident. */
const LIMITS = { cold: 250, warm: 20_000, memory: 1e9 };

interface Measured {
  /** images, frames or batches a second */
  rate: number;
  /** processor time of each in ms, all threads */
  cpu: number;
  /** bytes: the most that the process ever held (VmHWM) */
  peak: number;
}

/** Runs `body`, which returns how many things it did. */
async function measure(body: () => Promise<number>): Promise<Measured> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const count = await body();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const peak = 1024 * Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]);
  return { rate: count / seconds, cpu: (user + system) / 1000 / count, peak };
}

/** Gradients and speckle that no two frames share, as fast as they can be written. */
const generated: FrameSource = {
  keys: range(LARGE.frames).map((i) => `generated ${i}`),
  draw: async (i, { size, pixels, lesion, inside }) => {
    let noise = i + 1;
    for (let p = 0; p < pixels.length; p++) pixels[p] = ((noise = (noise * 69_069 + 1) | 0) >>> 26) + (p >> 7) + (i % 64);
    lesion.fill(1, 40 * size, 40 * size + (i % 1000));
    inside.fill(1, 16 * size, 112 * size);
  },
};

/** Shuffled batches for some seconds, as an epoch asks for them. */
async function readBatches(cache: string, batch: number): Promise<Measured> {
  const store = await openStore(generated, LARGE.size, { cache });
  const order = shuffle(Int32Array.from(range(store.n)), rngOf(1, batch));
  const area = LARGE.size ** 2;
  const seen = new Uint8Array(area);
  const measured = await measure(async () => {
    let batches = 0;
    for (let from = 0; from + batch <= order.length; from += batch, batches++) {
      const pixels = store.pixelsOf(order.subarray(from, from + batch));
      seen.set(pixels.subarray(pixels.length - area)); // one frame of each batch is looked at
    }
    return batches;
  });
  const last = order[Math.floor(order.length / batch) * batch - 1];
  const drawn = { size: LARGE.size, pixels: new Uint8Array(area), lesion: new Uint8Array(area), inside: new Uint8Array(area) };
  await generated.draw(last, drawn);
  if (!seen.every((level, p) => level === drawn.pixels[p])) throw new Error(`frame ${last} is not what was drawn`);
  await store.close();
  return measured;
}

/** What each process measures; the folder holds a cache that all rounds share. */
const variants: Record<string, (folder: string) => Promise<Measured>> = {
  "cold, images": (folder) =>
    cold(folder, (manifest) => ({ ...manifest, images: manifest.images.map((image) => ({ ...image, masks: [] })) })),
  "cold, images and masks": (folder) => cold(folder, (manifest) => manifest),
  async warm(folder) {
    const manifest = await busi(folder);
    const load = () => loadFrames(manifest, 64, { cache: folder });
    await load();
    return measure(async () => {
      let frames = 0;
      for (let repeat = 0; repeat < 20; repeat++) frames += (await load()).n;
      return frames;
    });
  },
  async build(folder) {
    const cache = join(folder, "large");
    await rm(cache, { recursive: true, force: true });
    return measure(async () => {
      const store = await openStore(generated, LARGE.size, { cache });
      await store.close();
      return store.n;
    });
  },
  open: (folder) =>
    measure(async () => {
      const store = await openStore(generated, LARGE.size, { cache: join(folder, "large") });
      await store.close();
      return store.n;
    }),
  "read 64": (folder) => readBatches(join(folder, "large"), 64),
  "read 256": (folder) => readBatches(join(folder, "large"), 256),
};

async function busi(folder: string): Promise<Manifest> {
  return loadManifest(`busi:${await realData(BUSI)}`, { cache: folder, classes: ["benign", "malignant", "normal"] });
}

/** All frames of BUSI at 128 px from its files; the manifest is made before. */
async function cold(folder: string, part: (manifest: Manifest) => Manifest): Promise<Measured> {
  const manifest = part(await busi(folder));
  const cache = await mkdtemp(join(folder, "cold-"));
  const measured = await measure(async () => {
    const store = await openFrames(manifest, LARGE.size, { cache });
    await store.close();
    return store.n;
  });
  await rm(cache, { recursive: true });
  return measured;
}

function inFreshProcess(name: string, folder: string): Measured {
  const output = execFileSync(process.execPath, ["--import", "tsx", fileURLToPath(import.meta.url), "--variant", name, folder], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(output) as Measured;
}

const number = (value: number) => (value < 10 ? value.toFixed(2) : Math.round(value).toLocaleString("en"));
function spread(values: readonly number[]): { median: number; text: string } {
  const sorted = [...values].sort((a, b) => a - b);
  const median = (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
  return { median, text: `${number(median)} (${number(sorted[0])}–${number(sorted.at(-1)!)})` };
}

async function compare(rounds: number): Promise<void> {
  const machine = `${cpus()[0].model}, ${cpus().length} cores, Node ${process.versions.node}; load before the start ${loadavg()[0].toFixed(2)}`;
  console.log(`# The frame cache\n\n\`npm run bench -- frames ${rounds}\`, ${new Date().toISOString().slice(0, 10)}, ${machine}.`);
  console.log(
    "Median and range over rounds, every line in a process of its own. Batches come from files that the system still holds in memory.\n",
  );
  const real = (await realData(BUSI)) !== undefined;
  const names = Object.keys(variants).filter((name) => real || !/cold|warm/.test(name));
  const folder = await mkdtemp(join(tmpdir(), "sonomark-bench-"));
  try {
    if (real) await busi(folder); // what decoding says of the files is known before: only frames are measured
    const results = range(rounds).map(() => Object.fromEntries(names.map((name) => [name, inFreshProcess(name, folder)])));
    const of = (name: string, key: keyof Measured) => results.map((round) => round[name][key]);
    const line = (name: string, what: string, unit: string, limit = "") =>
      console.log(
        `| ${what} | ${spread(of(name, "rate")).text} ${unit} | ${spread(of(name, "cpu")).text} | ${number(Math.max(...of(name, "peak")) / 1e6)} | ${limit} |`,
      );
    console.log("| what | rate, median (range) | CPU ms each | peak MB resident | limit |\n|---|---|---|---|---|");
    const keeps = (name: string, least: number) => `${number(least)}: ${spread(of(name, "rate")).median >= least ? "kept" : "missed"}`;
    if (real) {
      line("cold, images", "BUSI to 128 px, cache empty: images", "images/s", keeps("cold, images", LIMITS.cold));
      line("cold, images and masks", "BUSI to 128 px, cache empty: images with their masks", "images/s");
      line("warm", "BUSI at 64 px, cache full: all frames into memory", "frames/s", keeps("warm", LIMITS.warm));
    }
    const most = Math.max(...["build", "open", "read 64", "read 256"].flatMap((name) => of(name, "peak")));
    const set = `${LARGE.frames.toLocaleString("en")} frames of ${LARGE.size} px`;
    line("build", `${set}, generated: built`, "frames/s");
    line("open", `${set}: opened, every hash checked`, "frames/s");
    line("read 64", `${set}: shuffled batches of 64`, "batches/s");
    line("read 256", `${set}: shuffled batches of 256`, "batches/s", `1 GB: ${most < LIMITS.memory ? "kept" : "missed"}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const [option, ...values] = process.argv.slice(2);
if (option === "--variant") console.log(JSON.stringify(await variants[values[0]](values[1])));
else await compare(Number(option ?? 5));
