/** @file The page: what its first lines say, that every section is there with the numbers of the data, and that it asks nothing of the network. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as assert from "uvu/assert";
import type { Interval } from "../../src/config/interval.ts";
import { chromiumPath, seePage } from "../../src/testing/chromium.ts";
import { describe } from "../../src/testing/describe.ts";
import { withFolder } from "../../src/testing/picture-files.ts";
import { range } from "../../src/util/rng.ts";
import { richFacts } from "../testing/rich-report.ts";
import { buildReport } from "./build.ts";
import { chooseCases } from "./cases.ts";
import { explanationText } from "./prose.ts";
import { noPictures, reportPage, type ReportPictures } from "./report.ts";

const facts = richFacts();
const report = buildReport(facts);
const HARM = "<script>alert(1)</script>";
const PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";
const pictures: ReportPictures = {
  atlases: [
    {
      method: "grad-cam",
      atlas: {
        ...{ side: 5, span: 4, negative: new Float64Array(25).fill(1) },
        positive: Float64Array.from(range(25), (i) => (i === 0 ? NaN : i)),
      },
    },
  ],
  cases: [{ image: "bus_1", label: 1, probability: 0.75, pictures: [{ title: "frame", src: PIXEL }] }],
  worst: [
    {
      ...{ image: HARM, label: 0, probability: 0.99 },
      pictures: [
        { title: "frame", src: PIXEL },
        { title: "grad-cam, ±1.0", src: PIXEL },
      ],
    },
  ],
};
const page = await reportPage(report, pictures);
const body = page.slice(page.indexOf("<body>"));

/** Text of a section, its tags replaced by spaces. */
const textOf = (id: string, of = page): string =>
  (of.split(`<section id="${id}">`)[1] ?? "")
    .split("</section>")[0]
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ");
const shown = ({ estimate, low, high }: Interval) => `${estimate.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;

describe("reportPage", (test) => {
  test("opens with the leakage statement, then the warning, then what it is not, once", () => {
    const first = body.indexOf(report.statements[0]);
    assert.ok(first > 0);
    assert.match(body, /^<body>\s*<header>\s*<p class="statement">Held out/);
    const warning = body.indexOf('<p class="statement warning">Metadata alone tell the classes apart.</p>');
    const notice = body.indexOf("Research software, not a medical device.");
    assert.ok(first < warning && warning < notice && notice < body.indexOf("<h1>"));
    assert.is(body.split("Research software, not a medical device.").length, 2);
    for (const text of report.statements) assert.ok(body.includes(text), text);
  });

  test("says first that pretraining saw the held-out images, in another colour", async () => {
    const seen = richFacts({ transductive: true });
    assert.match(
      await reportPage(buildReport(seen), noPictures),
      /<header>\s*<p class="statement transductive">Transductive: pretraining saw all/,
    );
  });

  test("has every section, each in the contents", () => {
    const ids = [...page.matchAll(/<section id="([a-z]+)">/g)].map(([, id]) => id);
    const links = [...page.matchAll(/<a href="#([a-z]+)">/g)].map(([, id]) => id);
    assert.equal(links, ids);
    assert.equal(
      ids.join(" "),
      "summary data ranking comparisons calibration labels trainings strata baselines errors saliency atlas spatial cases checklists methods",
    );
  });

  test("shows the numbers of the data: performance, calibration, folds, thresholds, parts, trainings", () => {
    for (const model of report.evaluation.models) {
      assert.ok(textOf("ranking").includes(`${model.name} ${shown(model.auroc)} ${shown(model.procedureAuroc)}`), model.name);
      assert.ok(
        textOf("calibration").includes(`${model.name} ${shown(model.brier)} ${shown(model.logLoss)} ${shown(model.calibrationError)}`),
      );
    }
    assert.match(textOf("ranking"), /scratch 0\.790 0\.850 – 0\.790 0\.850/);
    assert.match(
      textOf("calibration"),
      /pretrained youden 0\.40 – 0\.60 0\.500 \[0\.400, 0\.625\] 0\.500 \[0\.400, 0\.625\] .* – 10 10 10 10/,
    );
    assert.match(textOf("calibration"), /\+0\.100 \[−0\.200, \+0\.400\]/);
    assert.match(textOf("strata"), /site a 20 20 10 0\.500 \[0\.400, 0\.625\]/);
    for (const { auroc } of report.trainings.slice(0, 4)) assert.ok(textOf("trainings").includes(auroc.toFixed(3)));
    assert.match(textOf("labels"), /pretrained 0\.790 \[0\.740, 0\.840\] 0\.900 \[0\.850, 0\.950\]/);
  });

  test("tells of divisions none of whose parts has groups enough, and shows no row of dashes for them", async () => {
    const { evaluation } = facts;
    const [model] = evaluation.models;
    const histology = { ...{ by: "histology", value: "cyst", images: 4, groups: 4, positives: 0 }, auroc: null };
    const models = [{ ...model, strata: [...model.strata, histology] }];
    const text = textOf("strata", await reportPage(buildReport({ ...facts, evaluation: { ...evaluation, models } }), noPictures));
    assert.not.match(text, /cyst/);
    assert.match(text, /Not shown, since no part has five groups of each class: histology\./);
  });

  test("compares the first arm with each other one: difference, p, Holm, folds, and the sentence", () => {
    assert.match(textOf("comparisons"), /scratch \+0\.011 \[−0\.039, \+0\.061\] 0\.010 0\.020 – \+0\.031 \[−0\.010, \+0\.070\] 0\.123/);
    assert.match(textOf("comparisons"), /Sentence of knn-checkpoint-25-percent\./);
    assert.match(textOf("summary"), /Sentence of scratch\. .* The other 16 comparisons stand in the table/);
  });

  test("sets baselines and metadata beside the arms", () => {
    assert.match(
      textOf("baselines"),
      /coarse lesion shape 0\.777 \[0\.727, 0\.827\] 0\.775 \[0\.695, 0\.855\] 0\.210 \[0\.160, 0\.260\] \+0\.123 \[\+0\.073, \+0\.173\] 0\.002 0\.004 58 2 The fitted/,
    );
    assert.match(textOf("baselines"), /full lesion shape – – – – – – 1 59 The outline\./);
    assert.match(textOf("baselines"), /Sentence of coarse shape\. .* tilt degrees coarse lesion shape 0\.610/);
    assert.match(textOf("baselines"), /width 0\.701 \[0\.600, 0\.800\] 0\.005/);
    assert.match(textOf("summary"), /coarse lesion shape 0\.777 \[0\.727, 0\.827\] .*metadata alone 0\.712 \[0\.610, 0\.810\]/);
  });

  test("shows the worst errors with their pictures, and cases", () => {
    for (const { image, loss } of report.worst.slice(1)) assert.match(textOf("errors"), new RegExp(`${image} .*${loss.toFixed(2)}`));
    assert.match(page, /alt="&lt;script&gt;alert\(1\)&lt;\/script&gt;: grad-cam, ±1\.0"/);
    assert.match(textOf("cases"), /bus_1, truly malignant, probability of malignant 0\.75/);
  });

  test("holds biomarkers, mean maps, both checklists and the configuration", () => {
    assert.match(textOf("saliency"), /\+0\.50 \[\+0\.30, \+0\.70\] 0\.005 0\.020 supported/);
    assert.match(textOf("saliency"), /The rule of verdicts\./);
    assert.is([...page.matchAll(/<image href="data:image\/png;base64,/g)].length, 3);
    for (const { name, items } of report.checklists) {
      assert.match(textOf("checklists"), new RegExp(`${name.replace("+", "\\+")}: of ${items.length} items`));
      for (const { topic } of items) assert.ok(textOf("checklists").includes(topic.replaceAll("'", "&#39;")), topic);
    }
    assert.ok(page.includes("&quot;imageSize&quot;: 64"));
    assert.not.match(page, /undefined|NaN|\[object|>null</);
  });

  test("escapes what comes from people, and shows no group", () => {
    assert.match(page, /A &lt;b&gt;bold&lt;\/b&gt; claim\./);
    assert.ok(textOf("errors").includes("&lt;script&gt;alert(1)&lt;/script&gt; benign"));
    assert.not.match(page, /<script|secret-group/);
  });

  test("asks nothing of the network", () => {
    assert.not.match(page, /(src|href)="(?!data:|#)/);
    assert.not.match(page, /url\(|@import|<link/);
  });

  test("says that there are no maps where the study was not analysed, and why there are no zones without masks", async () => {
    const bare = await reportPage(buildReport({ ...facts, biomarkers: null }), noPictures);
    assert.match(bare, /This study was not analysed, so there are no maps/);
    assert.not.match(bare, /<section id="(saliency|atlas|spatial|cases)">/);
    assert.not.match(bare, /undefined|NaN|\[object/);
    const unmasked = buildReport({ ...facts, biomarkers: { ...facts.biomarkers!, table: [] } });
    assert.match(await reportPage(unmasked, noPictures), /No zone could be tested: that needs lesion masks/);
  });

  test("leaves out what a plain study has not: comparisons, other labels, other trainings", async () => {
    const { evaluation } = facts;
    const [model] = evaluation.models;
    const plain = {
      ...evaluation,
      models: [{ ...model, operating: [], calibrationLine: null, strata: [] }],
      comparisons: [],
      shortcuts: null,
      baselines: [],
    };
    const first = facts.predictions.filter(({ model: name, repeat, seed }) => name === model.name && repeat + seed === 0);
    const of = await reportPage(buildReport({ ...facts, evaluation: plain, predictions: first }), noPictures);
    assert.not.match(of, /<section id="(comparisons|labels|trainings|strata|baselines)">/);
    assert.match(textOf("calibration", of), /No inner split chose a threshold/);
    assert.not.match(of, /undefined|NaN|\[object/);
  });

  const browser = chromiumPath();
  (browser ? test : test.skip)("opens in Chromium without an error, a request, a fault that axe finds, or a sideways scroll", () =>
    withFolder(async (folder) => {
      const file = join(folder, "report.html");
      const few = buildReport(richFacts({ finetune: { protocols: ["finetune", "linear"], labelShares: [1, 0.5] } })); // axe takes its time
      await writeFile(file, await reportPage(few, pictures));
      assert.equal(await seePage(file, browser!), { problems: [], faults: [], overflows: false, deadLinks: [] });
    }),
  );
});

describe("chooseCases", (test) => {
  test("takes the highest, the middle and the lowest score of each class, positives first", () => {
    assert.equal(chooseCases([0, 1, 0, 1, 1, 0, 0], [5, 1, 3, 9, 4, -2, 0]), [3, 4, 1, 0, 6, 5]);
    assert.equal(chooseCases([0, 1], [1, 2]), [1, 0]);
  });
});

describe("explanationText", (test) => {
  test("names every method with its parameters, the unit and the correction", () => {
    const text = explanationText(facts.study, facts.biomarkers!);
    for (const part of ["Grad-CAM", "32 Gauss-Legendre nodes", "99 permutations of the class over groups", "Holm", "ellipse"])
      assert.ok(text.includes(part), part);
  });
});
