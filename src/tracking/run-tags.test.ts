import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { nativeTags } from "./run-tags.ts";

const folder = mkdtempSync(join(tmpdir(), "sonomark-tags-"));

describe("nativeTags", (test) => {
  test.after(() => rmSync(folder, { recursive: true }));

  test("names user, program and kind, and no commit outside a repository", async () => {
    const tags = await nativeTags({ root: folder, program: join(folder, "pretrain/main.ts"), env: { MLFLOW_TRACKING_USERNAME: "ann" } });
    assert.equal(tags, { "mlflow.user": "ann", "mlflow.source.name": "pretrain/main.ts", "mlflow.source.type": "LOCAL" });
  });

  test("takes the user of the machine and the running script by default", async () => {
    const tags = await nativeTags({ env: {} });
    assert.ok(tags["mlflow.user"].length > 0);
    assert.ok(tags["mlflow.source.name"].length > 0);
  });

  test("names the commit of a repository, but not for a folder inside somebody else's", async () => {
    const git = (...args: string[]): string =>
      execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], { cwd: folder, encoding: "utf8" });
    git("init", "-q");
    git("commit", "-q", "--allow-empty", "-m", "first");
    mkdirSync(join(folder, "inside"));
    assert.is((await nativeTags({ root: folder }))["mlflow.source.git.commit"], git("rev-parse", "HEAD").trim());
    assert.not("mlflow.source.git.commit" in (await nativeTags({ root: join(folder, "inside") })));
  });
});
