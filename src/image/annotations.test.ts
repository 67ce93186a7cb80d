import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { drawn } from "../testing/picture-files.ts";
import { speckle } from "../testing/speckle.ts";
import { mapInFlight } from "../util/in-flight.ts";
import { range, rngOf } from "../util/rng.ts";
import { annotationsOf } from "./annotations.ts";
import { decodeGrey, type GreyImage, type Mask } from "./decode.ts";
import { fieldOfViewOf } from "./field-of-view.ts";
import { dilate } from "./morphology.ts";

const [WIDTH, HEIGHT] = [280, 220];
const phantoms = range(4).map((seed) => speckle(WIDTH, HEIGHT, rngOf(seed, "phantom")));
type Shape = (x: number, y: number) => boolean;

/** The letters L, T and E of 10 × 14 pixels, strokes 2 wide, side by side from (x, y). */
const letters =
  (left: number, top: number): Shape =>
  (x, y) => {
    const [letter, u, v] = [Math.floor((x - left) / 14), (x - left) % 14, y - top];
    if (u < 0 || u >= 10 || v < 0 || v >= 14) return false;
    if (letter === 0) return u < 2 || v >= 12;
    if (letter === 1) return v < 2 || u === 4 || u === 5;
    return letter === 2 && (u < 2 || v < 2 || v >= 12 || v === 6 || v === 7);
  };
const cross =
  (column: number, row: number): Shape =>
  (x, y) =>
    (Math.abs(x - column) <= 6 && Math.abs(y - row) <= 0.5) || (Math.abs(y - row) <= 6 && Math.abs(x - column) <= 0.5);
/** Dots of 2 × 2 pixels every 5, on a line that falls by one pixel in eight. */
const dots =
  (left: number, top: number, count: number): Shape =>
  (x, y) => {
    const k = Math.floor((x - left) / 5);
    const row = top + Math.floor((5 * k) / 8);
    return k >= 0 && k < count && (x - left) % 5 < 2 && (y === row || y === row + 1);
  };
const frame: Shape = (x, y) => (x === 60 || x === 250 ? y >= 40 && y <= 200 : x > 60 && x < 250 && (y === 40 || y === 200));

const write = (image: GreyImage, level: number, shape: Shape): GreyImage => ({
  ...image,
  pixels: image.pixels.map((value, i) => (shape(i % WIDTH, Math.floor(i / WIDTH)) ? level : value)),
});
/** Share of the drawing that is found, and overlap of the found with the drawing and its ring of one pixel. */
function agreement(found: Mask, shape: Shape): { recall: number; overlap: number } {
  const ink = { width: WIDTH, height: HEIGHT, pixels: drawn(WIDTH, HEIGHT, (x, y) => (shape(x, y) ? 1 : 0)) };
  const ring = dilate(ink, Math.SQRT2).pixels;
  const count = (test: (i: number) => unknown) => range(WIDTH * HEIGHT).filter(test).length;
  return {
    recall: count((i) => ink.pixels[i] && found.pixels[i]) / count((i) => ink.pixels[i]),
    overlap: count((i) => ring[i] && found.pixels[i]) / count((i) => ring[i] || found.pixels[i]),
  };
}

describe("annotationsOf", (test) => {
  const shapes: Record<string, Shape> = {
    letters: letters(150, 120),
    "a cross": cross(140, 100),
    "a dotted line": dots(100, 90, 24),
    "a thin frame": frame,
  };
  for (const [name, shape] of Object.entries(shapes))
    test(`${name} on speckle: nine tenths of the ink, overlap of two thirds with the ink and its ring, 4 seeds`, () => {
      for (const seed of phantoms.keys()) {
        const { mask, share, flagged } = annotationsOf(write(phantoms[seed], 230, shape));
        const { recall, overlap } = agreement(mask, shape);
        assert.ok(flagged && recall > 0.9 && overlap > 0.66, `seed ${seed}: ${recall} ${overlap}`);
        assert.is(share, mask.pixels.filter((value) => value > 0).length / (WIDTH * HEIGHT));
      }
    });
  test("speckle is not flagged, nor is it where it is as sharp as its pixels, 4 seeds", () => {
    for (const seed of phantoms.keys()) {
      assert.is(annotationsOf(phantoms[seed]).share, 0);
      const rng = rngOf(seed);
      const sharp = drawn(WIDTH, HEIGHT, () => 40 + rng.int(60));
      assert.is(annotationsOf({ width: WIDTH, height: HEIGHT, pixels: sharp }).flagged, false);
    }
  });
  test("a bright layer, level or oblique, and the edge of a dark region are no drawings", () => {
    const layer = write(phantoms[1], 240, (x, y) => Math.abs(y - 60) <= 1 || Math.abs(y - 120 - x / 5) < 1.5);
    assert.is(annotationsOf(layer).flagged, false);
    assert.is(annotationsOf(write(phantoms[1], 0, (x) => x > 160)).flagged, false);
    assert.is(annotationsOf(write(phantoms[1], 0, (x, y) => y < 100 - x)).flagged, false);
  });
  test("a machine's mark in an upper corner is in the mask but raises no flag; the same letters lower down do", () => {
    const { share, flagged } = annotationsOf(write(phantoms[2], 230, letters(4, 6)));
    assert.ok(share > 0);
    assert.is(flagged, false);
    assert.is(annotationsOf(write(phantoms[2], 230, letters(4, 200))).flagged, true);
  });
  test("what lies outside the field of view is not looked at", () => {
    const inside: Shape = (x, y) => x >= 50 && y >= 60;
    const image = write(
      write(phantoms[3], 0, (x, y) => !inside(x, y)),
      230,
      letters(150, 20),
    );
    assert.is(annotationsOf(image).flagged, true);
    assert.is(annotationsOf(image, fieldOfViewOf(image)).share, 0);
  });
  test("an even image holds none, however small", () => {
    for (const [width, height] of [
      [1, 1],
      [3, 3],
      [40, 1],
      [1, 40],
    ])
      assert.equal(annotationsOf({ width, height, pixels: new Uint8Array(width * height).fill(90) }).flagged, false);
  });
});

const labels = JSON.parse(readFileSync(new URL("fixtures/annotated-busi.json", import.meta.url), "utf8")) as Record<
  "seen" | "unseen" | "sample",
  Record<string, boolean>
>;

/** What the flag gets wrong of every third labelled image; `npm run bench -- image` measures all of them. */
async function wrongOf(root: string, truth: Record<string, boolean>): Promise<string[]> {
  const third = Object.entries(truth).filter((_, i) => i % 3 === 0);
  const found = await mapInFlight(third, 2, async ([path]) => {
    const image = await decodeGrey(readFileSync(join(root, path)), path);
    return annotationsOf(image, fieldOfViewOf(image)).flagged;
  });
  return third
    .filter(([, annotated], i) => found[i] !== annotated)
    .map(([path, annotated]) => `${path}: ${annotated ? "missed" : "clean"}`);
}

describe("annotationsOf on real images", (test) => {
  const root = join(import.meta.dirname, "../..");
  test("BUS-BRA's sample: at most one image in fifteen is wrong, and no clean one", async () => {
    const wrong = await wrongOf(join(root, "experiments/sample/BUSBRA/Images"), labels.sample);
    assert.ok(wrong.length <= 1 && wrong.every((line) => line.endsWith("missed")), wrong.join());
  });
  const busi = join(process.env.SONOMARK_DATA ?? join(root, "../shared/data"), "busi/Dataset_BUSI_with_GT");
  if (!existsSync(busi)) console.log(`skipped: BUSI is not at ${busi} (set SONOMARK_DATA)`);
  else
    for (const part of ["seen", "unseen"] as const)
      test(`BUSI, images ${part} while constants were chosen: at most one is wrong`, async () => {
        const wrong = await wrongOf(busi, labels[part]);
        assert.ok(wrong.length <= 1, wrong.join());
      });
});
