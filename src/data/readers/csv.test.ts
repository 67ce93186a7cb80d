import { join } from "node:path";
import * as assert from "uvu/assert";
import { assertUserError } from "../../testing/close.ts";
import { inBothForms, type Content } from "../../testing/data-set-files.ts";
import { describe } from "../../testing/describe.ts";
import { greyPng, withFolder, writeFiles } from "../../testing/picture-files.ts";
import { openEntry, openFolder } from "../files/folder-files.ts";
import { inspectData } from "../load.ts";
import { openPictures } from "../pictures.ts";
import { csv } from "./csv.ts";

const image = (k: number) => greyPng(8, 6, (x, y) => x * 20 + y + k);
const spot = (left: number) => greyPng(8, 6, (x, y) => (x === left && y === 2 ? 255 : 0));
const pictures: Content = {
  "left/a.png": await image(1),
  "left/b.png": await image(2),
  "right/c.png": await image(3),
  "masks/a1.png": await spot(1),
  "masks/a2.png": await spot(5),
};
const table = [
  "path,label,group,mask,id,patient,clip,site,spacing,BIRADS,Side",
  "left/a.png,benign,g1,masks/a1.png|masks/a2.png,A,p1,,Ulm,0.1,4a,left",
  "left/b.png,benign,g1,,,p1,sweep,Ulm,0.1×0.2,,",
  "right/c.png,malignant,g2,,,p2,,,,5,",
].join("\n");

/** What is wrong with a table beside the pictures. */
const problemsOf = (...lines: string[]): Promise<string[]> =>
  withFolder(async (root) => {
    await writeFiles(root, { ...pictures, "set.csv": lines.join("\n") });
    return (await csv.read(openEntry(join(root, "set.csv")))).problems.map(({ level, message }) => `${level} ${message}`);
  });

describe("csv", (test) => {
  test("reads what it means by a column, and keeps the others as annotations", () =>
    inBothForms({ ...pictures, "manifest.csv": table }, async (path) => {
      const { manifest, problems } = await inspectData(path, { cache: join(path, "../cache") });
      assert.equal(problems, []);
      assert.is(manifest.reader, "csv");
      const bare = manifest.images.map(({ sha256: _, maskHashes: __, width: ___, height: ____, ...listed }) => listed);
      assert.equal(bare, [
        {
          id: "A",
          path: "left/a.png",
          label: "benign",
          group: "g1",
          masks: ["masks/a1.png", "masks/a2.png"],
          patient: "p1",
          site: "Ulm",
          spacing: [0.1, 0.1],
          annotations: { BIRADS: "4a", Side: "left" },
        },
        {
          id: "left/b",
          path: "left/b.png",
          label: "benign",
          group: "g1",
          masks: [],
          patient: "p1",
          clip: "sweep",
          site: "Ulm",
          spacing: [0.1, 0.2],
        },
        { id: "right/c", path: "right/c.png", label: "malignant", group: "g2", masks: [], patient: "p2", annotations: { BIRADS: "5" } },
      ]);
    }));
  test("takes a table of any name by its path, and reads what it names from its folder", () =>
    withFolder(async (root) => {
      await writeFiles(join(root, "set"), { ...pictures, "mine.csv": table, "left/unlisted.png": "" });
      for (const source of [join(root, "set/mine.csv"), `csv:${join(root, "set/mine.csv")}`]) {
        const { manifest } = await inspectData(source, { cache: join(root, "cache") });
        assert.is(manifest.images.length, 3);
        const drawn = await openPictures(manifest);
        const { mask } = await drawn.read(manifest.images[0]);
        await drawn.close();
        assert.equal([mask!.pixels[2 * 8 + 1], mask!.pixels[2 * 8 + 5]], [1, 1]);
      }
    }));
  test("without groups a patient is one, and without patients each image is, which the note says", () =>
    withFolder(async (root) => {
      const read = async (text: string) => {
        await writeFiles(root, { ...pictures, "set.csv": text });
        return csv.read(openEntry(join(root, "set.csv")));
      };
      const patients = await read("path,label,patient\nleft/a.png,benign,p1\nleft/b.png,benign,p1\n");
      assert.is(patients.images[1].group, "p1");
      assert.is(patients.note, "");
      const alone = await read("path;label\nleft/a.png;benign\nleft/b.png;benign\n");
      assert.is(alone.images[1].group, "left/b");
      assert.match(alone.note, /^set\.csv has no column group: each image is its own group/);
    }));
  test("recognises a folder by a manifest.csv with a column path, and no other table", () =>
    withFolder(async (root) => {
      await writeFiles(root, { "mine/manifest.csv": "label,path\n", "other/manifest.csv": "file,digest\n" });
      assert.match((await csv.recognises(openFolder(join(root, "mine"))))!, /has manifest\.csv with a column path/);
      assert.is(await csv.recognises(openFolder(join(root, "other"))), undefined);
      assert.is(await csv.recognises(openFolder(root)), undefined);
    }));
  test("tells everything that is wrong in one go", async () =>
    assert.equal(
      (
        await problemsOf(
          "path,label,group,mask,spacing",
          "left/a.png,benign,g1,masks/a9.png,",
          "left/b.png,Benign,g1,,",
          "left/b.png,benign,g1,,",
          "right/c.png,benign,,,",
          "../out.png,benign,g2,,",
          "left/gone.png,benign,g3,,",
          ",benign,g4,,",
          "masks/a1.png,,g5,,",
          "masks/a2.png,benign,g6,,3 mm",
        )
      ).map((each) => each.replace(/ of \/\S+;/, " of …;")),
      [
        "error masks/a9.png: no such file, but set.csv lists it; restore the file or remove the row",
        "error set.csv: left/b.png has several rows; keep one",
        "error set.csv: right/c.png has an empty group, so it cannot be kept on one side of a split; fill it in",
        'error set.csv: "../out.png": this path leads out of …; give paths relative to the data set\'s folder',
        "error left/gone.png: no such file, but set.csv lists it; restore the file or remove the row",
        'error set.csv: a row with the label "benign" has an empty path; fill it in or remove the row',
        'error set.csv: masks/a1.png has an empty label; write its class, or "unlabelled"',
        'error set.csv: masks/a2.png has the spacing "3 mm", which is neither mm nor row×column in mm; write 0.1 or 0.1×0.2',
      ],
    ));
  test("tells labels that differ in case only", async () =>
    assert.equal(await problemsOf("path,label", "left/a.png,Benign", "left/b.png,benign", "right/c.png,Benign"), [
      'error set.csv: one label is written "Benign" 2 times and "benign" 1 times; write it in one way',
    ]));
  test("refuses a table without a needed column, and a folder without a table", () =>
    withFolder(async (root) => {
      await writeFiles(root, { "set.csv": "path,class\nleft/a.png,benign\n" });
      await assertUserError(() => csv.read(openEntry(join(root, "set.csv"))), /^set\.csv: has no column "label" \(it has path, class\)/);
      await assertUserError(() => csv.read(openFolder(root)), /has no manifest\.csv; give the table itself/);
    }));
});
