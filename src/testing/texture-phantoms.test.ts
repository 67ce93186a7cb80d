/** @file Phantoms share everything but their texture: pixels alone do not tell classes, and equal seeds give equal bytes. */
import * as assert from "uvu/assert";
import { mean, sd } from "../metrics/moments.ts";
import { range } from "../util/rng.ts";
import { assertClose } from "./close.ts";
import { describe } from "./describe.ts";
import { knnAccuracy } from "./frozen-knn.ts";
import { textureClasses, texturePhantoms, type TexturePhantoms } from "./texture-phantoms.ts";

const rows = ({ size, pixels, labels }: TexturePhantoms) =>
  range(labels.length).map((i) => pixels.subarray(i * size ** 2, (i + 1) * size ** 2));
const bank = texturePhantoms({ seed: 5, n: 256 });
const queries = texturePhantoms({ seed: 5, n: 128, first: 256 });
const ofClass = (label: number) => rows(bank).filter((_, i) => bank.labels[i] === label);

/** Mean product of neighbours `step` apart over that of each pixel with itself, around the mean of their image. */
function correlation(label: number, step: number): number {
  let [product, square] = [0, 0];
  for (const row of ofClass(label)) {
    const centre = mean(row);
    for (const i of range(row.length - step)) {
      product += (row[i] - centre) * (row[i + step] - centre);
      square += (row[i] - centre) ** 2;
    }
  }
  return product / square;
}

describe("texturePhantoms", (test) => {
  test("gives equal bytes for equal seeds, whatever else is in the set, and others for another", () => {
    assert.equal(texturePhantoms({ seed: 5, n: 2, first: 256 }).pixels, queries.pixels.slice(0, 2 * 32 ** 2));
    assert.not.equal(texturePhantoms({ seed: 6, n: 2, first: 256 }).pixels, queries.pixels.slice(0, 2 * 32 ** 2));
  });
  test("has as many of each class", () =>
    assert.equal(
      textureClasses.map((_, label) => ofClass(label).length),
      [64, 64, 64, 64],
    ));
  test("has classes alike in their grey levels: mean, spread within an image, and hardly a pixel cut off", () => {
    const means = textureClasses.map((_, label) => ofClass(label).map((row) => mean(row)));
    const spreads = textureClasses.map((_, label) => ofClass(label).map((row) => sd(row) / mean(row)));
    // three standard errors of the difference of two means of 64 images
    for (const values of [means, spreads]) {
      const error = 3 * sd(values.flat()) * Math.sqrt(2 / 64);
      for (const one of values) assertClose(mean(one), mean(values.flat()), { atol: error });
    }
    assert.ok(bank.pixels.filter((value) => value === 0 || value === 255).length < 0.001 * bank.pixels.length);
  });
  test("has classes that raw pixels tell apart badly: chance is 0.25", () => {
    const found = knnAccuracy({ rows: rows(bank), labels: bank.labels }, { rows: rows(queries), labels: queries.labels }, 4);
    assert.ok(found < 0.45, `${found}`);
  });
  test("has speckle that is coarse where its class says so, across and along the beam", () => {
    const across = range(4).map((label) => correlation(label, 1));
    const along = range(4).map((label) => correlation(label, 32));
    const [fine, coarse, wide, deep] = range(4);
    for (const [directed, high, low] of [
      [across, [coarse, wide], [fine, deep]],
      [along, [coarse, deep], [fine, wide]],
    ] as const)
      for (const h of high) for (const l of low) assert.ok(directed[h] > directed[l] + 0.2, `${directed}`);
  });
});
