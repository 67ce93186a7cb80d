import * as assert from "uvu/assert";
import { parseConfig } from "../config/parse.ts";
import { studySchema } from "../config/study.ts";
import { spaceSchema } from "../config/tune.ts";
import { assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { applyParams, checkStudyTakes } from "./apply-params.ts";

const study = parseConfig(studySchema, { name: "demo", data: { source: "sample" } }, "study");
const rate = { kind: "float" as const, path: "finetune.optimiser.learningRate", low: 1e-3, high: 0.1, log: true };

describe("applyParams", (test) => {
  test("sets paths, into lists too, in a new study; its siblings keep what they were", () => {
    const before = structuredClone(study);
    const changed = applyParams(
      studySchema,
      study,
      { "finetune.optimiser.learningRate": 0.05, "finetune.augment.cropScale": [0.2, 1], "data.classes.1": "cancer" },
      "trial 0",
    );
    assert.equal(study, before);
    assert.is(changed.finetune.optimiser.learningRate, 0.05);
    assert.is(changed.finetune.optimiser.weightDecay, study.finetune.optimiser.weightDecay);
    assert.equal(changed.finetune.augment.cropScale, [0.2, 1]);
    assert.equal(changed.data.classes, ["benign", "cancer"]);
    assert.equal({ ...changed, finetune: 0, data: 0 }, { ...study, finetune: 0, data: 0 });
  });

  test("a method's name goes before its settings, wherever it stands", () => {
    const { method } = applyParams(studySchema, study, { "pretrain.method.tau": 0.99, "pretrain.method.name": "byol" }, "trial 0").pretrain;
    assert.equal([method.name, "tau" in method && method.tau], ["byol", 0.99]);
  });

  test("refuses unknown paths with the nearest name, places that a list lacks, and values that the schema refuses", async () => {
    const set = (path: string, value: number) => () => applyParams(studySchema, study, { [path]: value }, "trial 3");
    await assertUserError(set("finetune.epoch", 5), /^trial 3: unknown key "finetune\.epoch": did you mean "epochs"\?$/);
    await assertUserError(
      set("data.classes.2", 5),
      /^trial 3: data\.classes\.2: "data\.classes" is a list of 2, which has no "2": use 0 to 1$/,
    );
    await assertUserError(set("finetune.epochs", -5), /^trial 3: finetune\.epochs: .*, got -5$/);
    await assertUserError(set("__proto__.epochs", 5), /is not a path of setting names/);
  });
});

describe("checkStudyTakes", (test) => {
  test("passes a space whose branches the study takes", () =>
    checkStudyTakes(
      studySchema,
      study,
      spaceSchema.parse([
        rate,
        { kind: "category", path: "pretrain.method.name", choices: ["simclr", "byol"] },
        { kind: "float", path: "pretrain.method.tau", low: 0.9, high: 1, when: { parameter: "pretrain.method.name", equals: ["byol"] } },
      ]),
    ));

  test("names the parameter whose path or value the study refuses", async () => {
    const check = (space: unknown[]) => () => checkStudyTakes(studySchema, study, spaceSchema.parse(space));
    await assertUserError(
      check([{ ...rate, path: "finetune.optimiser.learningrate" }]),
      /^search space, finetune\.optimiser\.learningrate = 0\.001: unknown key .*did you mean "learningRate"\?/,
    );
    await assertUserError(check([{ ...rate, path: "finetune.epochs" }]), /^search space, finetune\.epochs = 0\.001: finetune\.epochs: /);
    await assertUserError(
      check([{ kind: "category", path: "encoder.name", choices: ["resnet10", "resnet11"] }]),
      /^search space, encoder\.name = "resnet11": /,
    );
  });
});
