/** @file The API through its public door, over a real store on disk. */
import { rename } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import * as assert from "uvu/assert";
import { evaluationSchema } from "../src/config/evaluation.ts";
import { describe } from "../src/testing/describe.ts";
import { range } from "../src/util/rng.ts";
import { openTestApp, type TestApp } from "./fixtures/app.ts";
import { BODY_LIMIT } from "./guards.ts";
import type { Prediction, StudyImage } from "./schemas.ts";

let t: TestApp;

async function read<T>(path: string, init?: RequestInit, status = 200): Promise<T> {
  const response = await t.app.request(path, init);
  const text = await response.text();
  assert.is(response.status, status, `${path}: ${text}`);
  return JSON.parse(text) as T;
}

/** The sentence of a refusal. */
const refusal = async (path: string, status: number, init?: RequestInit): Promise<string> =>
  (await read<{ error: string }>(path, init, status)).error;

const post = (body: unknown): RequestInit => ({
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

function upload(bytes: Uint8Array<ArrayBuffer>, { method = '{"name":"grad-cam"}', study = t.study.runId } = {}): RequestInit {
  const form = new FormData();
  form.append("study", study);
  form.append("method", method);
  form.append("image", new File([bytes], "image.png"));
  return { method: "POST", body: form };
}

const nobody = "0".repeat(32);

describe("server: runs", (test) => {
  test.before(async () => void (t = await openTestApp()));
  test.after(() => t.remove());

  test("health names the store", async () => {
    assert.equal(await read("/api/health"), { ok: true, store: t.store.uri });
  });

  test("experiments are those of the store", async () => {
    const names = (await read<{ name: string }[]>("/api/experiments")).map((e) => e.name);
    assert.ok(names.includes("phantoms"));
  });

  test("runs of an experiment come by its name or its id, and a typing mistake gets a hint", async () => {
    const byName = await read<{ runId: string; experimentId: string }[]>("/api/runs?experiment=phantoms");
    assert.is(byName.length, t.study.tasks.size + 1);
    assert.equal(await read(`/api/runs?experiment=${byName[0].experimentId}`), byName);
    assert.match(await refusal("/api/runs?experiment=fantoms", 404), /did you mean "phantoms"/);
  });

  test("a run tells params, tags, latest metrics and its children; NaN becomes null", async () => {
    const study = await read<{ task: string; params: Record<string, string>; children: { name: string }[] }>(`/api/runs/${t.study.runId}`);
    assert.is(study.task, "study");
    assert.is(study.params["data.folds"], "2");
    assert.equal(
      study.children.map((child) => child.name),
      [...t.study.tasks.keys()],
    );
    const child = await read<{ parentRunId: string; metrics: Record<string, number | null> }>(
      `/api/runs/${t.study.tasks.get("pretrain/fold-0")!}`,
    );
    assert.is(child.parentRunId, t.study.runId);
    assert.is(child.metrics["train/learning_rate"], null);
    assert.type(child.metrics.loss, "number");
  });

  test("metric histories come in step order, with NaN as null; names may hold a slash", async () => {
    const id = t.study.tasks.get("pretrain/fold-0")!;
    const loss = await read<{ step: number; value: number }[]>(`/api/runs/${id}/metrics/loss`);
    assert.equal(
      loss.map((point) => point.step),
      range(60),
    );
    const rate = await read<{ value: number | null }[]>(`/api/runs/${id}/metrics/train%2Flearning_rate`);
    assert.equal(
      rate.map((point) => point.value),
      [null],
    );
    assert.match(await refusal(`/api/runs/${id}/metrics/lost`, 404), /no metric "lost"/);
  });

  test("unknown runs are 404, and what is no run id is 422", async () => {
    assert.match(await refusal(`/api/runs/${nobody}`, 404), new RegExp(nobody));
    assert.match(await refusal("/api/runs/..%2F..%2Fetc", 422), /32 hex digits/);
  });

  test("artifacts are listed, and read with their type, name and a sandbox", async () => {
    const paths = (await read<{ path: string }[]>(`/api/runs/${t.study.runId}/artifacts`)).map((entry) => entry.path);
    assert.ok(paths.includes("evaluation.json"));
    const response = await t.app.request(`/api/runs/${t.study.runId}/artifact?path=report.html`);
    assert.match(response.headers.get("content-type")!, /^text\/html/);
    assert.match(response.headers.get("content-security-policy")!, /^sandbox; default-src 'none'/);
    assert.is(response.headers.get("x-content-type-options"), "nosniff");
    assert.is(response.headers.get("content-disposition"), "inline; filename*=UTF-8''report.html");
    assert.ok((await response.text()).startsWith("<!doctype html>"));
  });

  test("unknown kinds of file are downloaded, never shown", async () => {
    await t.store.putArtifact(t.study.runId, "model/x.svg", "<svg/>");
    const response = await t.app.request(`/api/runs/${t.study.runId}/artifact?path=model/x.svg`);
    assert.match(response.headers.get("content-disposition")!, /^attachment; filename\*=UTF-8''x\.svg$/);
  });

  for (const path of ["../meta.yaml", "..%2Fmeta.yaml", "/etc/passwd", "a/../../meta.yaml", "..%5Cmeta.yaml", "%00", "report.html%00.png"])
    test(`an artifact path that leaves the run is refused: ${path}`, async () => {
      for (const of of ["artifact", "artifacts"]) {
        const response = await t.app.request(`/api/runs/${t.study.runId}/${of}?path=${path}`);
        assert.ok(response.status >= 400 && response.status < 500, `${of}: ${response.status} ${await response.text()}`);
      }
    });

  test("an artifact that is not there is 404", async () => {
    assert.match(await refusal(`/api/runs/${t.study.runId}/artifact?path=nothing.txt`, 404), /nothing\.txt/);
  });

  test("a wrong method is a 405 that tells the right ones", async () => {
    const response = await t.app.request("/api/health", { method: "DELETE" });
    assert.equal([response.status, response.headers.get("allow")], [405, "GET, HEAD"]);
    assert.equal(await response.json(), { error: "/api/health is not for DELETE, but for GET and HEAD" });
    assert.match(await refusal("/api/predict", 405), /but for POST/);
  });

  test("an unknown address is a 404 in words", async () => {
    assert.match(await refusal("/api/nothing", 404), /openapi\.json/);
  });
});

describe("server: studies", (test) => {
  test.before(async () => void (t = await openTestApp()));
  test.after(() => t.remove());

  test("finished studies come with their results, parsed by the shared schemas", async () => {
    const { studies } = await read<{ studies: { runId: string; evaluation: unknown; report: boolean }[] }>("/api/studies");
    assert.is(studies.length, 1);
    assert.is(studies[0].runId, t.study.runId);
    assert.ok(studies[0].report);
    assert.is(evaluationSchema.parse(studies[0].evaluation).images, t.study.images.length);
  });

  test("a study whose results cannot be read hides no other, and says why", async () => {
    const { info } = await t.store.createRun({
      experimentId: (await t.store.experiment("phantoms")).experimentId,
      name: "torn",
      startTime: 1,
      tags: { "sonomark.task": "study", "sonomark.complete": "true" },
    });
    await t.store.putArtifact(info.runId, "study.json", "{}");
    await t.store.updateRun(info.runId, { status: "FINISHED", endTime: 2 });
    const { studies, broken } = await read<{ studies: unknown[]; broken: { name: string; error: string }[] }>("/api/studies");
    assert.is(studies.length, 1);
    assert.is(broken[0].name, "torn");
    assert.match(broken[0].error, /study\.json/);
  });

  test("images carry their held-out prediction and never the patient", async () => {
    const images = await read<StudyImage[]>(`/api/studies/${t.study.runId}/images`);
    assert.equal(
      images.map(({ image, fold }) => [image, fold]),
      t.study.images.map((image, i) => [image, t.study.folds[i]]),
    );
    assert.equal(Object.keys(images[0]).sort(), ["fold", "image", "label", "probability"]);
    assert.not(JSON.stringify(images).includes("patient-"));
  });

  test("a picture is the frame as PNG", async () => {
    const response = await t.app.request(`/api/studies/${t.study.runId}/images/${encodeURIComponent(t.study.images[0])}/picture`);
    assert.is(response.headers.get("content-type"), "image/png");
    const { width, height } = await sharp(await response.arrayBuffer()).metadata();
    assert.equal([width, height], [32, 32]);
  });

  test("an image that the study lacks is 404, and so is a run that is no study", async () => {
    assert.match(await refusal(`/api/studies/${t.study.runId}/images/nobody/picture`, 404), /no image "nobody"/);
    assert.match(await refusal(`/api/studies/${t.study.tasks.get("evaluate")!}/images`, 404), /not a finished study/);
  });
});

describe("server: predict", (test) => {
  test.before(async () => void (t = await openTestApp()));
  test.after(() => t.remove());
  test.before.each(() => void t.asked.splice(0));

  test("only the model that held a study image out answers for it", async () => {
    for (const i of range(t.study.images.length)) {
      const body = { study: t.study.runId, image: t.study.images[i], method: { name: "grad-cam" } };
      const { models, heldOut } = await read<Prediction>("/api/predict", post(body));
      const fold = t.study.folds[i];
      assert.equal(t.asked.at(-1)!.modelRuns, [{ runId: t.study.tasks.get(`finetune/pretrained/fold-${fold}`)! }]);
      assert.equal([models.map((model) => model.fold), heldOut?.fold], [[fold], fold]);
    }
  });

  test("a study image goes out with its lesion, in the frame", async () => {
    const { lesion } = await read<Prediction>(
      "/api/predict",
      post({ study: t.study.runId, image: t.study.images[0], method: { name: "grad-cam" } }),
    );
    const mask = Buffer.from(lesion!, "base64");
    assert.is(mask.length, 32 * 32);
    assert.is(mask[16 * 32 + 16], 1);
    assert.is(mask[0], 0);
    assert.is(t.asked[0].lesion, lesion);
  });

  test("every fold model answers for an upload, and each is told apart", async () => {
    const answer = await read<Prediction>("/api/predict", upload(new Uint8Array([1, 2, 3])));
    assert.equal(
      t.asked[0].modelRuns,
      range(2).map((k) => ({ runId: t.study.tasks.get(`finetune/pretrained/fold-${k}`)! })),
    );
    assert.is(t.asked[0].image, "AQID");
    assert.equal(answer.models, [
      { fold: 0, probability: 0.25 },
      { fold: 1, probability: 0.75 },
    ]);
    assert.equal([answer.heldOut, answer.lesion], [null, null]);
  });

  test("settings are checked and filled in by the method's schema", async () => {
    await read("/api/predict", upload(new Uint8Array([1]), { method: '{"name":"integrated-gradients","steps":8}' }));
    assert.equal(t.asked[0].method, { name: "integrated-gradients", steps: 8, baseline: "zero", cells: 16 });
    assert.match(
      await refusal("/api/predict", 422, upload(new Uint8Array([1]), { method: '{"name":"integrated-gradients","stepz":8}' })),
      /did you mean "steps"/,
    );
    assert.match(await refusal("/api/predict", 422, upload(new Uint8Array([1]), { method: "grad-cam" })), /method: must be JSON/);
  });

  test("an empty file is 400, too large a body 413, another kind of body 415, none 400", async () => {
    assert.match(await refusal("/api/predict", 400, upload(new Uint8Array(0))), /empty/);
    assert.match(await refusal("/api/predict", 413, upload(new Uint8Array(BODY_LIMIT + 1))), /larger than 20 MB/);
    assert.type(await refusal("/api/predict", 415, { method: "POST", headers: { "Content-Type": "text/plain" }, body: "x" }), "string");
    assert.match(await refusal("/api/predict", 400, { method: "POST" }), /no body/);
    assert.type(
      await refusal("/api/predict", 400, { method: "POST", headers: { "Content-Type": "application/json" }, body: "{" }),
      "string",
    );
    assert.is(t.asked.length, 0);
  });

  test("a body with missing or unknown fields is 422 and names them", async () => {
    assert.match(await refusal("/api/predict", 422, post({ study: t.study.runId, method: { name: "grad-cam" } })), /json\.image/);
    assert.match(await refusal("/api/predict", 422, post({ study: t.study.runId, image: "a", method: {}, fold: 1 })), /fold/);
  });

  test("a study image is not answered for when its data have changed or gone", async () => {
    const method = { name: "grad-cam" };
    const { remove, ...rest } = await openTestApp();
    const outer = t;
    t = { remove, ...rest };
    try {
      await rename(join(t.data, "benign/image-0.png"), join(t.data, "benign/image-00.png"));
      await rename(join(t.data, "masks/benign/image-0.png"), join(t.data, "masks/benign/image-00.png"));
      await rename(join(t.data, "groups.csv"), join(t.data, "old.txt"));
      const request = post({ study: t.study.runId, image: t.study.images[3], method });
      assert.match(await refusal("/api/predict", 409, request), /have changed since it ran/);
      await rename(t.data, `${t.data}-away`);
      assert.match(await refusal("/api/predict", 404, request), /no such folder/);
      assert.is(t.asked.length, 0);
    } finally {
      t = outer;
      await remove();
    }
  });

  test("methods come with the JSON schema of their settings", async () => {
    const methods = await read<{ name: string; schema: { properties: Record<string, { default?: unknown }> } }[]>("/api/methods");
    const gradients = methods.find((method) => method.name === "integrated-gradients")!;
    assert.is(gradients.schema.properties.steps.default, 32);
  });
});

describe("server: guards", (test) => {
  test.before(async () => void (t = await openTestApp()));
  test.after(() => t.remove());

  const status = async (headers: Record<string, string>, method = "GET", path = "/api/health"): Promise<number> =>
    (await t.app.request(path, { method, headers })).status;

  test("only this machine's names are answered for", async () => {
    for (const host of ["127.0.0.1:8787", "localhost:1", "[::1]:8787"]) assert.is(await status({ host }), 200, host);
    for (const host of ["evil.example", "evil.example:8787", "127.0.0.1.evil.example", ""]) assert.is(await status({ host }), 403, host);
  });

  test("a page of another site cannot send; this page and programs can", async () => {
    const send = (headers: Record<string, string>) => status({ host: "127.0.0.1:8787", ...headers }, "POST", "/api/predict");
    assert.is(await send({ origin: "https://evil.example" }), 403);
    assert.is(await send({ origin: "null" }), 403);
    assert.is(await send({ origin: "http://127.0.0.1:9999" }), 403);
    assert.is(await send({ "sec-fetch-site": "cross-site" }), 403);
    assert.is(await send({ "sec-fetch-site": "same-site" }), 403);
    assert.is(await send({ origin: "http://127.0.0.1:8787", "sec-fetch-site": "same-origin" }), 400);
    assert.is(await send({}), 400);
  });

  test("every answer carries a strict content policy and no sniffing, refusals too", async () => {
    for (const path of ["/api/health", "/api/nothing"]) {
      const { headers } = await t.app.request(path);
      assert.match(headers.get("content-security-policy")!, /default-src 'none'; script-src 'self'/);
      assert.is(headers.get("x-content-type-options"), "nosniff");
      assert.is(headers.get("access-control-allow-origin"), null);
    }
  });

  test("the OpenAPI document lists every route", async () => {
    const { paths } = await read<{ paths: Record<string, object> }>("/openapi.json");
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`),
    );
    const routed = t.app.routes
      .filter(({ path, method }) => path.startsWith("/api") && method !== "ALL")
      .map(({ path, method }) => `${method} ${path}`);
    assert.equal(documented.sort(), [...new Set(routed)].sort());
  });
});
