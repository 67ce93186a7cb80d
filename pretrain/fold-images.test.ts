import * as assert from "uvu/assert";
import { describe } from "../src/testing/describe.ts";
import { range } from "../src/util/rng.ts";
import { fromPartners } from "./fold-images.ts";

describe("fromPartners", (test) => {
  const partners = [[1, 2, 3], [0, 2, 3], [], [0, 1, 2]];
  const sourceOf = fromPartners(partners, 1, 0);
  const drawn = (image: number, view = 1, draw = sourceOf) => range(300).map((epoch) => draw(image, view, epoch));

  test("makes the first view of the image itself, and all views of an image that has no partners", () => {
    assert.equal(new Set(drawn(0, 0)), new Set([0]));
    assert.equal(new Set(drawn(2)), new Set([2]));
  });
  test("makes other views of its partners, each as often as the others", () => {
    for (const image of [0, 1, 3])
      for (const partner of partners[image]) {
        const share = drawn(image).filter((source) => source === partner).length / 300;
        assert.ok(Math.abs(share - 1 / 3) < 4 * Math.sqrt(((1 / 3) * (2 / 3)) / 300), `${share} of image ${image} are ${partner}`);
      }
  });
  test("draws the same again, and something else for another view, fold or seed", () => {
    assert.equal(drawn(0), drawn(0, 1, fromPartners(partners, 1, 0)));
    for (const other of [drawn(0, 2), drawn(0, 1, fromPartners(partners, 1, 1)), drawn(0, 1, fromPartners(partners, 2, 0))])
      assert.not.equal(drawn(0), other);
  });
});
