import * as assert from "uvu/assert";
import { studySchema } from "../../config/study.ts";
import type { Trial } from "../../config/tune.ts";
import type { StudyTuneInput } from "../../config/tune-study.ts";
import { TUNE_FILES, tuneFileSchema } from "../../config/tuned.ts";
import { assertUserError } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import {
  heightAt,
  inStore,
  landscape,
  landscapeInput,
  landscapeRate as rate,
  landscapeRuns,
  landscapeStudy,
  landscapeTune as tuneOf,
} from "../../testing/landscape.ts";
import { range, rngOf } from "../../util/rng.ts";
import { planStudy } from "../plan.ts";
import { KEY_TAG, PARENT_TAG, TASK_TAG } from "../tags.ts";
import { TRIAL_TASK } from "./tags.ts";
import { trialStudy } from "./trial-study.ts";
import { tuneStudy } from "./tune-study.ts";

const temperature = "pretrain.method.temperature";

const meanHeight = ({ params, number }: Trial): number =>
  range(4).reduce((sum, fold) => sum + heightAt(trialStudy(landscapeStudy, params, number), fold) / 4, 0);

describe("tuneStudy", (test) => {
  test("leaves a tree: search, trials with params and fold values, their tasks; equal pretrainings are run once", () =>
    inStore(async (store) => {
      const { options, ran } = landscape(store);
      const { run, trials, tuned } = await tuneStudy(landscapeStudy, tuneOf(), options);
      assert.is(trials.length, 5);
      for (const trial of trials) assert.ok(Math.abs(trial.value! - meanHeight(trial)) < 1e-12);
      const temperatures = new Set(trials.map(({ params }) => params[temperature]));
      assert.is(ran.filter((name) => name.startsWith("pretrain")).length, 4 * temperatures.size);
      assert.is(ran.filter((name) => name.startsWith("finetune/pretrained")).length, 20);

      const children = await landscapeRuns(store, TRIAL_TASK);
      assert.equal(
        children.map(({ tags, info }) => [tags[PARENT_TAG], info.status]),
        children.map(() => [run.info.runId, "FINISHED"]),
      );
      for (const [i, child] of children.entries()) {
        assert.is(child.params[rate.path], String(trials[i].params[rate.path]));
        assert.is(child.metrics.value.value, trials[i].value);
        const history = await store.metricHistory(child.info.runId, "inner/auroc");
        assert.equal(Object.fromEntries(history.map(({ step, value }) => [step, value])), trials[i].folds);
      }
      const models = (await landscapeRuns(store)).filter(({ tags }) => tags[TASK_TAG].startsWith("finetune/"));
      assert.equal(
        models.map(({ tags }) => tags[PARENT_TAG]),
        children.flatMap(({ info }) => range(4).map(() => info.runId)),
      );
      const file = tuneFileSchema.parse(JSON.parse((await store.readArtifact(run.info.runId, TUNE_FILES.search)).toString()));
      assert.equal(file.trials, trials);
      assert.is((await store.readArtifact(run.info.runId, TUNE_FILES.trials)).toString().split("\n").length, 7); // header, 5, end
      assert.ok(tuned.importance.length === 2 && !tuned.strict);
    }));

  test("trial 0 has the study's own settings, and its tasks the keys that they have in the whole study", () =>
    inStore(async (store) => {
      const { trials } = await tuneStudy(landscapeStudy, tuneOf({ trials: 1 }), landscape(store).options);
      assert.equal(trials[0].params, { [rate.path]: 0.01, [temperature]: 0.2 });
      const planned = planStudy(landscapeStudy, { data: "d", code: "c", engine: "e" });
      const wanted = planned.filter(({ name }) => /^(pretrain|finetune\/pretrained)\//.test(name)).map(({ key }) => key);
      const keys = (await landscapeRuns(store)).map(({ tags }) => tags[KEY_TAG]);
      assert.ok(wanted.length === 8 && wanted.every((key) => keys.includes(key)));
    }));

  test("what is gathered is each fold's own best, found by looking at every fold and trial", () =>
    inStore(async (store) => {
      const { run, trials, tuned } = await tuneStudy(
        landscapeStudy,
        tuneOf({ sampler: { name: "sobol" }, trials: 16 }),
        landscape(store).options,
      );
      const needs = JSON.parse((await store.readArtifact(run.info.runId, TUNE_FILES.evaluation)).toString()) as Record<string, string>;
      const keyOf = ({ params, number }: Trial, fold: number) =>
        planStudy(trialStudy(landscapeStudy, params, number), { data: "d", code: "c", engine: "e" }).find(
          ({ name }) => name === `finetune/pretrained/fold-${fold}`,
        )!.key;
      const chosen = range(4).map((fold) => {
        const heights = trials.map(({ params, number }) => heightAt(trialStudy(landscapeStudy, params, number), fold));
        return trials[heights.indexOf(Math.max(...heights))];
      });
      assert.ok(new Set(chosen).size > 1, "folds differ in their choice");
      const means = trials.map(meanHeight);
      const best = trials[means.indexOf(Math.max(...means))];
      assert.equal(needs, {
        ...Object.fromEntries(chosen.map((trial, fold) => [`tuned/fold-${fold}`, keyOf(trial, fold)])),
        ...Object.fromEntries(range(4).map((fold) => [`default/fold-${fold}`, keyOf(trials[0], fold)])),
        ...Object.fromEntries(range(4).map((fold) => [`best/fold-${fold}`, keyOf(best, fold)])),
      });
      assert.is(tuned.strict, true);
    }));

  test("two jobs: the same trials whichever ends first, and what two need at once is run once", async () => {
    const outcomes: { trials: Trial[]; pretrained: string[] }[] = [];
    for (const seed of range(2))
      await inStore(async (store) => {
        const rng = rngOf(seed, "delay");
        const { options, ran } = landscape(store, { delay: () => 3 * rng.next() });
        const { trials } = await tuneStudy(landscapeStudy, tuneOf({ space: [rate] }), { ...options, jobs: 2 });
        outcomes.push({ trials, pretrained: ran.filter((name) => name.startsWith("pretrain")).sort() });
      });
    for (const { trials, pretrained } of outcomes) {
      assert.equal(trials, outcomes[0].trials);
      assert.equal(
        pretrained,
        range(4).map((fold) => `pretrain/fold-${fold}`),
      );
    }
  });

  test("asked again it runs nothing, asked for more trials it goes on with those that it has", () =>
    inStore(async (store) => {
      const first = await tuneStudy(landscapeStudy, tuneOf({ trials: 3 }), landscape(store).options);
      const again = landscape(store);
      const second = await tuneStudy(landscapeStudy, tuneOf({ trials: 3 }), again.options);
      assert.equal([second.ran, second.run.info.runId, second.trials, again.ran], [false, first.run.info.runId, first.trials, []]);
      const more = landscape(store);
      const third = await tuneStudy(landscapeStudy, tuneOf(), more.options);
      assert.equal([third.run.info.runId, third.trials.slice(0, 3)], [first.run.info.runId, first.trials]);
      assert.is(more.ran.filter((name) => name.startsWith("finetune")).length, 8);
      const whole = await inStore(async (other) => tuneStudy(landscapeStudy, tuneOf(), landscape(other).options));
      assert.equal(third.trials, whole.trials);
    }));

  test("a trial that is worse fold by fold is stopped before its last fold", () =>
    inStore(async (store) => {
      const { options, ran } = landscape(store);
      const five = studySchema.parse({ ...landscapeInput, data: { ...landscapeInput.data, folds: 5 } });
      const { trials, tuned } = await tuneStudy(
        five,
        tuneOf({ pruner: { name: "wilcoxon" }, sampler: { name: "random" }, trials: 12 }),
        options,
      );
      const pruned = trials.filter(({ state }) => state === "pruned");
      assert.ok(pruned.length > 0 && !tuned.strict);
      assert.equal(new Set(pruned.map(({ folds }) => Object.keys(folds).length)), new Set([4])); // the fewest that reach p < 0.1
      assert.is(ran.filter((name) => name.startsWith("finetune")).length, 12 * 5 - pruned.length);
    }));

  test("says what cannot be searched, and why, before anything is stored", () =>
    inStore(async (store) => {
      const refuses = async (sentence: RegExp, study: object, tune: Partial<StudyTuneInput>) => {
        await assertUserError(
          () => tuneStudy(studySchema.parse({ ...landscapeInput, ...study }), tuneOf(tune), landscape(store).options),
          sentence,
        );
      };
      await refuses(/finetune\.inner\.folds is 0, so no images are set aside/, { finetune: { inner: { folds: 0 } } }, {});
      await refuses(
        /unknown key "finetune\.epoch": did you mean "epochs"\?/,
        {},
        { space: [{ kind: "int", path: "finetune.epoch", low: 1, high: 9 }] },
      );
      for (const path of ["data.folds", "seed", "finetune.inner.folds"])
        await refuses(
          new RegExp(`${path.replaceAll(".", "\\.")} cannot be searched`),
          {},
          { space: [{ kind: "int", path, low: 2, high: 9 }] },
        );
      await refuses(
        /pretrain\.epochs decides nothing of scratch models/,
        { finetune: { initialisations: ["scratch"] } },
        { space: [{ kind: "int", path: "pretrain.epochs", low: 2, high: 9 }] },
      );
      assert.equal(await landscapeRuns(store), []);
    }));
});
