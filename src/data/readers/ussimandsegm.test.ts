import { join } from "node:path";
import * as assert from "uvu/assert";
import { decodeOrgans } from "../../image/palette.ts";
import { listedFiles, openBothForms } from "../../testing/data-set-files.ts";
import { describe } from "../../testing/describe.ts";
import { greyPng } from "../../testing/picture-files.ts";
import { realData } from "../../testing/real-data.ts";
import { pictureFiles } from "../decoder.ts";
import { locate } from "../locate.ts";
import { ussimandsegm } from "./ussimandsegm.ts";

const png = await greyPng(8, 6, (x) => x * 20);
const names = [
  "AUS/annotations/train/ct14-1.png",
  "AUS/images/test/ct2-10.png",
  "AUS/images/train/ct14-1.png",
  "RUS/annotations/test/h12.png",
  "RUS/annotations/test/h100.png",
  "RUS/images/test/h12.jpg",
  "RUS/images/test/h9.jpg",
  "RUS/images/train/c1.jpg",
];
const dataset = Object.fromEntries(names.map((name) => [name, png]));

describe("ussimandsegm", (test) => {
  test("reads subject, site, part and annotation of unlabelled images, and warns of an annotation without an image", () =>
    openBothForms(dataset, async (files) => {
      assert.is(
        await ussimandsegm.recognises(files),
        "has images in RUS/images/train/, RUS/images/test/, AUS/images/train/, AUS/images/test/",
      );
      const { images, problems, note } = await ussimandsegm.read(files);
      assert.is(note, "");
      assert.equal(problems, [
        {
          level: "warning",
          message: "RUS/annotations/test/h100.png: is an annotation without an image in RUS/images/test/; it is passed by",
        },
      ]);
      assert.equal(
        images.find(({ id }) => id === "RUS/test/h12"),
        {
          id: "RUS/test/h12",
          path: "RUS/images/test/h12.jpg",
          label: "unlabelled",
          group: "RUS/h",
          masks: [],
          patient: "RUS/h",
          site: "RUS",
          official: { split: "test" },
          organs: "RUS/annotations/test/h12.png",
        },
      );
      assert.equal(
        images.map(({ id, group, organs }) => `${id} ${group} ${organs ?? ""}`.trim()),
        [
          "RUS/train/c1 RUS/c",
          "RUS/test/h12 RUS/h RUS/annotations/test/h12.png",
          "RUS/test/h9 RUS/h",
          "AUS/train/ct14-1 AUS/ct14 AUS/annotations/train/ct14-1.png",
          "AUS/test/ct2-10 AUS/ct2",
        ],
      );
    }));
  test("names a file whose subject cannot be told", async () => {
    for (const path of [
      "RUS/images/train/scan.jpg",
      "RUS/images/train/ct3-1.png",
      "AUS/images/train/c1.png",
      "AUS/images/train/ct14.png",
    ]) {
      const { images, problems } = await ussimandsegm.read(listedFiles([path]));
      assert.equal(images, []);
      assert.is(problems[0].message, `${path}: its name tells no subject, as h12.jpg and ct14-1.png do; rename or remove it`);
    }
  });
});

const real = await realData("ussimandsegm");
if (real)
  describe("ussimandsegm on real files", (test) => {
    test("reads 404 and 213 images of 11 subjects, 60 of them annotated, through two wrapping folders", async () => {
      const { reader, files } = await locate(real);
      assert.is(reader, ussimandsegm);
      assert.is(files.root, join(real, "abdominal_US/abdominal_US"));
      const { images, problems } = await reader.read(files);
      assert.equal(
        problems.map(({ level, message }) => `${level} ${message.slice(0, message.indexOf(":"))}`),
        ["warning RUS/annotations/test/h100.png"],
      );
      const count = (part: string) => images.filter(({ official }) => official?.split === part).length;
      assert.equal(["train", "test"].map(count), [404, 213]);
      assert.is(new Set(images.map(({ group }) => group)).size, 11);
      const annotated = images.filter(({ organs }) => organs !== undefined);
      assert.is(annotated.length, 60);
      for (const { path, organs } of annotated.slice(0, 3)) {
        const { width, height } = await pictureFiles.image(await files.read(path), path);
        const codes = await decodeOrgans(await files.read(organs!), organs!);
        assert.equal([width, height, codes.width, codes.height], [640, 480, 640, 480]);
      }
    });
  });
