import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { found, foundEvaluation, foundFile, foundOptimistic } from "../testing/found-search.ts";
import { formatTune } from "./format-tune.ts";

const shown = (over: Partial<typeof found> = {}) =>
  formatTune({
    ...{ study: "found", command: "sonomark study found", tuned: { ...found, ...over }, own: foundFile.trials[0].params },
    ...{ evaluation: foundEvaluation, optimistic: foundOptimistic },
  });

describe("formatTune", (test) => {
  const text = shown();
  const row = (start: string) =>
    text
      .split("\n")
      .find((line) => line.startsWith(start))!
      .split(/ {2,}/);

  test("says how many trials ended how, and what judged them", () =>
    assert.match(
      text,
      /^Search over 2 settings of study found: 7 trials \(5 complete, 1 pruned, 1 failed\), judged by the inner AUROC of every fold\n/,
    ));
  test("lists the best trial, the study's own and each fold's choice beside each other", () => {
    assert.equal(row("trial"), ["trial", "4", "0", "1", "4", "4"]);
    assert.equal(row("inner AUROC"), ["inner AUROC", "0.770", "0.720", "0.800", "0.760", "0.800"]);
    assert.equal(row("finetune.optimiser.learningRate"), ["finetune.optimiser.learningRate", "0.015", "0.01", "0.02", "0.015", "0.015"]);
    assert.equal(row("finetune.augment.cropScale"), ["finetune.augment.cropScale", "[0.4,1]", "[0.7,1]", "[0.4,1]", "[0.4,1]", "[0.4,1]"]);
  });
  test("calls the best single trial's number optimistic, and says what the nested one is free of", () => {
    assert.match(text, /held-out AUROC 0\.875 \[0\.750, 0\.938\]\. That is optimistic/);
    assert.match(text, /own inner split chose of 6 to 5 trials/);
    assert.match(text, /led by means over folds/);
    assert.match(shown({ strict: true }), /Which settings were tried depends on no label/);
  });
  test("says so where every fold chose the study's own settings", () => {
    const byFold = found.byFold.map((one) => ({ ...one, trial: 0 }));
    assert.match(shown({ byFold }), /Every fold chose the study's own settings/);
    assert.not.match(shown({ byFold, own: null }), /Every fold chose/);
    assert.not.match(text, /Every fold chose/);
  });
  test("draws importance as bars, 30 characters for all of it", () => {
    const bars = text.split("\n").filter((line) => line.includes("█"));
    assert.equal(
      bars.map((line) => line.split("█").length - 1),
      [23, 8], // 22.5 and 7.5 are rounded up
    );
    assert.match(bars[0], /75 %$/);
    const none = found.importance.map((one) => ({ ...one, divergence: 0, share: 0 }));
    assert.match(shown({ importance: none }), /too few complete trials to tell/);
  });
  test("gives the command that runs the best settings, safe in a shell", () =>
    assert.match(
      text,
      / {2}sonomark study found --set finetune\.optimiser\.learningRate=0\.015 --set 'finetune\.augment\.cropScale=\[0\.4,1\]'$/,
    ));
});
