/**
 * @file Processor time of what is measured of every image when a data set is opened, one core, and how well drawings are found. Markdown.
 * `npm run bench -- image`, on BUSI below SONOMARK_DATA; every 20th image, one round to warm up, then 7 rounds; median and range over rounds.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { annotationsOf } from "../src/image/annotations.ts";
import { decodeGrey, type GreyImage } from "../src/image/decode.ts";
import { fieldOfViewOf } from "../src/image/field-of-view.ts";
import { inpaint } from "../src/image/inpaint.ts";
import { range } from "../src/util/rng.ts";

const here = import.meta.dirname;
const root = join(process.env.SONOMARK_DATA ?? join(here, "../../shared/data"), "busi/Dataset_BUSI_with_GT");
const labels = JSON.parse(readFileSync(join(here, "../src/image/fixtures/annotated-busi.json"), "utf8")) as Record<
  string,
  Record<string, boolean>
>;
const read = (folder: string, path: string) => decodeGrey(readFileSync(join(folder, path)), path);

const images = await Promise.all(
  Object.keys({ ...labels.seen, ...labels.unseen })
    .filter((_, i) => i % 20 === 0)
    .map((path) => read(root, path)),
);
const megapixels = images.reduce((sum, { width, height }) => sum + width * height, 0) / 1e6;
const drawings = new Map(images.map((image) => [image, annotationsOf(image, fieldOfViewOf(image)).mask]));
const jobs: Record<string, (image: GreyImage) => unknown> = {
  "field of view": fieldOfViewOf,
  "field of view and drawings": (image) => annotationsOf(image, fieldOfViewOf(image)),
  inpainting: (image) => inpaint(image, drawings.get(image)!),
};
console.log("| what | ms for 562 × 471 pixels | range |\n|---|---|---|");
for (const [name, job] of Object.entries(jobs)) {
  const rounds = range(8).map(() => {
    const start = process.cpuUsage();
    for (const image of images) job(image);
    const { user, system } = process.cpuUsage(start);
    return ((user + system) / 1000 / megapixels) * 0.562 * 0.471;
  });
  const sorted = rounds.slice(1).toSorted((a, b) => a - b);
  const [least, median, most] = [0, 3, 6].map((at) => sorted[at].toFixed(2));
  console.log(`| ${name} | ${median} | ${least}–${most} |`);
}

console.log("\n| images labelled by eye | annotated | clean | precision | recall |\n|---|---|---|---|---|");
for (const [part, folder] of [
  ["seen", root],
  ["unseen", root],
  ["sample", join(here, "../experiments/sample/BUSBRA/Images")],
]) {
  let [right, found] = [0, 0];
  const truth = Object.entries(labels[part]);
  for (const [path, annotated] of truth) {
    const image = await read(folder, path);
    if (!annotationsOf(image, fieldOfViewOf(image)).flagged) continue;
    found++;
    if (annotated) right++;
  }
  const all = truth.filter(([, annotated]) => annotated).length;
  console.log(`| ${part} | ${all} | ${truth.length - all} | ${(right / found).toFixed(3)} | ${(right / all).toFixed(3)} |`);
}
