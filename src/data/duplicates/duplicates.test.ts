/** @file A frame is found again cropped, scaled, amplified and annotated; other frames of the same kind are not. */
import * as assert from "uvu/assert";
import type { GreyImage } from "../../image/decode.ts";
import { describe } from "../../testing/describe.ts";
import { frame, planted } from "../../testing/ultrasound-frames.ts";
import { range } from "../../util/rng.ts";
import { findDuplicates } from "./find.ts";
import { findShared } from "./leakage.ts";
import { decodeSignature, encodeSignature, signatureOf } from "./signature.ts";

const frames: GreyImage[] = range(12).map((seed) => frame(seed));
const signatures = frames.map(signatureOf);

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
  test("names the image of each set", () => {
    const copies = [3, 7].map((i) => signatureOf(planted(frames[i], 200 + i)));
    assert.equal(
      findShared(signatures, copies).map(({ a, b }) => [a, b]),
      [
        [3, 0],
        [7, 1],
      ],
    );
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
    assert.throws(() => decodeSignature(bytes.subarray(0, bytes.length - 1)), /must be a signature of version 1/);
    assert.throws(() => decodeSignature(bytes.subarray(0, 3)), /must be a signature of version 1/);
  });
});
