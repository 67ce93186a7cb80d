import * as assert from "uvu/assert";
import { assertClose } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import { dicomFile, regionItem, ultrasound, type DicomElements } from "../../testing/dicom-files.ts";
import { readPixels } from "./read-dicom.ts";

const rows = 6;
const columns = 8;
const pixels = Uint8Array.from({ length: rows * columns }, (_, i) => i);
const image = ultrasound({ rows, columns, pixels });

const read = (items: DicomElements[], frames = 1, syntax = "explicit") => {
  const stack = Uint8Array.from(
    { length: frames * pixels.length },
    (_, i) => pixels[i % pixels.length] + 100 * Math.floor(i / pixels.length),
  );
  const elements = { ...ultrasound({ rows, columns, frames, pixels: stack }), "00186011": ["SQ", items] } as const;
  return readPixels(dicomFile(elements, syntax), "x.dcm");
};
const boxes = (items: DicomElements[]) => read(items).images.map(({ box: { x, y, width, height } }) => [x, y, width, height]);

describe("regions", (test) => {
  test("a file that describes none has the whole frame, of unknown scale", () => {
    const { images } = readPixels(dicomFile(image), "x.dcm");
    assert.equal(images, [{ frame: 0, region: 0, fragment: "", box: { x: 0, y: 0, width: columns, height: rows } }]);
  });
  test("the corner x1, y1 is inside, and a box ends at the frame's edge", () => {
    assert.equal(boxes([regionItem([1, 2, 3, 4])]), [[1, 2, 3, 3]]);
    assert.equal(boxes([regionItem([1, 2, columns, rows + 5])]), [[1, 2, columns - 1, rows - 2]]);
  });
  test("crops to the 2-D region, frame by frame and region by region, and says so in the path", async () => {
    for (const syntax of ["explicit", "implicit", "big", "deflated"]) {
      const file = read([regionItem([1, 1, 2, 1]), regionItem([4, 3, 4, 4])], 2, syntax);
      const greys = await Promise.all(file.images.map(async (one) => [one.fragment, [...(await file.decode(one)).pixels]]));
      assert.equal(greys, [
        ["#frame=1&region=1", [9, 10]],
        ["#frame=1&region=2", [28, 36]],
        ["#frame=2&region=1", [109, 110]],
        ["#frame=2&region=2", [128, 136]],
      ]);
    }
  });
  test("leaves out other formats, and boxes inside others, of equal ones the second", () => {
    const doppler = regionItem([0, 0, 7, 5], { format: 3 });
    assert.equal(boxes([doppler, regionItem([0, 0, 3, 3]), regionItem([1, 1, 2, 2]), regionItem([0, 0, 3, 3]), regionItem([2, 2, 5, 5])]), [
      [0, 0, 4, 4],
      [2, 2, 4, 4],
    ]);
    assert.equal(boxes([doppler]), []);
  });
  test("scale in mm comes from centimetres, whatever the direction of the axis", () => {
    const [{ spacingMm }] = read([regionItem([0, 0, 3, 3], { delta: [0.01, -0.02] })]).images;
    assertClose([spacingMm!.x, spacingMm!.y], [0.1, 0.2], { rtol: 1e-12 });
  });
  test("scale is unknown in other units, and of no or no finite size", () => {
    for (const how of [
      { units: 4 },
      { units: 0 },
      { delta: [0, 0.1] as const },
      { delta: [Number.NaN, 0.1] as const },
      { delta: [Infinity, 1] as const },
    ])
      assert.is(read([regionItem([0, 0, 3, 3], how)]).images[0].spacingMm, undefined);
  });
  test("PixelSpacing alone is no scale", () => {
    const file = dicomFile({ ...image, "00280030": ["DS", "0.1\\0.1"] });
    assert.is(readPixels(file, "x.dcm").images[0].spacingMm, undefined);
  });
});
