import * as assert from "uvu/assert";
import { assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { groupsCsv, regroup } from "./groups-file.ts";
import type { Problem } from "./manifest.ts";

const images = [
  { path: "b/x, 1.png", group: "p1" },
  { path: "b/y.png", group: "p2" },
];

/** What comes of a table, and the problems that it has. */
function read(text: string, of = images) {
  const problems: Problem[] = [];
  return { images: regroup(of, text, "groups.csv", problems), problems: problems.map(({ message }) => message) };
}

describe("regroup", (test) => {
  test("reads back what groupsCsv wrote, and gives the groups of the table", () => {
    const other = images.map((image) => ({ ...image, group: "joined" }));
    assert.equal(read(groupsCsv(other)), { images: other, problems: [] });
    assert.is(groupsCsv(images), 'image,group\n"b/x, 1.png",p1\nb/y.png,p2\n');
  });
  test("takes a path without its extension, and passes by rows of images that are not used", () => {
    assert.equal(read("image,group\nb/y,q\nb/gone.png,q\n", images.slice(1)), { images: [{ path: "b/y.png", group: "q" }], problems: [] });
  });
  test("lists every image that has no row, two groups or an empty one", () => {
    const { problems } = read("image,group\nb/y.png,p\nb/y.png,q\nb/z.png,\n");
    assert.equal(problems, [
      'groups.csv: b/y.png is in the groups "p" and "q"; keep one row',
      "groups.csv: b/z.png has an empty group; fill it in",
      "groups.csv: has no row for b/x, 1.png; add image,group for it",
    ]);
  });
  test("refuses a table without groups", () =>
    assertUserError(() => read("image,fold\nb/y.png,1\n"), /^groups\.csv: has no column "group"/));
});
