/** @file Tests of what eyes see: colours, enlargement, overlays and registered means. */
import sharp from "sharp";
import * as assert from "uvu/assert";
import { assertClose } from "../src/testing/close.ts";
import { describe } from "../src/testing/describe.ts";
import { range } from "../src/util/rng.ts";
import { atlas, type RegisteredInput } from "./atlas.ts";
import { DIVERGING, divergingStep, scaleLimit, SEQUENTIAL, sequentialStep } from "./colour.ts";
import { enlarge } from "./enlarge.ts";
import { encodeOverlay, montage, overlayPixels } from "./overlay.ts";

const luminance = (table: Uint8Array, row: number) =>
  0.2126 * table[row * 3]! + 0.7152 * table[row * 3 + 1]! + 0.0722 * table[row * 3 + 2]!;

describe("colours", (test) => {
  test("run from blue for the negative class through near white to red for the positive one", () => {
    const [blue, white, red] = [-1, 0, 1].map((value) => DIVERGING.subarray(divergingStep(value, 1) * 3, divergingStep(value, 1) * 3 + 3));
    assert.ok(blue![2]! > blue![0]! && red![0]! > red![2]!);
    assert.ok(white!.every((level) => level > 235));
  });

  test("grow lighter with the value where it has no sign", () => {
    for (const row of range(255)) assert.ok(luminance(SEQUENTIAL, row + 1) > luminance(SEQUENTIAL, row) - 0.5, `step ${row}`);
    assert.equal([sequentialStep(-1, 2), sequentialStep(1, 2), sequentialStep(9, 2)], [0, 128, 255]);
  });

  test("clip beyond the limit, which one outlier in a thousand cells does not move", () => {
    assert.equal([divergingStep(-9, 1), divergingStep(9, 1)], [0, 255]);
    assert.is(scaleLimit([...range(1000).map(() => -2), 1e6]), 2);
    assert.is(scaleLimit([0, 0]), 1);
  });
});

describe("enlarge", (test) => {
  test("keeps a map that is not enlarged, and interpolates between cell centres", () => {
    assert.equal([...enlarge([1, 2, 3, 4], 2, 2, 2)], [1, 2, 3, 4]);
    assertClose(enlarge([0, 4], 1, 2, 4).subarray(0, 4), [0, 1, 3, 4], { atol: 1e-6 });
  });

  test("keeps a constant constant and never leaves the range of the values", () => {
    assert.ok(enlarge(new Float32Array(9).fill(3), 3, 3, 10).every((value) => value === 3));
    assert.ok(enlarge([-1, 5, 2, 0, 0, 1], 2, 3, 17).every((value) => value >= -1 && value <= 5));
  });
});

describe("overlays", (test) => {
  const frame = new Uint8Array(16).fill(100);
  const lesion = Uint8Array.from({ length: 16 }, (_, p) => ([5, 6, 9, 10].includes(p) ? 1 : 0));

  test("leave the image as it is where the map is zero, and colour it where it is not", () => {
    const values = [0, 0, 0, 1];
    const pixels = overlayPixels({ frame, size: 4, lesion: new Uint8Array(16), map: { values, rows: 2, columns: 2, limit: 1 } }, 8);
    assert.equal([...pixels.subarray(0, 3)], [100, 100, 100]);
    const [r, , b] = pixels.subarray(63 * 3);
    assert.ok(r! > b! + 30, `${r} ${b}`);
    assert.ok(overlayPixels({ frame, size: 4, lesion: new Uint8Array(16), map: null }, 8).every((level) => level === 100));
  });

  test("draw the lesion's edge in white and not its inside", () => {
    const pixels = overlayPixels({ frame, size: 4, lesion, map: null }, 16);
    const at = (row: number, column: number) => pixels[(row * 16 + column) * 3];
    assert.equal([at(4, 4), at(4, 11), at(11, 6), at(7, 7), at(3, 4), at(12, 6)], [255, 255, 255, 100, 100, 100]);
  });

  test("become image files, and a montage of them", async () => {
    const png = await encodeOverlay({ frame, size: 4, lesion, map: null }, 16, "png");
    assert.equal((({ width, height, format }) => [width, height, format])(await sharp(png).metadata()), [16, 16, "png"]);
    const sheet = await sharp(await montage([png, png, png], 10, 2)).metadata();
    assert.equal([sheet.width, sheet.height], [20, 20]);
    assert.is((await sharp(await montage([png], 10, 6)).metadata()).width, 10);
  });
});

describe("atlas", (test) => {
  /** A map that is hot half a diameter below its lesion's centre, wherever and however large that is. */
  const image = (group: string, label: number, lesion: RegisteredInput["lesion"], heat: number): RegisteredInput => ({
    group,
    label,
    lesion,
    densityAt: (row, column) =>
      row < 0
        ? NaN
        : Math.abs(row - lesion.row - lesion.diameter) < 0.3 * lesion.diameter && Math.abs(column - lesion.column) < 0.3 * lesion.diameter
          ? heat
          : 0,
  });
  const places = [
    { row: 30, column: 10, diameter: 8 },
    { row: 50, column: 40, diameter: 20 },
    { row: 9, column: 5, diameter: 3 },
  ];

  test("brings lesions of every place and size to one, so that what lies one diameter behind adds up", () => {
    const { side, positive, negative } = atlas([...places.map((place, i) => image(`p${i}`, 1, place, 4)), image("n", 0, places[0]!, 2)], {
      side: 21,
      span: 4,
    });
    const at = (values: Float64Array, down: number) => values[Math.floor((0.5 + down / 4) * side) * side + 10];
    assert.equal([at(positive, 1), at(positive, 0), at(negative, 1)], [4, 0, 2]);
  });

  test("counts a group once, and leaves blank what fewer than half of the groups reach", () => {
    const near = { row: 1, column: 20, diameter: 10 };
    const { positive, side } = atlas(
      [
        image("a", 1, near, 1),
        image("a", 1, near, 1),
        image("a", 1, near, 1),
        image("b", 1, { ...near, row: 100 }, 5),
        image("n", 0, near, 0),
      ],
      { side: 21, span: 4 },
    );
    assert.is(positive[Math.floor(0.75 * side) * side + 10], 3);
    const { negative } = atlas([image("n", 0, near, 0)], { side: 21, span: 4 });
    assert.ok(Number.isNaN(negative[0]));
  });
});
