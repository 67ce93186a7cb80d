import * as assert from "uvu/assert";
import { describe } from "../../testing/describe.ts";
import { columnsOf } from "./columns.ts";
import { auditRow } from "./row.ts";

describe("auditRow", (test) => {
  test("takes what is known without looking at the tissue, and no findings", () => {
    const image = { path: "x/a.b.PNG", group: "p", label: "benign", width: 800, height: 400 };
    const row = auditRow({
      ...image,
      site: "GE",
      annotations: { Side: "left", BIRADS: "4", Histology: "carcinoma" },
      official: { "5-fold": "3" },
      border: 0.1,
      annotated: 0.02,
      bytes: 1234,
    });
    assert.equal(row, {
      group: "p",
      label: "benign",
      features: {
        width: 800,
        height: 400,
        "aspect ratio": 2,
        megapixels: 0.32,
        "black border": 0.1,
        annotations: "yes",
        "annotation share": 0.02,
        "file size": 1234,
        "file format": ".png",
        site: "GE",
        side: "left",
        "official split 5-fold": "3",
      },
    });
    assert.is(auditRow({ ...image, annotated: 0 }).features.annotations, "no");
  });
  test("leaves open what is not known, and reads the format of an archive's entry", () => {
    const { features } = auditRow({ path: "breast.npz#train/12", group: "p", label: "benign", width: 28, height: 28 });
    assert.is(features["file format"], ".npz");
    for (const name of ["site", "side", "black border", "annotations", "annotation share", "file size"])
      assert.is(features[name], undefined);
  });
});

describe("columnsOf", (test) => {
  const groups = ["a", "a", "b", "c", "d"];
  test("keeps numbers, puts the mean where one is missing, and says which were", () => {
    assert.equal(
      columnsOf([1, 2, 3, 4, 5], groups).map((column) => [...column]),
      [[1, 2, 3, 4, 5]],
    );
    assert.equal(
      columnsOf([1, undefined, 3, 5, 3], groups).map((column) => [...column]),
      [
        [1, 3, 3, 5, 3],
        [0, 1, 0, 0, 0],
      ],
    );
  });
  test("gives a category a column a level, but for the most common one and for what one group alone has", () => {
    // x in a, b and d; y in c alone and the unknown in a alone
    assert.equal(columnsOf(["x", undefined, "x", "y", "x"], groups), []);
    assert.equal(
      columnsOf(["x", "y", "x", "y", "x"], groups).map((column) => [...column]),
      [[0, 1, 0, 1, 0]],
    );
  });
  test("gives nothing for what never varies or is never known", () => {
    assert.equal(columnsOf([7, 7, 7, 7, 7], groups), []);
    assert.equal(columnsOf(["x", "x", "x", "x", "x"], groups), []);
    assert.equal(columnsOf([undefined, undefined, undefined, undefined, undefined], groups), []);
  });
});
