import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { mlflowPython, startMlflowServer } from "../testing/mlflow-venv.ts";
import { START, storeContract } from "../testing/store-contract.ts";
import { openHttpStore } from "./http-store.ts";

const folder = mkdtempSync(join(tmpdir(), "sonomark-server-"));
const python = await mlflowPython();
const server = python ? await startMlflowServer(python, `sqlite:///${join(folder, "mlflow.db")}`, folder) : undefined;

describe("openHttpStore against a real server over SQLite", (test) => {
  test.after(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true });
  });

  test("keeps the address without the slash at its end", () => {
    assert.is(openHttpStore("http://127.0.0.1:5000/prefix/", { now: () => START }).uri, "http://127.0.0.1:5000/prefix");
  });

  if (server) storeContract(test, () => openHttpStore(server.url, { now: () => START }));
  else test.skip("agrees with the real MLflow, which is not here", () => {});
});
