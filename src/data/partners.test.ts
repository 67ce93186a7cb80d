import { join } from "node:path";
import * as assert from "uvu/assert";
import { studySchema } from "../config/study.ts";
import { assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { greyPng, withFolder, writeFiles } from "../testing/picture-files.ts";
import { range } from "../util/rng.ts";
import { loadManifest } from "./load.ts";
import { partnersOf } from "./partners.ts";
import { openStudyManifest, ownDigest } from "./study-manifest.ts";

const image = (sha256: string, rest: { group?: string; patient?: string; clip?: string } = {}) => ({ sha256, group: "g", ...rest });
const lists = (partners: Int32Array[]) => partners.map((own) => [...own]);

describe("partnersOf", (test) => {
  const images = [
    image("0", { patient: "p", clip: "a" }),
    image("1", { patient: "q", clip: "b" }),
    image("2", { patient: "p", clip: "a" }),
    image("3", { patient: "p" }),
    image("4"),
    image("5", { patient: "q", clip: "a" }),
    image("0", { patient: "p", clip: "a" }),
  ];
  test("are the other images of the patient, as the data set names it, and never one with the same bytes", () =>
    assert.equal(lists(partnersOf(images, "patient", range(7))), [[2, 3], [5], [0, 3, 6], [0, 2, 6], [], [1], [2, 3]]));
  test("are the other frames of the clip, never those of another patient under the same name", () =>
    assert.equal(lists(partnersOf(images, "clip", range(7))), [[2], [], [0, 6], [], [], [], [2]]));
  test("are trained on themselves, as their image is", () => {
    assert.equal(lists(partnersOf(images, "patient", [3, 0, 1])), [[3], [], [], [0], [], [], []]);
    assert.equal(lists(partnersOf(images, "clip", [6, 2, 4])), [[], [], [6], [], [], [], [2]]);
  });
  test("are in ascending order, whatever the order of training", () => {
    const many = range(120).map((i) => image(String(i), { patient: "p" }));
    assert.equal([...partnersOf(many, "patient", range(120).reverse())[0]], range(120).slice(1));
  });
  test("not joined groups, which hold one picture twice: without patients there are none", () =>
    assertUserError(
      () => partnersOf([image("0"), image("1")], "patient", [0, 1]),
      /^pretrain\.positives=patient needs patients with two images or more, but of the 2 images to train on 0 name a patient .*=augment$/,
    ));
  test("where each image has a patient of its own, or a clip has one frame, the study is refused", async () => {
    const single = range(3).map((i) => image(String(i), { patient: `p${i}`, clip: `c${i}` }));
    await assertUserError(
      () => partnersOf(single, "patient", range(3)),
      /of the 3 images to train on 3 name a patient and none has a partner/,
    );
    await assertUserError(() => partnersOf(single, "clip", range(3)), /needs clips of two frames or more, .* 3 name a clip/);
  });
  test("are told by a table with the columns patient and clip; the digest for pretraining depends on them", () =>
    withFolder(async (folder) => {
      process.env.SONOMARK_CACHE = join(folder, "cache");
      const pngs = range(16).map(async (i) => [`${i}.png`, await greyPng(8, 8, (x) => x * (i + 1))] as const);
      await writeFiles(folder, Object.fromEntries(await Promise.all(pngs)));
      const table = (clips: string) =>
        ["path,label,patient,clip", ...range(16).map((i) => `${i}.png,${i < 8 ? "benign" : "malignant"},p${i >> 1},${clips[i]}`)].join(
          "\n",
        );
      await writeFiles(folder, { "manifest.csv": table("aabbccddeeffgghh") });
      const { images } = await loadManifest(folder);
      const names = lists(partnersOf(images, "clip", range(16))).map((own, i) => `${images[i].id}: ${own.map((j) => images[j].id).join()}`);
      assert.equal(names.slice(0, 4), ["0: 1", "1: 0", "10: 11", "11: 10"]);

      const digestOf = async (positives: string) => {
        const study = studySchema.parse({ name: "s", data: { source: folder, folds: 2, duplicates: "exact" }, pretrain: { positives } });
        return (await openStudyManifest(study.data, study.seed, { pretrain: study.pretrain })).digest;
      };
      const [augment, clip] = [await digestOf("augment"), await digestOf("clip")];
      assert.equal([ownDigest(clip), clip === augment], [augment, false]);
      await writeFiles(folder, { "manifest.csv": table("aabbccddeeffgghi") });
      assert.is(await digestOf("augment"), augment);
      assert.is.not(await digestOf("clip"), clip);
    }));
});
