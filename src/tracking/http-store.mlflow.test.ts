import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { mlflowPython, startMlflowServer, type MlflowServer } from "../testing/mlflow-venv.ts";
import { differences, viewWithMlflow, viewWithStore } from "../testing/mlflow-view.ts";
import { NAME, writeStudy } from "../testing/native-study.ts";
import { START, storeContract } from "../testing/store-contract.ts";
import { openHttpStore } from "./http-store.ts";

const python = await mlflowPython();

describe("openHttpStore against a real server over SQLite", (test) => {
  test("keeps the address without the slash at its end", () => {
    assert.is(openHttpStore("http://127.0.0.1:5000/prefix/", { now: () => START }).uri, "http://127.0.0.1:5000/prefix");
  });

  if (!python) return;
  const folder = mkdtempSync(join(tmpdir(), "sonomark-server-"));
  let server: MlflowServer;
  const open = () => openHttpStore(server.url, { now: () => START });

  test.before(async () => {
    server = await startMlflowServer(python, `sqlite:///${join(folder, "mlflow.db")}`, folder);
  });
  test.after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  storeContract(test, open);

  test("gives MlflowClient the same as it gives us", async () => {
    await writeStudy(open);
    const theirs = JSON.stringify(await viewWithMlflow(python, server.url, NAME)).replaceAll("1.7976931348623157e+308", "inf"); // SQL has no infinity
    assert.equal(differences((await viewWithStore(open(), NAME)).runs, (JSON.parse(theirs) as { runs: unknown }).runs), []);
  });
});
