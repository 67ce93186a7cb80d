import * as assert from "uvu/assert";
import { assertUserError } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import { range, rngOf, shuffle } from "../../util/rng.ts";
import { foldsBySite, officialFolds } from "./named.ts";

const image = (path: string, group: string, official?: Record<string, string>) => ({ path, group, official });

describe("officialFolds", (test) => {
  const images = [
    image("a.png", "p1", { split: "train", "5-fold": "10" }),
    image("b.png", "p1", { split: "train", "5-fold": "10" }),
    image("c.png", "p2", { split: "test", "5-fold": "2" }),
    image("d.png", "p3", { split: "train", "5-fold": "1" }),
  ];
  test("holds out each part once, parts in order, numbers as numbers", () => {
    const split = officialFolds(images, "split");
    assert.equal(
      [split.names, [...split.folds]],
      [
        ["test", "train"],
        [1, 1, 0, 1],
      ],
    );
    const five = officialFolds(images, "5-fold");
    assert.equal(
      [five.names, [...five.folds]],
      [
        ["1", "2", "10"],
        [2, 2, 1, 0],
      ],
    );
  });
  test("stops a published split that cuts a group, naming the group and both parts", () =>
    assertUserError(
      () => officialFolds([...images, image("e.png", "p1", { split: "test" })], "split"),
      /group "p1" lies in the folds "train" and "test"/,
    ));
  test("says which splits there are", async () => {
    await assertUserError(() => officialFolds(images, "5fold"), /no official split "5fold": did you mean "5-fold"\?/);
    await assertUserError(() => officialFolds(images, "x"), /no official split "x": choose one of 5-fold, split/);
    await assertUserError(() => officialFolds([{ path: "a", group: "a" }], "split"), /no official split "split": use a grouped split/);
  });
  test("names an image that the split forgot", () =>
    assertUserError(() => officialFolds([...images, image("e.png", "p5")], "split"), /^e\.png: has no part in the official split "split"/));
  test("refuses a split of one part", () =>
    assertUserError(() => officialFolds([image("a.png", "p", { s: "train" })], "s"), /puts every image in "train", so nothing is left/));
});

describe("foldsBySite", (test) => {
  test("holds out one site a fold, whatever the order of the images, 20 seeds", () => {
    for (const seed of range(20)) {
      const rng = rngOf(seed, "sites");
      const images = range(30).map((i) => ({
        path: `${i}.png`,
        group: `p${i % 15}`,
        site: `site ${(i % 15) % (2 + (seed % 4))}`,
      }));
      const dealt = shuffle(range(images.length), rng).map((i) => images[i]);
      const { folds, names } = foldsBySite(dealt);
      assert.equal(names, [...new Set(images.map(({ site }) => site))].sort());
      dealt.forEach(({ site }, i) => assert.is(names[folds[i]], site));
    }
  });
  test("stops a patient who was seen at two sites", () =>
    assertUserError(
      () =>
        foldsBySite([
          { path: "a.png", group: "p1", site: "north" },
          { path: "b.png", group: "p1", site: "south" },
        ]),
      /group "p1" lies in the folds "north" and "south"/,
    ));
  test("names an image without a site, and refuses a single one", async () => {
    await assertUserError(() => foldsBySite([{ path: "a.png", group: "p1" }]), /^a\.png: has no site/);
    await assertUserError(() => foldsBySite([{ path: "a.png", group: "p1", site: "north" }]), /every image is of the site "north"/);
  });
});
