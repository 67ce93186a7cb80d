import { describe } from "../testing/describe.ts";
import { assertUserError } from "../testing/close.ts";
import { range } from "../util/rng.ts";
import { checkFolds, checkForStudy } from "./check-study.ts";

const classes = ["benign", "malignant"];
/** `benign` and `malignant` groups of two images each. */
const cohort = (benign: number, malignant: number) => ({
  images: range(benign + malignant).flatMap((g) =>
    range(2).map(() => ({ group: `case-${g}`, label: g < benign ? "benign" : "malignant" })),
  ),
});

describe("checkForStudy", (test) => {
  test("lets a cohort pass that has two groups of each class a fold", () => checkForStudy(cohort(6, 6), { classes, folds: 3 }));
  test("refuses one class only", () =>
    assertUserError(() => checkForStudy(cohort(6, 0), { classes, folds: 3 }), /no images of the class "malignant" \(they have benign\)/));
  test("refuses fewer groups than folds, whatever the number of images", () =>
    assertUserError(
      () => checkForStudy(cohort(9, 2), { classes, folds: 3 }),
      /class "malignant" has fewer groups than folds \(2 < 3\): add patients/,
    ));
  test("refuses folds that would hang on one patient, and names the number that would do", () =>
    assertUserError(
      () => checkForStudy(cohort(9, 5), { classes, folds: 3 }),
      /"malignant" has 5 groups, but 3 folds need 6 \(2 a fold\): set data\.folds to 2 or less/,
    ));
});

describe("checkFolds", (test) => {
  const { images } = cohort(3, 3); // two images a group, benign groups first
  const by = (foldOf: (group: number) => number, names: string[]) => ({
    folds: Int32Array.from(images, (_, i) => foldOf(i >> 1)),
    names,
  });
  test("lets folds pass that always leave two groups of each class to train on", () =>
    checkFolds(
      images,
      by((group) => group % 3, ["a", "b", "c"]),
      classes,
    ));
  test("names the fold that takes a class away", () =>
    assertUserError(
      () =>
        checkFolds(
          images,
          by((group) => (group < 3 ? 0 : 1), ["clinic A", "clinic B"]),
          classes,
        ),
      /class "benign" has 0 groups outside the fold "clinic A", and training needs 2/,
    ));
});
