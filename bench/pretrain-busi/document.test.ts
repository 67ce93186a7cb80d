import * as assert from "uvu/assert";
import { parseConfig } from "../../src/config/parse.ts";
import { studySchema } from "../../src/config/study.ts";
import { describe } from "../../src/testing/describe.ts";
import literal from "../../experiments/pretrain-busi.ts";
import { documentOf, sentences, type DocumentInput } from "./document.ts";
import { MEASURES, UNTRAINED } from "./names.ts";
import type { Summary } from "./summary.ts";

const estimate = { estimate: 0.7, low: 0.65, high: 0.75 };
const difference = (value: number, adjusted: number) => ({
  delta: { estimate: value, low: value - 0.02, high: value + 0.02 },
  p: adjusted / 5,
  adjusted,
});
const differences: Summary["differences"] = [
  {
    initialisation: "simclr",
    cells: [difference(0.03, 0.01), difference(-0.04, 0.02), ...MEASURES.slice(2).map(() => difference(0.03, 0.2))],
  },
  { initialisation: "byol", cells: MEASURES.map(() => difference(0, 1)) },
];
const input: DocumentInput = {
  study: parseConfig(studySchema, literal, "pretrain-busi"),
  methods: ["simclr", "byol"],
  settings: new Map([
    ["simclr", ["mild, 0.05", "wild, 0.05"]],
    ["byol", ["mild, 0.05", "wild, 0.05"]],
  ]),
  ...{ seeds: 3, tested: 5, inner: 3, shortly: 15, images: 647, licence: "CC BY 4.0", machine: "a machine", quick: false },
  choices: ["simclr", "byol"].flatMap((method) => [0, 1].map((fold) => ({ method, fold, scores: [0.61, 0.6 + fold / 10], chosen: fold }))),
  unlabelled: [{ reader: "ussimandsegm", images: 40, licence: "free" }],
  summary: {
    ...{ images: 640, groups: 500, differences },
    rows: [UNTRAINED, "simclr", "byol"].map((initialisation) => ({
      initialisation,
      cells: MEASURES.map(() => ({ ...estimate, byFold: 0.71 })),
    })),
    chosen: { knn: new Map([["k 5, temperature 0.1", 15]]), penalty: new Map([["10", 15]]) },
    finetune: [{ share: 0.1, batchSize: 16, groups: [40, 41], images: [52, 56], epochs: [100, 110], updates: [300, 303] }],
  },
};

describe("sentences", (test) => {
  test("put each difference where its adjusted p and its sign say, worse ones too", () => {
    assert.equal(sentences({ differences }), [
      "SimCLR against untrained: ranks better in kNN; ranks worse in linear probe; the data do not tell them apart in fine-tune 10 %, fine-tune 25 % and fine-tune 100 %.",
      "BYOL against untrained: the data do not tell them apart in kNN, linear probe, fine-tune 10 %, fine-tune 25 % and fine-tune 100 %.",
    ]);
  });
});

describe("documentOf", (test) => {
  const text = documentOf(input);

  test("has a row for each encoder with an interval in each cell", () => {
    assert.ok(text.includes(`| SimCLR | ${MEASURES.map(() => "0.700 [0.650, 0.750]").join(" | ")} |`));
    assert.ok(text.includes("+0.030 [+0.010, +0.050], p 0.002 (0.010)"));
    assert.ok(text.includes("−0.040 [−0.060, −0.020]"));
  });

  test("says what was pretrained on, how the settings were chosen and what each inner split said", () => {
    assert.ok(text.includes("and 40 unlabelled images of `ussimandsegm` (free)"));
    assert.ok(text.includes("--unlabelled ussimandsegm:<folder>"));
    assert.ok(text.includes("| mild, 0.05 | 1 of 2 | **0.610** | 0.610 |"));
    assert.ok(text.includes("| 10 % | 40–41 | 52–56 | 16 | 100–110 | 300–303 |"));
    assert.ok(documentOf({ ...input, unlabelled: [] }).includes("trains on and nothing else"));
  });

  test("warns where it was a quick run, and holds no number that is none", () => {
    assert.ok(documentOf({ ...input, quick: true }).includes("its numbers say nothing"));
    assert.not.match(text, /NaN|undefined|Infinity/);
  });
});
