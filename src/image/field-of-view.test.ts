import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { drawn } from "../testing/picture-files.ts";
import { rngOf } from "../util/rng.ts";
import { decodeGrey, type GreyImage } from "./decode.ts";
import { fieldOfViewOf } from "./field-of-view.ts";

const [WIDTH, HEIGHT] = [560, 470];

/** Speckle of level 1–120 where `shows`, else 0. */
function noise(shows: (x: number, y: number) => boolean, seed = 0): GreyImage {
  const rng = rngOf(seed, "speckle");
  return { width: WIDTH, height: HEIGHT, pixels: drawn(WIDTH, HEIGHT, (x, y) => (shows(x, y) ? 1 + rng.int(120) : 0)) };
}
const write = (image: GreyImage, level: number, draws: (x: number, y: number) => boolean): GreyImage => ({
  ...image,
  pixels: image.pixels.map((value, i) => (draws(i % WIDTH, Math.floor(i / WIDTH)) ? level : value)),
});
const overlap = (a: Uint8Array, shows: (x: number, y: number) => boolean): number => {
  let [both, either] = [0, 0];
  a.forEach((value, i) => {
    const truth = shows(i % WIDTH, Math.floor(i / WIDTH));
    if (value && truth) both++;
    if (value || truth) either++;
  });
  return both / either;
};
/** A fan around an apex above the image: radii 90 to 440, 32° to each side. */
const fan = (x: number, y: number): boolean => {
  const [dx, dy] = [x - 280, y + 40];
  const radius = Math.hypot(dx, dy);
  return radius >= 90 && radius <= 440 && Math.abs(Math.atan2(dx, dy)) <= (32 * Math.PI) / 180;
};
const letters = (left: number, top: number) => (x: number, y: number) =>
  x >= left && x < left + 90 && y >= top && y < top + 14 && (x - left) % 6 < 2;

describe("fieldOfViewOf", (test) => {
  test("a rectangle in black borders is found to the pixel, with its borders and shares", () => {
    const field = fieldOfViewOf(noise((x, y) => x >= 61 && x < 500 && y >= 33 && y < 440));
    assert.is(field.kind, "rectangle");
    assert.equal(field.box, { x: 61, y: 33, width: 439, height: 407 });
    assert.equal(field.borders, { top: 33, right: 60, bottom: 30, left: 61 });
    assert.is(field.share, (439 * 407) / (WIDTH * HEIGHT));
    assert.is(field.borderShare, 1 - field.share);
    assert.is(
      overlap(field.mask.pixels, (x, y) => x >= 61 && x < 500 && y >= 33 && y < 440),
      1,
    );
  });
  test("text, a bar and a logo beside the rectangle change nothing", () => {
    const shows = (x: number, y: number) => x >= 61 && x < 500 && y >= 80 && y < 440;
    let image = write(noise(shows), 255, letters(70, 20));
    image = write(image, 230, letters(300, 452));
    image = write(image, 200, (x, y) => x >= 525 && x < 540 && y >= 100 && y < 300);
    image = write(image, 255, (x, y) => y < 15 && x > 200);
    assert.equal(fieldOfViewOf(image).box, fieldOfViewOf(noise(shows)).box);
  });
  test("a fan is found but for 2 % of it, hollow at the probe and without its letters", () => {
    const image = write(write(noise(fan), 255, letters(10, 20)), 255, letters(430, 440));
    const field = fieldOfViewOf(image);
    assert.is(field.kind, "fan");
    assert.ok(overlap(field.mask.pixels, fan) > 0.98, String(overlap(field.mask.pixels, fan)));
    assert.is(field.mask.pixels[45 * WIDTH + 280], 0);
  });
  test("a shadow from skin to bottom and a black cyst stay in a fan and in a rectangle", () => {
    const dark = (x: number, y: number) => (x > 230 && x < 300 && y > 110) || Math.hypot(x - 350, y - 200) < 40;
    for (const shows of [fan, (x: number, y: number) => x >= 61 && x < 500 && y >= 80 && y < 440]) {
      const { mask } = fieldOfViewOf(noise((x, y) => shows(x, y) && !dark(x, y)));
      assert.ok(overlap(mask.pixels, shows) > 0.97, String(overlap(mask.pixels, shows)));
    }
  });
  test("corners painted 1 at the top make a fan, though a letter lies in one of them; dark corners at the bottom make none", () => {
    const cut: typeof fan = (x, y) => x + y > 120 && WIDTH - x + y > 120;
    const image = noise(cut);
    const painted = write(write({ ...image, pixels: image.pixels.map((value) => value || 1) }, 220, letters(12, 30)), 1, (_, y) => y > 465);
    const field = fieldOfViewOf(painted);
    assert.is(field.kind, "fan");
    assert.ok(overlap(field.mask.pixels, cut) > 0.97, String(overlap(field.mask.pixels, cut)));
    assert.is(fieldOfViewOf(noise((x, y) => HEIGHT - y + x > 120 && HEIGHT - y + WIDTH - x > 120)).kind, "rectangle");
  });
  test("noise of 1 and 2 is a shadow, not a border", () => {
    const image = noise((_, y) => y < 300);
    const rng = rngOf(1);
    const pixels = image.pixels.map((value) => value || 1 + rng.int(2));
    assert.is(fieldOfViewOf({ ...image, pixels }).share, 1);
  });
  test("a black image, one pixel and a thin image are one rectangle", () => {
    for (const [width, height] of [
      [560, 470],
      [1, 1],
      [300, 2],
    ]) {
      const { kind, share } = fieldOfViewOf({ width, height, pixels: new Uint8Array(width * height) });
      assert.equal([kind, share], ["rectangle", 1]);
    }
  });
});

const data = process.env.SONOMARK_DATA ?? join(import.meta.dirname, "../../../shared/data");
const filesOf = (folder: string): string[] =>
  existsSync(join(data, folder)) ? readdirSync(join(data, folder)).map((name) => join(data, folder, name)) : [];
const every = (files: string[], n: number): string[] => files.filter((_, i) => i % n === 0);

describe("fieldOfViewOf on real images", (test) => {
  const breast = every(
    ["benign", "malignant", "normal"]
      .flatMap((name) => filesOf(`busi/Dataset_BUSI_with_GT/${name}`))
      .filter((path) => !path.includes("mask"))
      .concat(filesOf("busbra-sample/BUSBRA/Images")),
    20,
  );
  const abdomen = every(filesOf("ussimandsegm/abdominal_US/abdominal_US/RUS/images/train"), 20);
  for (const [name, files] of Object.entries({ breast, abdomen }))
    if (files.length === 0) console.log(`skipped: there are no ${name} images at ${data} (set SONOMARK_DATA)`);

  test("breast images fill the file, whatever lies in shadow; a fan's corners are at most a sixth of it, and few are fans", async () => {
    let fans = 0;
    for (const path of breast) {
      const { kind, share } = fieldOfViewOf(await decodeGrey(readFileSync(path), path));
      assert.ok(share > (kind === "rectangle" ? 0.98 : 5 / 6), `${path}: ${kind} ${share}`);
      if (kind === "fan") fans++;
    }
    assert.ok(fans <= breast.length / 10, `${fans} fans`);
  });
  test("abdominal images are fans of about two fifths of the file, also where a side is black", async () => {
    for (const path of abdomen) {
      const { kind, share } = fieldOfViewOf(await decodeGrey(readFileSync(path), path));
      assert.ok(kind === "fan" && share > 0.33 && share < 0.47, `${path}: ${kind} ${share}`);
    }
  });
});
