import { mkdtempSync } from "node:fs";
import { readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import * as assert from "uvu/assert";
import { studySchema } from "../config/study.ts";
import { assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { writeFiles } from "../testing/picture-files.ts";
import { specklePng } from "../testing/speckle.ts";
import { range } from "../util/rng.ts";
import { select } from "./frames/frames.ts";
import { loadFrames } from "./frames/load.ts";
import { loadManifest } from "./load.ts";
import { loadStudyData, openPretrainData, trainingIndices } from "./study-data.ts";
import { openStudyManifest, ownDigest } from "./study-manifest.ts";

const home = mkdtempSync(join(tmpdir(), "sonomark-test-"));
process.on("exit", () => void rm(home, { recursive: true, force: true }));
process.env.SONOMARK_CACHE = join(home, "cache");

const own = await Promise.all(range(8).map((i) => specklePng(i)));
const others = await Promise.all(range(4).map((i) => specklePng(100 + i)));
const mirrored = await sharp(own[2]).flop().linear(0.9, 6).png().toBuffer();
await writeFiles(join(home, "study"), Object.fromEntries(own.map((png, i) => [`${i < 4 ? "benign" : "malignant"}/${i}.png`, png])));
// one copy of an image of the study as it is, one mirrored and darker; patient p has the mirrored one and another image
await writeFiles(join(home, "pool"), {
  "benign/0.png": others[0],
  "benign/1.png": others[1],
  "normal/2.png": others[2],
  "normal/3.png": others[3],
  "normal/copy.png": own[5],
  "normal/mirrored.png": mirrored,
  "groups.csv": "image,group\nbenign/0.png,a\nbenign/1.png,b\nnormal/2.png,a\nnormal/3.png,p\nnormal/copy.png,c\nnormal/mirrored.png,p\n",
});
await writeFiles(join(home, "copies"), { "any/0.png": own[0] });

const source = (name: string) => `folder:${join(home, name)}`;
const studyWith = (...unlabelled: string[]) =>
  studySchema.parse({ name: "s", data: { source: source("study"), imageSize: 32, folds: 2 }, pretrain: { unlabelled } });
const alone = studyWith();
const more = studyWith(source("pool"));
const open = (study: typeof alone, note?: (sentence: string) => void) =>
  openStudyManifest(study.data, study.seed, { pretrain: study.pretrain, note });

describe("openStudyManifest, with more images for pretraining", (test) => {
  test("takes images of every class, without copies of the study's and whatever is in one group with them, and says how many", async () => {
    const notes: string[] = [];
    const { unlabelled } = await open(more, (sentence) => notes.push(sentence));
    assert.equal(
      unlabelled.map(({ images }) => images.map(({ id }) => id)),
      [["benign/0", "benign/1", "normal/2"]],
    );
    const kept = notes.filter((sentence) => sentence.includes("kept out of pretraining"));
    assert.is(kept.length, 1);
    assert.not.ok(
      notes.some((sentence) => sentence.includes("studies of both classes")),
      "labels of these images mean nothing",
    );
    assert.match(kept[0], /pool: 3 of 6 images are kept out of pretraining, as they copy an image of the study or are in a group/);
  });
  test("remembers which are copies", async () => {
    await open(more);
    const folder = join(home, "cache/duplicates");
    const [memory] = (await readdir(folder)).filter((name) => name.includes("shared"));
    await writeFile(join(folder, memory), "[]");
    assert.is((await open(more)).unlabelled[0].images.length, 5, "the memory was not read");
    await writeFile(join(folder, memory), "damaged");
    assert.is((await open(more)).unlabelled[0].images.length, 3, "a damaged memory was believed");
  });
  test("leaves the digest as it is where there are none, and changes it with them", async () => {
    const [without, with_] = [await open(alone), await open(more)];
    assert.is(without.digest, without.manifest.digest);
    assert.equal([ownDigest(without.digest), ownDigest(with_.digest)], [without.digest, without.digest]);
    assert.is.not(with_.digest, without.digest);
    assert.is.not((await open(studyWith(source("pool"), source("pool")))).digest, with_.digest);
  });
  test("refuses a source that only holds copies", () =>
    assertUserError(() => open(studyWith(source("copies"))), /copies: every image there copies .* take it out of pretrain\.unlabelled/));
});

describe("openPretrainData", (test) => {
  test("gives the study's images as they are, then the others: no label, never held out, groups of their own", async () => {
    const { digest } = await open(more);
    const pretrain = await openPretrainData({ study: more, data: digest });
    const study = await loadStudyData({ study: more, data: digest });
    assert.equal([study.images.length, pretrain.images.length, pretrain.frames.n], [8, 11, 11]);
    assert.equal(pretrain.images.slice(0, 8), study.images);
    assert.equal(
      pretrain.images.slice(8).map(({ id, group, label }) => [id, group, label]),
      [
        ["1:benign/0", "1:a", "unlabelled"],
        ["1:benign/1", "1:b", "unlabelled"],
        ["1:normal/2", "1:a", "unlabelled"],
      ],
    );
    for (const key of ["labels", "groups", "folds"] as const) assert.equal(pretrain[key].slice(0, 8), study[key]);
    assert.equal([...pretrain.labels.slice(8), ...pretrain.folds.slice(8)], [-1, -1, -1, -1, -1, -1]);
    assert.equal([...pretrain.groups.slice(8)], [8, 9, 8]);
    for (const fold of [0, 1]) assert.equal(trainingIndices(pretrain, fold), [...trainingIndices(study, fold), 8, 9, 10]);

    assert.equal(pretrain.frames.read(range(8)), study.frames);
    const pool = await loadFrames(await loadManifest(source("pool")), 32);
    assert.equal(pretrain.frames.read([8, 9, 10]), select(pool, [0, 1, 2]));
    assert.is(pretrain.frames.drawnOf, undefined);
    await pretrain.frames.close();
  });
  test("is the study alone where there are no others, and says what was drawn where that is asked for", async () => {
    const { digest } = await open(alone);
    const { images, frames } = await openPretrainData({ study: alone, data: digest }, { drawn: true });
    assert.equal([images.length, frames.n, frames.drawnOf!([0, 7]).length], [8, 8, 2 * 32 * 32]);
    await frames.close();
  });
  test("stops where the other images changed; other stages, which do not see them, go on", async () => {
    const { digest } = await open(more);
    await writeFiles(join(home, "pool"), { "benign/1.png": await specklePng(200) });
    await assertUserError(() => openPretrainData({ study: more, data: digest }), /the data in \S+pool changed while the study ran/);
    assert.is((await loadStudyData({ study: more, data: digest })).images.length, 8);
  });
});
