/** @file What the page makes of the server's refusals. */
import * as assert from "uvu/assert";
import { describe } from "../../src/testing/describe.ts";
import { getMetric, getStudies, pictureUrl, predict } from "./api.ts";

const run = "0".repeat(32);
const real = globalThis.fetch;
const message = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "answered",
    (error: Error) => error.message,
  );

describe("api", (test) => {
  let asked: [string, RequestInit | undefined][] = [];
  let reply: () => Promise<Response> = () => Promise.reject(new TypeError("fetch failed"));
  test.before.each(() => {
    asked = [];
    globalThis.fetch = (url, init) => {
      asked.push([url instanceof Request ? url.url : String(url), init]);
      return reply();
    };
  });
  test.after(() => void (globalThis.fetch = real));

  test("a refusal is the server's own sentence", async () => {
    reply = () => Promise.resolve(Response.json({ error: "the store is away" }, { status: 503 }));
    assert.is(await message(getStudies()), "the store is away");
  });

  test("an answer that is not JSON still becomes a sentence", async () => {
    reply = () => Promise.resolve(new Response("<html>", { status: 502 }));
    assert.is(await message(getStudies()), "The server answered with status 502.");
  });

  test("no answer at all says what to look at", async () => {
    reply = () => Promise.reject(new TypeError("fetch failed"));
    assert.match(await message(getStudies()), /Is `sonomark serve` still running/);
  });

  test("slashes in names are sent as one part of the address", async () => {
    reply = () => Promise.resolve(Response.json([]));
    await getMetric(run, "train/loss");
    assert.match(asked[0]![0], /\/metrics\/train%2Floss$/);
    assert.match(pictureUrl(run, "benign/benign (1)"), /\/images\/benign%2Fbenign%20\(1\)\/picture$/);
  });

  test("a study image goes as JSON, an upload as a form", async () => {
    reply = () => Promise.resolve(Response.json({}));
    const { signal } = new AbortController();
    await predict(run, "a", { name: "grad-cam" }, signal);
    assert.equal(JSON.parse(asked[0]![1]!.body as string), { study: run, image: "a", method: { name: "grad-cam" } });
    await predict(run, new File(["x"], "x.png"), { name: "grad-cam" }, signal);
    const form = asked[1]![1]!.body as FormData;
    assert.equal([form.get("study"), form.get("method")], [run, '{"name":"grad-cam"}']);
    assert.instance(form.get("image"), File);
  });
});
