/** @file The shortcut audit: finds what was planted, stays silent where nothing was, and why it compares within folds. */
import * as assert from "uvu/assert";
import { auditSchema } from "../../config/audit.ts";
import { auroc } from "../../metrics/auroc.ts";
import { delong } from "../../metrics/delong.ts";
import { pick } from "../../metrics/group-bootstrap.ts";
import { mean } from "../../metrics/moments.ts";
import { auditNull, metadataCohort } from "../../testing/audit-data.ts";
import { assertClose, assertUserError } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import { assertTypeOne } from "../../testing/type-one.ts";
import { range, rngOf, shuffle } from "../../util/rng.ts";
import { foldsOf } from "../folds/folds.ts";
import { formatAudit } from "./format.ts";
import { outOfFold } from "./out-of-fold.ts";
import { auditShortcuts } from "./shortcuts.ts";
import { withinFoldAuroc, withinFoldScore } from "../../metrics/within-fold.ts";

const classes = ["benign", "malignant"];
const options = { classes, folds: 5, seed: 0, bootstraps: 200, permutations: 39 };

describe("auditShortcuts", (test) => {
  test("finds a planted shortcut, says which, and stays calm about the rest", () => {
    const audit = auditSchema.parse(auditShortcuts(metadataCohort(rngOf(1, "planted"), { groups: 90, wider: 1.5 }), options));
    assert.equal(
      audit.features.filter(({ p }) => p <= 0.05).map(({ name }) => name),
      ["width"],
    );
    const width = audit.features.find(({ name }) => name === "width")!;
    // two normal scores 1.5 · 80 apart with variance 80² + 20²: Φ(120 / √(2 · 6800)) = 0.848
    assert.ok(width.low < 0.848 && 0.848 < width.high, JSON.stringify(width));
    assert.match(
      audit.warning,
      /^Metadata alone \(above all width\) tell malignant from benign with AUROC 0\.\d\d \(0\.\d\d–0\.\d\d\): a network can reach that without looking at the lesion\.$/,
    );
    assert.match(formatAudit(audit), /width +0\.\d{3} \[0\.\d{3}, 0\.\d{3}\] +0\.025\n/);
    assert.ok(formatAudit(audit).endsWith(audit.warning));
  });

  test("warns of metadata that tell nothing 5 times in 100", () => {
    assertTypeOne(200, (seed) => auditNull(seed, { groups: 18, folds: 2, names: ["width", "site", "annotated", "black border"] }));
  });

  test("finds marks that go with the class only through the number of pictures of a patient", () => {
    const rows = metadataCohort(rngOf(2, "pictures"), { groups: 60, uneven: true }).map(({ group, label }, i, all) => {
      const pictures = all.filter((other) => other.group === group).length;
      return { group, label, features: { marks: pictures > 2 || i % 3 === 0 ? "yes" : "no" } };
    });
    assert.match(auditShortcuts(rows, options).warning, /^Metadata alone \(marks\) tell malignant from benign/);
  });

  test("expects 0.5 where there is nothing to learn; pooled over folds it would be less", () => {
    const [within, pooled]: [number[], number[]] = [[], []];
    for (const seed of range(300)) {
      const rng = rngOf(seed, "bias");
      const rows = range(30).map((g) => ({ group: `g${g}`, label: rng.next() < 0.4 ? "malignant" : "benign" }));
      const labels = Uint8Array.from(rows, (row) => (row.label === "malignant" ? 1 : 0));
      const columns = range(3).map(() => Float64Array.from(rows, () => rng.normal()));
      // folds that do not heed the class: the harder case
      const folds = foldsOf(
        rows.map((row) => ({ ...row, label: "" })),
        5,
        seed,
      );
      const scores = outOfFold(columns, labels, folds);
      within.push(withinFoldAuroc(labels, scores, folds)(Int32Array.from(range(30))));
      pooled.push(auroc(labels, scores));
    }
    assertClose(mean(within), 0.5, { atol: 0.02 }); // 300 areas of standard deviation near 0.11
    assert.ok(mean(pooled) < 0.47, `pooled ${mean(pooled)}`);
  });

  test("does not depend on the order of the images or of the features", () => {
    const rows = metadataCohort(rngOf(3, "order"), { groups: 40 });
    const turned = shuffle([...rows], rngOf(4)).map((row) => ({
      ...row,
      features: Object.fromEntries(Object.entries(row.features).reverse()),
    }));
    const [a, b] = [rows, turned].map((of) => auditShortcuts(of, options));
    for (const { name, auroc: area } of a.features)
      assertClose(b.features.find((feature) => feature.name === name)!.auroc, area, { atol: 1e-12 });
  });

  test("tells the last class from all others, and leaves further classes out", () => {
    const rows = metadataCohort(rngOf(5), { groups: 60, wider: 3 }).map((row) => ({
      ...row,
      label: row.label === "malignant" ? row.label : ["benign", "normal", "unlabelled"][Number(row.group.slice(5)) % 3],
    }));
    const audit = auditShortcuts(rows, { ...options, classes: ["benign", "normal", "malignant"] });
    assert.is(audit.images, rows.filter((row) => row.label !== "unlabelled").length);
    assert.match(audit.warning, /tell malignant from benign and normal with/);
  });

  test("leaves out features that never vary, and is at chance without any", () => {
    const rows = metadataCohort(rngOf(6), { groups: 30 }).map((row) => ({
      ...row,
      features: { width: 500, site: undefined, format: ".png" },
    }));
    const audit = auditShortcuts(rows, options);
    assert.equal(audit.features, []);
    assert.equal(audit.joint, { auroc: 0.5, low: 0.5, high: 0.5, p: 1 });
    assert.is(audit.warning, "");
    assert.match(formatAudit(audit), /No warning: nothing here stands above chance\.$/);
  });

  test("deals fewer folds where a class is small, and refuses where it is too small", async () => {
    const rows = metadataCohort(rngOf(7), { groups: 60 });
    const few = (count: number) => rows.filter((row) => row.label === "benign" || Number(row.group.slice(5)) < 3 * count);
    assert.is(auditShortcuts(few(7), options).folds, 3);
    await assertUserError(
      () => auditShortcuts(few(3), options),
      /needs 4 groups of each class, but "malignant" has 3 and benign 40; name other classes, or add patients/,
    );
  });
});

describe("outOfFold", (test) => {
  test("ranks one column as the model would, 20 seeds", () => {
    for (const seed of range(20)) {
      const rng = rngOf(seed, "one column");
      const labels = Uint8Array.from(range(40), () => rng.int(2));
      const column = Float64Array.from(labels, (label) => 0.3 * label + rng.normal());
      const folds = Int32Array.from(range(40), (i) => i % 4);
      const area = (columns: Float64Array[]) =>
        withinFoldAuroc(labels, outOfFold(columns, labels, folds), folds)(Int32Array.from(range(40)));
      // the same column twice is no single column any more, but says no more
      assertClose(area([column]), area([column, column]), { atol: 1e-12 });
    }
  });
});

describe("withinFoldAuroc", (test) => {
  test("is the mean of the folds' AUROCs weighted by pairs, with rows drawn several times, 20 seeds", () => {
    for (const seed of range(20)) {
      const rng = rngOf(seed, "within");
      const [labels, scores, folds] = [range(60).map(() => rng.int(2)), range(60).map(() => rng.int(8)), range(60).map(() => rng.int(4))];
      const rows = Int32Array.from(range(70).map(() => rng.int(60)));
      let [won, pairs] = [0, 0];
      for (const fold of range(4)) {
        const own = rows.filter((row) => folds[row] === fold);
        const dealt = pick(labels, own);
        const positives = dealt.reduce((sum, label) => sum + label, 0);
        const weight = positives * (own.length - positives);
        if (weight > 0) won += weight * auroc(dealt, pick(scores, own));
        pairs += weight;
      }
      assertClose(withinFoldAuroc(labels, scores, folds)(rows), won / pairs, { atol: 1e-12 });
    }
  });
});

describe("withinFoldScore", (test) => {
  /** As many positives as negatives, in one fold unless dealt. */
  const sample = (seed: number, n = 40) => {
    const rng = rngOf(seed, "score");
    const labels = range(n).map((i) => i % 2);
    return { labels, scores: labels.map((label) => label + 2 * rng.normal()), folds: range(n).map(() => 0), groups: range(n).map(String) };
  };

  test("is DeLong's for one fold and independent images, with n for n - 1, 20 seeds", () => {
    for (const seed of range(20)) {
      const { labels, scores, folds, groups } = sample(seed);
      const { auroc: area, variance } = delong(labels, scores);
      assertClose(withinFoldScore(labels, scores, folds, groups), (area - 0.5) / Math.sqrt((variance * 19) / 20), { rtol: 1e-12 });
    }
  });
  test("learns nothing from a second copy of every image, if the copies share a group", () => {
    const once = sample(1);
    const twice = <T>(values: T[]): T[] => [...values, ...values];
    const [labels, scores, folds] = [twice(once.labels), twice(once.scores), twice(once.folds)];
    const before = withinFoldScore(once.labels, once.scores, once.folds, once.groups);
    assertClose(withinFoldScore(labels, scores, folds, twice(once.groups)), before, { rtol: 1e-12 });
    assertClose(withinFoldScore(labels, scores, folds, range(80).map(String)), before * Math.SQRT2, { rtol: 1e-12 });
  });
  test("weighs folds as AUROC does, and passes over a fold of one class", () => {
    const { labels, scores, groups } = sample(2);
    const folds = labels.map((label, i) => (i < 24 ? 0 : label + 1));
    const first = <T>(values: T[]): T[] => values.slice(0, 24);
    assertClose(
      withinFoldScore(labels, scores, folds, groups),
      withinFoldScore(first(labels), first(scores), first(folds), first(groups)),
      { rtol: 1e-12 },
    );
  });
  test("is 0 for a constant score, and infinite where no pair is ranked wrong", () => {
    const { labels, folds, groups } = sample(3);
    assert.is(
      withinFoldScore(
        labels,
        labels.map(() => 7),
        folds,
        groups,
      ),
      0,
    );
    assert.is(withinFoldScore(labels, labels, folds, groups), Infinity);
  });
});
