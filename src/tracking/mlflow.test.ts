import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { mlflowPython } from "../testing/mlflow-venv.ts";
import { differences, viewWithMlflow, viewWithStore, type ExperimentView } from "../testing/mlflow-view.ts";
import { dataset, loss, NAME, odd, params, writeStudy } from "../testing/native-study.ts";
import { START } from "../testing/store-contract.ts";
import { sha256 } from "../util/hash.ts";
import { openFileStore } from "./file-store.ts";

const folder = mkdtempSync(join(tmpdir(), "sonomark mlflow é-"));
const open = () => openFileStore(join(folder, "100% mlruns"), { now: () => START });
const python = await mlflowPython();

describe("a folder of ours in the real MLflow", (test) => {
  let view: ExperimentView;
  test.before(async () => {
    await writeStudy(open);
    if (python) view = await viewWithMlflow(python, open().uri, NAME);
  });
  test.after(() => rmSync(folder, { recursive: true }));

  test("reads in the store itself as it was written", async () => {
    const runId = (await viewWithStore(open(), NAME)).runs[1].runId;
    assert.equal(await open().metricHistory(runId, "train/loss"), loss);
    assert.equal(await open().metricHistory(runId, "odd/values"), odd);
  });

  if (!python) {
    test.skip("agrees with the real MLflow, which is not here", () => {});
    return;
  }

  test("shows runs, params, tags, histories, inputs and artifacts exactly as they were logged", () => {
    assert.equal(view.experiments, ["Default", NAME]);
    const [other, child, parent] = view.runs;
    assert.equal(
      [parent.name, parent.status, parent.startTime, parent.endTime, parent.parent],
      ["2026-01-02", "FINISHED", START, START + 9999, null],
    );
    assert.equal([other.name, other.status, other.parent], ["42", "KILLED", parent.runId]);
    assert.equal([child.name, child.status, child.endTime, child.parent], ["pretrain/fold-0", "FINISHED", START + 9000, parent.runId]);
    assert.equal(child.params, params);
    assert.is(child.tags["mlflow.note.content"], "# Study\né 🎈");
    const texts = ["0.5", "nan", "inf", "-inf", "1e-07", "1e+21", "-0.0", "3.0", "5e-324", "0.30000000000000004"];
    assert.equal(
      child.histories["odd/values"],
      texts.map((text, step) => [step, START + step, text]),
    );
    assert.equal(
      child.histories["train/loss"].map(([step, timestamp, value]) => [step, timestamp, Number(value)]),
      loss.map((point) => [point.step, point.timestamp, point.value]),
    );
    assert.is(child.latest["odd/values"], "0.30000000000000004");
    assert.equal(child.inputs, [dataset]);
    assert.is(child.artifacts["model/encoder.safetensors"], sha256(Uint8Array.of(0, 255, 10, 13)));
    assert.is(Object.keys(child.artifacts).length, 4);
  });

  test("shows in all the same as our own store reads", async () => {
    assert.equal(differences(await viewWithStore(open(), NAME), view), []);
  });
});
