/** @file Tests of the report: what its first lines say, that it asks nothing of the network, and what its figures show. */
import * as assert from "uvu/assert";
import { biomarkersSchema, zoneSchema, type Biomarkers, type Zone } from "../../src/config/biomarkers.ts";
import { studySchema } from "../../src/config/study.ts";
import { describe } from "../../src/testing/describe.ts";
import { range } from "../../src/util/rng.ts";
import { smallEvaluation } from "../testing/small-study.ts";
import { chooseCases } from "./cases.ts";
import { forestFigure } from "./forest-figure.ts";
import { leakageStatement, methodsText } from "./prose.ts";
import { report, type ReportInput } from "./report.ts";
import { rocFigure } from "./roc-figure.ts";

const study = studySchema.parse({
  name: "small",
  description: "A <b>bold</b> claim.",
  data: { source: "folder:/x", folds: 2 },
  finetune: { initialisations: ["scratch"] },
});
const evaluation = smallEvaluation(study);
const row = (zone: "lesion" | "behind", measure: "share" | "density", estimate: number, pHolm: number): Biomarkers["table"][number] => ({
  method: "grad-cam",
  zone,
  measure,
  shareNegative: 0.1,
  sharePositive: 0.2,
  areaNegative: 0.1,
  areaPositive: 0.1,
  densityNegative: 1,
  densityPositive: 2,
  effect: { estimate, low: estimate - 0.2, high: estimate + 0.2 },
  p: pHolm / 4,
  pHolm,
  verdict: pHolm <= 0.05 ? "supported" : "not supported",
});
const biomarkers = biomarkersSchema.parse({
  classes: ["benign", "malignant"],
  groupsNegative: 4,
  groupsPositive: 4,
  permutations: 99,
  alpha: 0.05,
  rule: "The rule of verdicts.",
  table: [row("lesion", "share", -0.25, 0.4), row("behind", "share", 0.5, 0.02)],
  spatial: [
    {
      method: "grad-cam",
      rows: 8,
      columns: 8,
      images: 8,
      meanMoran: 0.2,
      shareAutocorrelated: 0.5,
      hotSpotsNegative: 1,
      hotSpotsPositive: 2,
      hotSpotZones: Object.fromEntries(zoneSchema.options.map((zone) => [zone, zone === "lesion" ? 1 : 0])) as Record<Zone, number>,
    },
  ],
} satisfies Biomarkers);
const side = 5;
const input: ReportInput = {
  study,
  evaluation,
  biomarkers,
  atlases: [
    {
      method: "grad-cam",
      atlas: { side, span: 4, negative: new Float64Array(25).fill(1), positive: Float64Array.from(range(25), (i) => (i === 0 ? NaN : i)) },
    },
  ],
  cases: [{ image: "bus_1", label: 1, probability: 0.75, pictures: [{ title: "frame", src: "data:image/jpeg;base64,AAAA" }] }],
};
const page = await report(input);
const body = page.slice(page.indexOf("<body>"));

describe("leakageStatement", (test) => {
  test("says what the models had seen, in each of the three cases", () => {
    const scratch = { ...study, finetune: { ...study.finetune, initialisations: ["scratch" as const] } };
    const pretrained = { ...study, finetune: { ...study.finetune, initialisations: ["pretrained" as const, "scratch" as const] } };
    assert.match(leakageStatement(evaluation, pretrained), /^Held out: .* neither pretraining nor fine-tuning saw/);
    assert.match(leakageStatement(evaluation, scratch), /^Held out: .* not trained on/);
    assert.match(leakageStatement({ ...evaluation, transductive: true }, pretrained), /^Transductive: pretraining saw all images/);
    for (const each of [scratch, pretrained]) assert.match(leakageStatement(evaluation, each), /8 images of 8 groups .* in 2 folds/);
  });
  test("says what a group is, and whether near-duplicates were looked for", () => {
    const of = (data: Partial<typeof study.data>) => leakageStatement(evaluation, { ...study, data: { ...study.data, ...data } });
    assert.match(of({ duplicates: "near" }), /joined with every near-duplicate that was found/);
    assert.match(of({ duplicates: "exact" }), /near-duplicates were not looked for, so copies may lie on both sides/);
    assert.match(of({ groups: "groups.csv" }), /a group is what the study's table of groups says/);
  });
});

describe("report", (test) => {
  test("opens with the leakage statement and with what it is not", () => {
    const [first, second] = [...body.matchAll(/<p class="statement">(.*?)<\/p>/gs)].map(([, text]) => text);
    assert.match(first!.trim(), /^Held out/);
    assert.match(second!, /Research software, not a medical device\./);
    assert.ok(body.indexOf(first!) < body.indexOf("<h1>"));
  });

  test("carries the warning of the shortcut audit before anything else, and its table", async () => {
    const score = { auroc: 0.7, low: 0.6, high: 0.8, p: 0.005 };
    const shortcuts = {
      ...{ classes: ["benign", "malignant"], images: 8, groups: 8, folds: 2, permutations: 199, alpha: 0.05 },
      ...{ features: [{ name: "width", ...score }], joint: score, warning: "Metadata alone tell the classes apart." },
    };
    const warned = await report({ ...input, evaluation: { ...evaluation, shortcuts } });
    const at = warned.indexOf('<p class="statement warning">Metadata alone tell the classes apart.</p>');
    assert.ok(at > 0 && at < warned.indexOf("<h1>"));
    assert.match(warned, /<th scope="row">width<\/th>\s*<td>0\.700 \[0\.600, 0\.800\]<\/td>/);
    assert.not.match(page, /statement warning/);
  });

  test("asks nothing of the network", () => {
    assert.not.match(page, /(src|href)="(?!data:|#)/);
    assert.not.match(page, /url\(|@import|<script|<link/);
  });

  test("escapes what comes from people", () => {
    assert.match(page, /A &lt;b&gt;bold&lt;\/b&gt; claim\./);
  });

  test("holds the tables, the rule, the atlas, the case and the configuration", () => {
    for (const text of [
      "0.500 [0.300, 0.700]",
      "+0.50 [+0.30, +0.70]",
      "The rule of verdicts.",
      "bus_1, truly malignant, probability of malignant 0.75",
      "&quot;imageSize&quot;: 64",
    ])
      assert.ok(page.includes(text), text);
    assert.is([...page.matchAll(/<image href="data:image\/png;base64,/g)].length, 3);
    assert.not.match(page, /undefined|NaN|\[object/);
  });

  test("says why there are no zones where there are no masks", async () => {
    const bare = await report({ ...input, atlases: [], biomarkers: { ...biomarkers, table: [] } });
    assert.match(bare, /No zone could be tested: that needs lesion masks/);
    assert.not.match(bare, /Mean maps around the lesion/);
  });
});

describe("figures", (test) => {
  test("draw the ROC curve from corner to corner and name its area", async () => {
    const svg = String(await rocFigure(evaluation.models));
    assert.match(svg, /class="curve series-0" d="M46,300L188,155L330,10"/);
    assert.match(svg, /aria-label="ROC curves: scratch, AUROC 0\.500"/);
  });

  test("draw effects on one axis, filled where they survive the correction", async () => {
    const svg = String(await forestFigure(biomarkers.table, ["benign", "malignant"], 0.05));
    assert.match(svg, /class="dot" cx="270" cy="38"/);
    assert.match(svg, /class="dot found" cx="390" cy="62"/);
    assert.match(svg, /M358,62H422/);
  });
});

describe("chooseCases", (test) => {
  test("takes the highest, the middle and the lowest score of each class, positives first", () => {
    assert.equal(chooseCases([0, 1, 0, 1, 1, 0, 0], [5, 1, 3, 9, 4, -2, 0]), [3, 4, 1, 0, 6, 5]);
    assert.equal(chooseCases([0, 1], [1, 2]), [1, 0]);
  });
});

describe("methodsText", (test) => {
  test("names every method with its parameters, the unit and the correction", () => {
    const text = methodsText(study, biomarkers);
    for (const part of ["Grad-CAM", "32 Gauss-Legendre nodes", "99 permutations of the class over groups", "Holm", "ellipse"])
      assert.ok(text.includes(part), part);
  });
});
