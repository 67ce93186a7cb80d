import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "../testing/describe.ts";
import { START, storeContract } from "../testing/store-contract.ts";
import { openFileStore } from "./file-store.ts";

const folder = mkdtempSync(join(tmpdir(), "sonomark-store-"));

describe("openFileStore", (test) => {
  test.after(() => rmSync(folder, { recursive: true }));
  storeContract(test, () => openFileStore(join(folder, "mlruns"), { now: () => START }));
});
