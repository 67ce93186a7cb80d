import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { mlflowPython, startMlflowServer, type MlflowServer } from "../testing/mlflow-venv.ts";
import { START, storeContract } from "../testing/store-contract.ts";
import { openHttpStore } from "./http-store.ts";

const python = await mlflowPython();

describe("openHttpStore against a real server over SQLite", (test) => {
  test("keeps the address without the slash at its end", () => {
    assert.is(openHttpStore("http://127.0.0.1:5000/prefix/", { now: () => START }).uri, "http://127.0.0.1:5000/prefix");
  });

  if (!python) {
    test.skip("agrees with the real MLflow, which is not here", () => {});
    return;
  }
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
});
