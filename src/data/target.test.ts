import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { UNLABELLED, type ListedImage } from "./manifest.ts";
import { withTarget } from "./target.ts";

const images: Pick<ListedImage, "label" | "annotations">[] = [
  { label: "benign", annotations: { birads: "3", side: "left" } },
  { label: "malignant", annotations: { birads: "4A", side: "right" } },
  { label: "malignant", annotations: { birads: "4B" } },
  { label: "normal", annotations: {} },
];
const labels = (...asked: [string, string[]?]) => withTarget(images, ...asked).map(({ label }) => label);

describe("withTarget", (test) => {
  test("leaves labels as they are", () => assert.equal(labels("label"), ["benign", "malignant", "malignant", "normal"]));
  test("takes a column of the data set's tables; an image without a value has no label", () =>
    assert.equal(labels("birads"), ["3", "4A", "4B", UNLABELLED]));
  test("joins the values of a class", () => {
    assert.equal(labels("birads", ["3", "4A|4B"]), ["3", "4A|4B", "4A|4B", UNLABELLED]);
    assert.equal(labels("label", ["normal|benign", "malignant"]), ["normal|benign", "malignant", "malignant", "normal|benign"]);
  });
  test("names the column that was probably meant, or says that there are labels only", () => {
    assert.throws(() => labels("biras"), 'data.target: the data set has no column "biras": did you mean "birads"?');
    assert.throws(() => withTarget([{ label: "benign" }], "birads"), /labels only: set data\.target to label/);
  });
});
