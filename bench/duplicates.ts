/**
 * @file The search for duplicates: precision and recall on BUSI against our own reading, where chance ends, what published sets share, and time and
 * memory by the number of frames. Markdown.
 * `npm run -s bench -- duplicates [most frames] > docs/results/duplicates.md`. Each table row is measured once, in a process of its own.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { parse } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { indexOf, searcher } from "../src/data/duplicates/candidates.ts";
import { confidenceOf, evidenceOf, JOIN_CONFIDENCE } from "../src/data/duplicates/confidence.ts";
import { findDuplicates, type DuplicatePair } from "../src/data/duplicates/find.ts";
import reading from "../src/data/duplicates/fixtures/busi-pairs.json" with { type: "json" };
import { findShared } from "../src/data/duplicates/leakage.ts";
import { signatureOf, type Signature } from "../src/data/duplicates/signature.ts";
import { verifier } from "../src/data/duplicates/verify.ts";
import { loadManifest } from "../src/data/load.ts";
import { openPictures } from "../src/data/pictures.ts";
import { decodeGrey, type GreyImage } from "../src/image/decode.ts";
import { realData } from "../src/testing/real-data.ts";
import { frame, planted } from "../src/testing/ultrasound-frames.ts";
import { disjointSets } from "../src/util/disjoint-sets.ts";
import { groupBy } from "../src/util/group-by.ts";
import { range } from "../src/util/rng.ts";

const sets = {
  BUSI: "busi:busi/Dataset_BUSI_with_GT",
  "BUS-BRA sample": "bus-bra:busbra-sample/BUSBRA",
  "kaggle-augmented sample": "kaggle-augmented:kaggle-augmented-sample",
  "abdominal frames": "ussimandsegm:ussimandsegm",
  BreastMNIST: "breastmnist:breastmnist/breastmnist.npz",
};
type SetName = keyof typeof sets;
const LIMITS = { busiSeconds: 60, precision: 0.98, recall: 0.88, frames: 20_000, seconds: 300, bytes: 2e9 };

const cpuSeconds = () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6;
const peakBytes = () => 1024 * Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]);

interface Signed {
  ids: string[];
  /** patient or subject of each, where the set tells */
  groups: string[];
  signatures: Signature[];
  /** processor time of the signatures, without reading and decoding */
  seconds: number;
}

async function signed(name: SetName): Promise<Signed> {
  const [reader, path] = sets[name].split(":") as [string, string];
  const { images, ...manifest } = await loadManifest(`${reader}:${await realData(path)}`);
  const pictures = await openPictures(manifest);
  const result: Signed = {
    ids: images.map(({ path }) => parse(path).name),
    groups: images.map(({ group }) => group),
    signatures: [],
    seconds: 0,
  };
  for (const image of images) {
    const { image: pixels } = await pictures.read({ ...image, masks: [] });
    const start = cpuSeconds();
    result.signatures.push(signatureOf(pixels));
    result.seconds += cpuSeconds() - start;
  }
  await pictures.close();
  return result;
}

/** All pairs of items that sit in one group. */
const pairsOf = (groups: readonly (readonly string[])[]): Set<string> =>
  new Set(groups.flatMap((group) => group.flatMap((a, i) => group.slice(i + 1).map((b) => [a, b].sort().join("|")))));

async function busi(): Promise<string> {
  const { ids, signatures, seconds } = await signed("BUSI");
  const [start, wall] = [cpuSeconds(), performance.now()];
  const listed = findDuplicates(signatures, { least: 0.001 });
  const [search, searchWall] = [cpuSeconds() - start, (performance.now() - wall) / 1000];
  const pairs = listed.filter(({ confidence }) => confidence >= JOIN_CONFIDENCE);
  const joined = disjointSets(ids.length);
  for (const { a, b } of pairs) joined.join(a, b);
  const truth = pairsOf(reading.groups);
  const members = [...groupBy(ids.keys(), (i) => joined.find(i)).values()].map((group) => group.map((i) => ids[i]));
  const rows = [
    ["pairs returned", new Set(pairs.map(({ a, b }) => [ids[a], ids[b]].sort().join("|")))] as const,
    ["pairs within the groups they make", pairsOf(members)] as const,
  ].map(([what, found]) => {
    const right = [...found].filter((pair) => truth.has(pair)).length;
    return `| ${what} | ${found.size} | ${(right / found.size).toFixed(3)} | ${(right / truth.size).toFixed(3)} |`;
  });
  const doubtful = listed.filter(({ confidence }) => confidence < 0.99).sort((p, q) => q.confidence - p.confidence);
  const wrongly = reading.different.filter(([a, b]) => joined.find(ids.indexOf(a)) === joined.find(ids.indexOf(b)));
  return [
    `## BUSI: ${ids.length} images\n`,
    `Truth is our own reading (fixtures/busi-pairs.json): ${truth.size} pairs in ${reading.groups.length} groups, made with the help of this search, so that recall is of what we know of. Wanted against a published list, which we have not: precision ${LIMITS.precision}, recall ${LIMITS.recall}.\n`,
    "| what | pairs | precision | recall |\n|---|---|---|---|",
    ...rows,
    `\nOf ${reading.different.length} pairs that look alike and are not one frame, ${wrongly.length} are joined. Groups with several classes: ${members.filter((group) => new Set(group.map((id) => id.split(" ")[0])).size > 1).flat().length} images.\n`,
    `Processor time: signatures ${seconds.toFixed(1)} s (${((1000 * seconds) / ids.length).toFixed(1)} ms an image), search ${search.toFixed(1)} s (${searchWall.toFixed(1)} s by the clock, one thread); limit ${LIMITS.busiSeconds} s: ${seconds + searchWall < LIMITS.busiSeconds ? "kept" : "missed"}.\n`,
    "Pairs that are not certain (confidence 0.001 to 0.99):\n",
    "| image | image | score | confidence | joined |\n|---|---|---|---|---|",
    ...doubtful.map(
      ({ a, b, score, confidence }) =>
        `| ${ids[a]} | ${ids[b]} | ${score.toFixed(3)} | ${confidence.toFixed(3)} | ${confidence >= JOIN_CONFIDENCE ? "yes" : "no"} |`,
    ),
  ].join("\n");
}

/** Every pair of BUSI and BUS-BRA shows two patients: what evidence does chance bring? */
async function chance(): Promise<string> {
  const [one, other] = [await signed("BUS-BRA sample"), await signed("BUSI")];
  const candidatesOf = searcher(indexOf(other.signatures.map(({ points }) => points)));
  const verify = verifier();
  const agreements = one.signatures.flatMap((query) =>
    candidatesOf(query.points).flatMap(({ image, map }) => verify(query, other.signatures[image], map) ?? []),
  );
  const evidence = agreements.map(evidenceOf).sort((a, b) => a - b);
  const from = evidence[Math.floor(0.75 * evidence.length)];
  const tail = evidence.filter((value) => value >= from);
  const excess = tail.reduce((sum, value) => sum + value - from, 0) / tail.length;
  const pairs = one.ids.length * other.ids.length;
  const fans = await signed("abdominal frames");
  const alike = findDuplicates(fans.signatures, { groups: fans.groups });
  const expected = (at: number) => tail.length * Math.exp(-(at - from) / excess);
  return [
    "## Where chance ends\n",
    `BUSI against the BUS-BRA sample: ${pairs.toLocaleString("en")} pairs of different patients, of which ${evidence.length} pass the coarse look.\n`,
    `Evidence (score × √pixels): median ${evidence[evidence.length >> 1].toFixed(1)}, upper quartile ${from.toFixed(1)}, most ${evidence.at(-1)!.toFixed(1)}. Above the upper quartile it exceeds it by ${excess.toFixed(1)} on average; an exponential of that mean expects ${expected(27).toExponential(1)} above 27, where the confidence's first curve is 0.5. Most sure pair: ${Math.max(...agreements.map(confidenceOf)).toExponential(1)}.\n`,
    `${fans.ids.length} abdominal frames of ${new Set(fans.groups).size} subjects, which share a machine's fan and its texts: ${alike.length} pairs across subjects returned.`,
  ].join("\n");
}

const kaggleOrigin = (id: string) => /(benign|malignant) \(\d+\)/.exec(id)![0];

async function shared(): Promise<string> {
  const [whole, kaggle, mnist] = [await signed("BUSI"), await signed("kaggle-augmented sample"), await signed("BreastMNIST")];
  const group = new Map(reading.groups.flatMap((ids) => ids.map((id) => [id, ids[0]])));
  const same = (a: string, b: string) => (group.get(a) ?? a) === (group.get(b) ?? b);
  const rows: string[] = [];
  const row = (what: string, a: Signed, b: Signed, wrong: (pair: DuplicatePair) => boolean) => {
    const start = cpuSeconds();
    const pairs = findShared(a.signatures, b.signatures);
    const seen = (side: "a" | "b") => new Set(pairs.filter((pair) => !wrong(pair)).map((pair) => pair[side])).size;
    rows.push(
      `| ${what} | ${seen("a")} of ${a.ids.length} | ${seen("b")} of ${b.ids.length} | ${pairs.length} | ${pairs.filter(wrong).length} | ${(cpuSeconds() - start).toFixed(1)} |`,
    );
    return pairs;
  };
  row("kaggle-augmented sample, BUSI", kaggle, whole, ({ a, b }) => !same(kaggleOrigin(kaggle.ids[a]), whole.ids[b]));
  row("BUSI, kaggle-augmented sample", whole, kaggle, ({ a, b }) => !same(kaggleOrigin(kaggle.ids[b]), whole.ids[a]));
  // BreastMNIST has no names: an image is BUSI's that is most like it, and another partner is wrong that is not of that one's group
  const best = new Map<number, DuplicatePair>();
  for (const pair of findShared(whole.signatures, mnist.signatures))
    if (pair.score > (best.get(pair.b)?.score ?? 0)) best.set(pair.b, pair);
  const named = (b: number) => whole.ids[best.get(b)!.a];
  row("BUSI, BreastMNIST", whole, mnist, ({ a, b }) => !same(whole.ids[a], named(b)));
  const within = findDuplicates(mnist.signatures);
  const right = within.filter(({ a, b }) => same(named(a), named(b))).length;
  const all = range(mnist.ids.length).flatMap((b) => range(b).filter((a) => same(named(a), named(b)))).length;
  return [
    "## What published sets share\n",
    "Of the kaggle-augmented sample the names tell the origin; the rows count images of which a partner was found, and pairs with a partner of another origin.\n",
    "| sets | images of the first | images of the second | pairs | of them wrong | CPU s |\n|---|---|---|---|---|---|",
    ...rows,
    `\nWithin BreastMNIST, at 28 × 28: ${right} of ${all} pairs of one group found, ${within.length - right} wrong.`,
  ].join("\n");
}

/** n frames, of which a tenth are altered copies of others; every second copy went through JPEG at quality 60. */
async function frames(n: number): Promise<string> {
  const copies = Math.round(n / 10);
  const originals = n - copies;
  const signatures = new Array<Signature>(n);
  let signing = 0;
  const sign = (at: number, image: GreyImage) => {
    const start = cpuSeconds();
    signatures[at] = signatureOf(image);
    signing += cpuSeconds() - start;
  };
  for (let i = 0; i < originals; i++) {
    const original = frame(i);
    sign(i, original);
    if (i >= copies) continue;
    const copy = planted(original, i);
    sign(originals + i, i % 2 ? copy : await throughJpeg(copy));
  }
  const [start, wall] = [cpuSeconds(), performance.now()];
  const pairs = findDuplicates(signatures);
  const [search, searchWall, peak] = [cpuSeconds() - start, (performance.now() - wall) / 1000, peakBytes()];
  const right = pairs.filter(({ a, b }) => b === a + originals).length;
  const candidatesOf = searcher(indexOf(signatures.map(({ points }) => points)));
  let [candidates, hits] = [0, 0];
  for (let i = 0; i < n; i++)
    for (const { image } of candidatesOf(signatures[i].points, i)) {
      candidates++;
      if (image === i - originals) hits++;
    }
  const limits = n < LIMITS.frames ? "" : signing + searchWall < LIMITS.seconds && peak < LIMITS.bytes ? "kept" : "missed";
  return `| ${n.toLocaleString("en")} | ${((1000 * signing) / n).toFixed(2)} | ${search.toFixed(1)} | ${((1000 * search) / n).toFixed(2)} | ${(signing + search).toFixed(0)} | ${(candidates / n).toFixed(2)} | ${(hits / copies).toFixed(4)} | ${(right / copies).toFixed(4)} | ${pairs.length - right} | ${(peak / 1e6).toFixed(0)} | ${limits} |`;
}

async function throughJpeg({ width, height, pixels }: GreyImage): Promise<GreyImage> {
  return decodeGrey(
    await sharp(pixels, { raw: { width, height, channels: 1 } })
      .jpeg({ quality: 60 })
      .toBuffer(),
    "copy",
  );
}

const parts: Record<string, (n: number) => Promise<string>> = { busi, chance, shared, frames };

function print(part: string, n = 0): void {
  const file = fileURLToPath(import.meta.url);
  const run = ["--import", "tsx", file, "--part", part, String(n)];
  process.stdout.write(execFileSync(process.execPath, run, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }));
}

async function main(most: number): Promise<void> {
  const machine = `${cpus()[0].model}, ${cpus().length} cores, Node ${process.versions.node}; load before the start ${loadavg()[0].toFixed(2)}`;
  console.log(`# Near-duplicates\n\n\`npm run bench -- duplicates ${most}\`, ${new Date().toISOString().slice(0, 10)}, ${machine}.\n`);
  const there = await Promise.all(Object.values(sets).map((set) => realData(set.split(":")[1])));
  if (there.every((path) => path !== undefined))
    for (const part of ["busi", "chance", "shared"]) {
      print(part);
      console.log();
    }
  console.log("## Time and memory by the number of frames\n");
  console.log(
    "Generated frames of 400 × 320 pixels; a tenth of them are copies: cropped to 75–100 % a side, scaled by 0.7–1.3, other gain and contrast, calipers and text, noise, every second one through JPEG at quality 60. One thread; processor time, without making the frames. Limits at 20,000: 300 s and 2,000 MB.\n",
  );
  console.log(
    "| frames | signature ms each | search s | search ms each | all s | candidates each | copies among candidates | copies found | wrong pairs | peak MB resident | limit |\n|---|---|---|---|---|---|---|---|---|---|---|",
  );
  for (const part of [16, 8, 4, 2, 1]) print("frames", Math.round(most / part));
}

const [option, part, n] = process.argv.slice(2);
if (option === "--part") console.log(await parts[part](Number(n)));
else await main(Number(option ?? LIMITS.frames));
