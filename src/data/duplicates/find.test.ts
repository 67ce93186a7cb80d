/** @file A frame is found again cropped, scaled, amplified and annotated; other frames of the same kind are not. */
import * as assert from "uvu/assert";
import type { GreyImage } from "../../image/decode.ts";
import { describe } from "../../testing/describe.ts";
import { drawn } from "../../testing/picture-files.ts";
import { frame, planted } from "../../testing/ultrasound-frames.ts";
import { disjointSets } from "../../util/disjoint-sets.ts";
import { range } from "../../util/rng.ts";
import { findDuplicates } from "./find.ts";
import { findShared } from "./leakage.ts";
import { miniatureOf } from "./miniature.ts";
import { decodeSignature, encodeSignature, signatureOf } from "./signature.ts";

const frames: GreyImage[] = range(12).map((seed) => frame(seed));
const signatures = frames.map(signatureOf);

/** The image seen through a map of its pixels to those of the original, nearest pixel, black outside. */
function seenThrough(
  { width, height, pixels }: GreyImage,
  size: { width: number; height: number },
  map: (x: number, y: number) => [number, number],
): GreyImage {
  const level = (x: number, y: number) => {
    const [u, v] = map(x, y).map(Math.round) as [number, number];
    return u >= 0 && v >= 0 && u < width && v < height ? pixels[v * width + u] : 0;
  };
  return { ...size, pixels: drawn(size.width, size.height, level) };
}

describe("findDuplicates", (test) => {
  test("finds nothing among different frames of one scanner", () => {
    assert.equal(findDuplicates(signatures), []);
  });

  test("finds a frame that was cropped, scaled, amplified, annotated and made noisy, and is sure", () => {
    const all = [...signatures, ...range(6).map((i) => signatureOf(planted(frames[i], 100 + i)))];
    const pairs = findDuplicates(all);
    assert.equal(
      pairs.map(({ a, b }) => [a, b]),
      range(6).map((i) => [i, 12 + i]),
    );
    assert.ok(pairs.every(({ confidence }) => confidence > 0.95));
  });

  test("is not misled by the fan that all frames of a machine share, and still finds a copy within it", () => {
    const inFan = ({ width, height, pixels }: GreyImage): GreyImage => {
      const inside = (x: number, y: number) => Math.hypot(x - width / 2, y + 60) < 370 && Math.abs(x - width / 2) < 0.7 * (y + 60);
      return { width, height, pixels: drawn(width, height, (x, y) => (inside(x, y) ? 60 + pixels[y * width + x] / 8 : 0)) };
    };
    const fans = frames.map(inFan);
    const cut = seenThrough(fans[2], { width: 350, height: 290 }, (x, y) => [x + 31, y + 17]);
    const pairs = findDuplicates([...fans, cut].map(signatureOf));
    assert.equal(
      pairs.map(({ a, b }) => [a, b]),
      [[2, 12]],
    );
  });

  test("joins a still recording, each to its neighbours", () => {
    const recording = Array.from({ length: 80 }, () => signatures[0]);
    const pairs = findDuplicates([...recording, ...signatures.slice(1, 4)]);
    const sets = disjointSets(83);
    for (const { a, b } of pairs) sets.join(a, b);
    assert.equal(new Set(range(80).map((i) => sets.find(i))), new Set([0]));
    assert.equal(
      [80, 81, 82].map((i) => sets.find(i)),
      [80, 81, 82],
    );
    assert.ok(pairs.length < (80 * 79) / 2);
  });

  test("tells how far it is", () => {
    const told: number[][] = [];
    findDuplicates(signatures.slice(0, 3), { progress: (done, total) => told.push([done, total]) });
    assert.equal(told, [
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
  });
});

describe("findShared", (test) => {
  const [cos, sin] = [Math.cos(0.3), Math.sin(0.3)];
  const [cx, cy] = [frames[0].width / 2, frames[0].height / 2];
  const changed: Record<string, GreyImage> = {
    "cropped, scaled, amplified and annotated": planted(frames[3], 203),
    mirrored: seenThrough(frames[3], frames[3], (x, y) => [frames[3].width - 1 - x, y]),
    "rotated by 17°": seenThrough(frames[3], frames[3], (x, y) => [
      cx + cos * (x - cx) - sin * (y - cy),
      cy + sin * (x - cx) + cos * (y - cy),
    ]),
    "squeezed to a square": seenThrough(frames[3], { width: 224, height: 224 }, (x, y) => [
      (x * frames[3].width) / 224,
      (y * frames[3].height) / 224,
    ]),
    "cut to its centre square at 28 × 28": { width: 28, height: 28, pixels: miniatureOf(frames[3]) },
  };
  for (const [how, image] of Object.entries(changed))
    test(`finds a frame that the other set has ${how}, from either side`, () => {
      const copies = [frames[11], image].map(signatureOf);
      const others = signatures.slice(2, 6);
      assert.equal(
        findShared(others, copies).map(({ a, b }) => [a, b]),
        [[1, 1]],
      );
      assert.equal(
        findShared(copies, others).map(({ a, b }) => [a, b]),
        [[1, 1]],
      );
    });

  test("finds nothing where there is nothing to find", () => {
    assert.equal(findShared(signatures.slice(0, 3), signatures.slice(3, 6)), []);
    assert.equal(findShared([], signatures), []);
    const black = signatureOf({ width: 300, height: 200, pixels: new Uint8Array(60_000) });
    const speck = signatureOf({ width: 1, height: 1, pixels: new Uint8Array(1) });
    assert.equal(findShared([black, speck], [black, speck, signatures[0]]), []);
  });
});

describe("encodeSignature", (test) => {
  test("keeps everything, wherever the bytes lie in memory", () => {
    const bytes = encodeSignature(signatures[0]);
    const elsewhere = new Uint8Array(bytes.length + 1);
    elsewhere.set(bytes, 1);
    assert.equal(decodeSignature(elsewhere.subarray(1)), signatures[0]);
  });

  test("refuses bytes that were cut short", () => {
    const bytes = encodeSignature(signatures[0]);
    assert.throws(() => decodeSignature(bytes.subarray(0, bytes.length - 1)), /must be a signature of version 2/);
    assert.throws(() => decodeSignature(bytes.subarray(0, 3)), /must be a signature of version 2/);
  });
});
