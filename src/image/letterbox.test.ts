import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { drawn } from "../testing/picture-files.ts";
import { boxOf, fillBox, letterbox, letterboxCover, letterboxMask } from "./letterbox.ts";

const picture = (width: number, height: number, level: (x: number, y: number) => number) => ({
  width,
  height,
  pixels: drawn(width, height, level),
});

describe("boxOf", (test) => {
  test("fills the frame along the longer side and centres along the other", () => {
    assert.equal(boxOf({ width: 200, height: 100 }, 64), { x: 0, y: 16, width: 64, height: 32 });
    assert.equal(boxOf({ width: 100, height: 400 }, 64), { x: 24, y: 0, width: 16, height: 64 });
  });
  test("enlarges small images", () => assert.equal(boxOf({ width: 10, height: 5 }, 64), { x: 0, y: 16, width: 64, height: 32 }));
  test("keeps at least one pixel of a very long image", () =>
    assert.equal(boxOf({ width: 10_000, height: 1 }, 32), { x: 0, y: 15, width: 32, height: 1 }));
});

describe("letterbox", (test) => {
  test("keeps a constant image constant inside the box and leaves padding at 0", async () => {
    const frame = new Uint8Array(32 * 32);
    const box = await letterbox(
      picture(100, 50, () => 77),
      32,
      frame,
    );
    const inside = new Uint8Array(32 * 32);
    fillBox(box, 32, inside);
    assert.ok(frame.every((value, i) => value === (inside[i] ? 77 : 0)));
    assert.is(
      inside.reduce((a, b) => a + b, 0),
      32 * 16,
    );
  });
  test("copies an image of the frame's own size", async () => {
    const image = picture(32, 32, (x, y) => (x * 8 + y) % 256);
    const frame = new Uint8Array(32 * 32);
    await letterbox(image, 32, frame);
    assert.equal(frame, image.pixels);
  });
  test("is anti-aliased: stripes finer than a frame pixel become their mean", async () => {
    const frame = new Uint8Array(32 * 32);
    await letterbox(
      picture(256, 256, (x) => (x % 2) * 200),
      32,
      frame,
    );
    assert.ok(
      frame.every((value) => Math.abs(value - 100) <= 3),
      `${Math.min(...frame)} … ${Math.max(...frame)}`,
    );
  });
  test("does not shift: a mirrored image gives the mirrored frame", async () => {
    const level = (x: number, y: number) => (x * 5 + y * 3) % 251;
    const [frame, mirrored] = [new Uint8Array(32 * 32), new Uint8Array(32 * 32)];
    await letterbox(picture(130, 130, level), 32, frame);
    await letterbox(
      picture(130, 130, (x, y) => level(129 - x, y)),
      32,
      mirrored,
    );
    for (let i = 0; i < frame.length; i++) assert.ok(Math.abs(frame[i] - mirrored[(i >> 5) * 32 + 31 - (i & 31)]) <= 2, `pixel ${i}`);
  });
});

describe("letterboxMask", (test) => {
  test("takes the mask pixel under each frame pixel's centre", () => {
    const mask = picture(90, 45, (x, y) => ((x >> 3) + (y >> 3)) % 2);
    const frame = new Uint8Array(32 * 32);
    const box = letterboxMask(mask, 32, frame);
    for (let row = 0; row < box.height; row++)
      for (let column = 0; column < box.width; column++) {
        const [x, y] = [Math.floor(((column + 0.5) / box.width) * 90), Math.floor(((row + 0.5) / box.height) * 45)];
        assert.is(frame[(box.y + row) * 32 + box.x + column], mask.pixels[y * 90 + x]);
      }
  });
  test("stays binary and leaves padding at 0", () => {
    const frame = new Uint8Array(64 * 64);
    letterboxMask(
      picture(33, 77, () => 1),
      64,
      frame,
    );
    const box = boxOf({ width: 33, height: 77 }, 64);
    assert.is(
      frame.reduce((a, b) => a + b, 0),
      box.width * box.height,
    );
  });
  test("does not shift: a symmetric mask stays symmetric", () => {
    const frame = new Uint8Array(64 * 64);
    letterboxMask(
      picture(501, 501, (x, y) => (Math.hypot(x - 250, y - 250) < 120 ? 1 : 0)),
      64,
      frame,
    );
    for (let i = 0; i < frame.length; i++) assert.is(frame[i], frame[frame.length - 1 - i]);
  });
});

describe("letterboxCover", (test) => {
  const sum = (values: Uint8Array) => values.reduce((a, b) => a + b, 0);
  test("keeps a single pixel of a mask wherever it lies, in the frame pixels that it touches", () => {
    const [width, height, size] = [50, 30, 16];
    const scale = size / width;
    for (let at = 0; at < width * height; at += 7) {
      const [x, y] = [at % width, Math.floor(at / width)];
      const frame = new Uint8Array(size * size);
      const box = letterboxCover(
        picture(width, height, (u, v) => (u === x && v === y ? 1 : 0)),
        size,
        frame,
      );
      const middle = box.x + Math.floor((x + 0.5) * scale) + (box.y + Math.floor(((y + 0.5) * box.height) / height)) * size;
      assert.is(frame[middle], 1, `pixel ${x}, ${y}`);
      assert.ok(sum(frame) <= 4, `${sum(frame)} frame pixels for one`);
    }
  });
  test("is letterboxMask where the image is enlarged by a whole number", () => {
    const mask = picture(8, 4, (x, y) => (x * 3 + y) % 2);
    const [cover, sampled] = [new Uint8Array(32 * 32), new Uint8Array(32 * 32)];
    assert.equal(letterboxCover(mask, 32, cover), letterboxMask(mask, 32, sampled));
    assert.equal(cover, sampled);
  });
  test("covers the box by a full mask, and nothing by an empty one", () => {
    const [full, empty, box] = [0, 0, 0].map(() => new Uint8Array(32 * 32));
    fillBox(
      letterboxCover(
        picture(70, 41, () => 1),
        32,
        full,
      ),
      32,
      box,
    );
    letterboxCover(
      picture(70, 41, () => 0),
      32,
      empty,
    );
    assert.equal(full, box);
    assert.is(sum(empty), 0);
  });
});
