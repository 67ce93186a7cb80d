import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import * as assert from "uvu/assert";
import { assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { imagePaths } from "./log-image.ts";
import { fromYaml, toYaml } from "./meta-yaml.ts";
import { openStore } from "./open-store.ts";

const options = { now: () => 0, env: {} };

describe("openStore", (test) => {
  test("opens folders by path and by file URL, and servers by http URL", () => {
    assert.is(openStore("some/mlruns", options).uri, pathToFileURL(resolve("some/mlruns")).href);
    assert.is(openStore("/data/a b%/mlruns", options).uri, "file:///data/a%20b%25/mlruns");
    assert.is(openStore("file:///data/a%20b%25/mlruns", options).uri, "file:///data/a%20b%25/mlruns");
    assert.is(openStore("file:/data/mlruns", options).uri, "file:///data/mlruns");
    assert.is(openStore("https://mlflow.lab:8443/x", options).uri, "https://mlflow.lab:8443/x");
  });

  test("says for a database how to put a server before it", () =>
    assertUserError(
      () => openStore("sqlite:///mlflow.db", options),
      /^store "sqlite:\/\/\/mlflow.db" cannot be opened: run "mlflow server --backend-store-uri sqlite:\/\/\/mlflow.db" and give the URL/,
    ));

  test("refuses other schemes, nothing, and files of other machines", async () => {
    for (const uri of ["", "s3://bucket", "databricks://profile"])
      await assertUserError(() => openStore(uri, options), /give a folder, a file: URL, or the http\(s\): URL/);
    await assertUserError(() => openStore("file://host/mlruns", options), /is no local folder: write it like file:\/\/\/data\/mlruns/);
  });
});

describe("toYaml", (test) => {
  test("quotes each string and escapes what YAML 1.1 takes for a line break or forbids", () => {
    const text = toYaml({ b: "yes", a: "42", count: 7, none: null, list: [], odd: 'a: "b" #\n\u0085\u2028\u007f🎈' });
    assert.is(text, 'a: "42"\nb: "yes"\ncount: 7\nlist: []\nnone: null\nodd: "a: \\"b\\" #\\n\\u0085\\u2028\\u007f🎈"\n');
    assert.equal(fromYaml(text).odd, 'a: "b" #\n\u0085\u2028\u007f🎈');
  });

  test("keeps long strings on one line and nested mappings apart", () => {
    const meta = { source: "x ".repeat(500), tags: { "mlflow.data.context": "training" } };
    assert.equal(fromYaml(toYaml(meta)), meta);
    assert.is(toYaml(meta).split("\n").length, 4);
  });
});

describe("imagePaths", (test) => {
  const image = { key: "overlays/case 1", step: 3, timestamp: 1_760_000_000_000, id: "0b9f3c3e-0000-4000-8000-00000000000a" };

  test("names both files as MLflow's log_image does", () => {
    const stem = "images/overlays~case 1+step+3+timestamp+1760000000000+0b9f3c3e-0000-4000-8000-00000000000a";
    assert.equal(imagePaths(image), { png: `${stem}.png`, thumbnail: `${stem}+compressed.webp` });
  });

  test("refuses what would hide the run's images in the UI", async () => {
    await assertUserError(() => imagePaths({ ...image, key: "a+b" }), /image key "a\+b" cannot be stored/);
    assert.throws(() => imagePaths({ ...image, step: 0.5 }), /must be integers/);
    assert.throws(() => imagePaths({ ...image, id: "x" }), /must be a UUID/);
  });
});
