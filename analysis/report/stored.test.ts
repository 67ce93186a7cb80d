/** @file Reports of studies in a store: of studies that were analysed, evaluated, and neither. */
import { join } from "node:path";
import * as assert from "uvu/assert";
import { reportSchema } from "../../src/config/report.ts";
import { assertUserError } from "../../src/testing/close.ts";
import { describe } from "../../src/testing/describe.ts";
import { withFolder } from "../../src/testing/picture-files.ts";
import { openStore } from "../../src/tracking/open-store.ts";
import type { Store } from "../../src/tracking/store.ts";
import { richFacts } from "../testing/rich-report.ts";
import { storeStudy, type StoredStudy } from "../testing/stored-study.ts";
import { buildReport } from "./build.ts";
import { storedReport } from "./stored.ts";

const facts = richFacts({ finetune: { initialisations: ["scratch", "pretrained"] } });

/** A store, and a way to put studies there, each later than the one before. */
const inStore = (body: (store: Store, add: (study: Partial<StoredStudy>) => ReturnType<typeof storeStudy>) => Promise<void>) => () =>
  withFolder(async (folder) => {
    const store = openStore(join(folder, "mlruns"), { now: () => 0 });
    let startTime = 0;
    await body(store, (study) =>
      storeStudy(store, { ...{ name: "small", facts, reached: "gathered", status: "FINISHED", startTime: ++startTime }, ...study }),
    );
  });

describe("storedReport", (test) => {
  test(
    "is what the analysis wrote, where the study was analysed",
    inStore(async (store, add) => {
      const { runId } = await add({ reached: "analysed" });
      const found = await storedReport(store, "small");
      assert.equal([found.html, found.json, found.analysed, found.run.info.runId], ["<!doctype html>as written", "{}", true, runId]);
    }),
  );

  test(
    "is written from the evaluation where the study was not, equal to what facts give, whether or not results were gathered",
    inStore(async (store, add) => {
      const source = { reader: "folder", licence: "CC BY 4.0", citation: "Somebody 2020" };
      for (const [reached, status] of [["gathered", "FINISHED"] as const, ["evaluated", "KILLED"] as const]) {
        const { runId } = await add({ name: reached, reached, status });
        const found = await storedReport(store, runId);
        assert.is(found.analysed, false);
        const report = reportSchema.parse(JSON.parse(found.json));
        const { sonomark } = report.software;
        assert.equal(
          report,
          buildReport({ ...facts, biomarkers: null, source, software: { ...facts.software, sonomark, commit: null } }),
          reached,
        );
        assert.match(found.html, /This study was not analysed/);
      }
    }),
  );

  test(
    "by name falls back on the newest run that was evaluated, where none finished",
    inStore(async (store, add) => {
      const killed = await add({ reached: "evaluated", status: "KILLED" });
      await add({ reached: "started", status: "KILLED" });
      assert.is((await storedReport(store, "small")).run.info.runId, killed.runId);
    }),
  );

  test(
    "says that there is no evaluation, and how to get one",
    inStore(async (store, add) => {
      await add({ name: "early", reached: "started", status: "KILLED" });
      await assertUserError(
        () => storedReport(store, "early"),
        /^study early \(run [0-9a-f]{32}, killed\) has no evaluation to report; run the study again, which goes on from where it stopped$/,
      );
    }),
  );

  test(
    "says which file is damaged",
    inStore(async (store, add) => {
      const { runId } = await add({});
      await store.putArtifact(runId, "evaluation.json", JSON.stringify({ ...facts.evaluation, images: "many" }));
      await assertUserError(() => storedReport(store, "small"), /^evaluation\.json of study small: images: .*got "many"/);
      await store.putArtifact(runId, "evaluation.json", "{");
      await assertUserError(() => storedReport(store, "small"), /^evaluation\.json of study small is no JSON.*run the study again/);
    }),
  );
});
