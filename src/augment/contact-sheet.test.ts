/** @file Contact sheets: a PNG of the right size that shows the tiles where they belong. */
import sharp from "sharp";
import * as assert from "uvu/assert";
import { augmentSchema } from "../config/augment.ts";
import { startEngine } from "../engine/start.ts";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { expectNoLeak } from "../testing/expect-no-leak.ts";
import { range } from "../util/rng.ts";
import { contactSheet, previewViews } from "./contact-sheet.ts";

await startEngine({ threads: 1 });

async function grey(png: Buffer) {
  const { data, info } = await sharp(png).toColourspace("b-w").raw().toBuffer({ resolveWithObject: true });
  return { ...info, at: (y: number, x: number) => data[(y * info.width + x) * info.channels] };
}

describe("contactSheet", (test) => {
  const tile = (size: number, level: number) => ({ size, levels: range(size * size).map((i) => (i === 1 ? 0 : level)) });

  test("puts enlarged tiles in rows and columns, small ones at the top left of their place", async () => {
    const rows = [
      { label: "a", tiles: [tile(48, 0.2), tile(24, 0.4)] },
      { label: "b", tiles: [tile(48, 0.6)] },
    ];
    const { format } = await sharp(await contactSheet(["one", "two"], rows)).metadata();
    assert.is(format, "png");
    const sheet = await grey(await contactSheet(["one", "two"], rows));
    assert.equal([sheet.width, sheet.height, sheet.channels], [4 + 2 * 100, 18 + 2 * (18 + 100), 1]);
    const [first, second] = [36, 36 + 118];
    assert.equal([sheet.at(first, 4), sheet.at(first, 6), sheet.at(first + 1, 7), sheet.at(first + 2, 6)], [51, 0, 0, 51]);
    assert.equal([sheet.at(first + 95, 99), sheet.at(first + 96, 99), sheet.at(first + 95, 100)], [51, 255, 255]);
    assert.equal([sheet.at(first + 47, 104 + 47), sheet.at(first + 48, 104 + 47)], [102, 255]);
    assert.equal([sheet.at(second + 50, 50), sheet.at(second + 50, 150)], [153, 255]);
  });

  test("writes labels above their rows, whatever is in a name", async () => {
    const rows = [
      { label: `<&>"\u0007${"long ".repeat(99)}`, tiles: [tile(96, 1)] },
      { label: "", tiles: [] },
    ];
    const sheet = await grey(await contactSheet([""], rows));
    const ink = (top: number) =>
      range(18 * sheet.width).filter((i) => sheet.at(top + Math.floor(i / sheet.width), i % sheet.width) < 128).length;
    assert.ok(ink(18) > 50);
    assert.is(ink(18 + 118), 0);
  });
});

describe("previewViews", (test) => {
  const pixels = Uint8Array.from({ length: 4 * 32 * 32 }, (_, i) => (i % 32) * 8);
  const options = { seed: 1, stream: "x", views: 2, epoch: 0, nameOf: (image: number) => `image ${image}` };

  test("shows each image beside its views, global ones first", async () => {
    const config = augmentSchema.parse({ local: { count: 3 } });
    const sheet = await grey(await previewViews(config, { pixels, size: 32 }, { ...options, images: [3, 0, 1] }));
    assert.equal([sheet.width, sheet.height], [4 + (1 + 2 + 3) * 100, 18 + 3 * (18 + 100)]);
    assertClose(
      range(32).map((x) => sheet.at(60, 4 + 3 * x)),
      range(32).map((x) => 8 * x),
      { atol: 0 },
    );
    assert.not.equal(sheet.at(60, 204 + 60), 255);
    assert.equal([sheet.at(36 + 20, 304 + 60), sheet.at(36 + 47, 304 + 47) < 255], [255, true]); // local views have half the side
  });

  test("leaves no tensors behind", () =>
    expectNoLeak(() => previewViews(augmentSchema.parse({}), { pixels, size: 32 }, { ...options, images: [0] })));
});
