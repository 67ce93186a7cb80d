import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as assert from "uvu/assert";
import { assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { START } from "../testing/store-contract.ts";
import { openHttpStore } from "./http-store.ts";
import type { Store } from "./store.ts";

interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: string;
}
type Answer = { status?: number; headers?: Record<string, string>; body?: unknown } | "hang up";

/** A server that answers by a list (the last answer again and again), on this machine only. */
async function withServer(
  answers: Answer[],
  body: (world: { url: string; seen: Seen[]; waits: number[]; open(env?: NodeJS.ProcessEnv, path?: string): Store }) => Promise<void>,
): Promise<void> {
  const seen: Seen[] = [];
  const waits: number[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const answer = answers[Math.min(seen.length, answers.length - 1)];
      seen.push({ method: request.method!, url: request.url!, headers: request.headers, body: Buffer.concat(chunks).toString() });
      if (answer === "hang up") return void request.socket.destroy();
      const text = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body ?? {});
      response.writeHead(answer.status ?? 200, answer.headers).end(text);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const wait = (ms: number): Promise<void> => (waits.push(ms), Promise.resolve());
  try {
    await body({
      url,
      seen,
      waits,
      open: (env = {}, path = "") => openHttpStore(url + path, { now: () => START, randomId: () => "an-id", env, wait }),
    });
  } finally {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
}

const run = { info: { run_id: "r1", experiment_id: "1", artifact_uri: "mlflow-artifacts:/1/r1/artifacts" } };
const failed = (status: number, error_code: string, message: string): Answer => ({ status, body: { error_code, message } });

describe("openHttpStore: what it sends", (test) => {
  test("numbers that JSON lacks as text, batches of a thousand, with a length", () =>
    withServer([{}], async ({ seen, open }) => {
      const points = Array.from({ length: 1001 }, (_, step) => ({
        key: "m",
        value: [NaN, Infinity, -Infinity][step] ?? step,
        step,
        timestamp: START,
      }));
      await open().logMetrics("r1", points);
      assert.equal(
        seen.map(({ method, url }) => `${method} ${url}`),
        Array(2).fill("POST /api/2.0/mlflow/runs/log-batch"),
      );
      const bodies = seen.map(({ body }) => JSON.parse(body) as { run_id: string; metrics: { value: unknown }[] });
      assert.equal(
        bodies.map(({ metrics }) => metrics.length),
        [1000, 1],
      );
      assert.equal(
        bodies[0].metrics.slice(0, 4).map(({ value }) => value),
        ["NaN", "Infinity", "-Infinity", 3],
      );
      assert.is(Object.keys(bodies[0])[0], "run_id");
      assert.is(seen[0].headers["content-type"], "application/json");
      assert.is(seen[0].headers["content-length"], `${seen[0].body.length}`);
      assert.is(seen[0].headers["transfer-encoding"], undefined);
    }));

  test("a password or a token, but not both, and the workspace", () =>
    withServer([{}], async ({ seen, open }) => {
      const name = { MLFLOW_TRACKING_USERNAME: "ann", MLFLOW_TRACKING_PASSWORD: "s3cret" };
      for (const env of [{}, name, { MLFLOW_TRACKING_TOKEN: "t" }, { ...name, MLFLOW_TRACKING_TOKEN: "t", MLFLOW_WORKSPACE: "lab" }])
        await open(env).listExperiments();
      const basic = `Basic ${Buffer.from("ann:s3cret").toString("base64")}`;
      assert.equal(
        seen.map(({ headers }) => headers.authorization),
        [undefined, basic, "Bearer t", basic],
      );
      assert.is(seen[3].headers["x-mlflow-workspace"], "lab");
    }));

  test("artifacts through the server, percent-encoded, below its path prefix", () =>
    withServer([{ body: { run } }, {}], async ({ seen, open }) => {
      const store = open({}, "/team/mlflow/");
      await store.putArtifact("r1", "maps/a b+é?%.npy", Uint8Array.of(1));
      await store.putArtifact("r1", "x", "y");
      const root = "/team/mlflow/api/2.0/mlflow-artifacts/artifacts/1/r1/artifacts";
      assert.equal(
        seen.map(({ url }) => url),
        ["/team/mlflow/api/2.0/mlflow/runs/get?run_id=r1", `${root}/maps/a%20b%2B%C3%A9%3F%25.npy`, `${root}/x`],
      );
      assert.is(seen[1].method, "PUT");
    }));

  test("nothing through the proxy of the environment when the server is this machine", () =>
    withServer([{}], async ({ seen, open }) => {
      process.env.http_proxy = "http://127.0.0.1:9";
      try {
        await open().listExperiments();
      } finally {
        delete process.env.http_proxy;
      }
      assert.is(seen.length, 1);
    }));

  test("follows pages of runs, experiments and histories", () =>
    withServer(
      [
        { body: { runs: [run], next_page_token: "p2" } },
        { body: { runs: [{ info: { ...run.info, run_id: "r2" } }] } },
        { body: { metrics: [{ key: "m", value: "NaN", timestamp: "1", step: "2" }], next_page_token: "p2" } },
        { body: { metrics: [{ key: "m", value: 1.7976931348623157e308, timestamp: 1 }] } },
      ],
      async ({ seen, open }) => {
        assert.equal(
          (await open().searchRuns({ experimentIds: ["1"] })).map(({ info }) => info.runId),
          ["r1", "r2"],
        );
        assert.is((JSON.parse(seen[1].body) as { page_token: string }).page_token, "p2");
        const history = await open().metricHistory("r1", "m");
        assert.equal(
          history.map(({ value, step }) => [value, step]),
          [
            [Infinity, 0],
            [NaN, 2],
          ],
        );
        assert.match(seen[2].url, /max_results=25000/);
      },
    ));
});

describe("openHttpStore: when it is tried again", (test) => {
  test("waits as long as the server asks, else longer each time", () =>
    withServer(
      [
        failed(503, "TEMPORARILY_UNAVAILABLE", "busy"),
        failed(502, "", ""),
        failed(429, "REQUEST_LIMIT_EXCEEDED", ""),
        { status: 503, headers: { "Retry-After": "7" } },
        {},
      ],
      async ({ seen, waits, open }) => {
        await open().setTags("r1", { a: "b" });
        assert.is(seen.length, 5);
        assert.equal(waits, [0, 2000, 4000, 7000]);
      },
    ));

  test("gives up after as many tries as MLFLOW_HTTP_REQUEST_MAX_RETRIES allows", () =>
    withServer([failed(503, "TEMPORARILY_UNAVAILABLE", "down for the night")], async ({ seen, open }) => {
      await assertUserError(
        () => open({ MLFLOW_HTTP_REQUEST_MAX_RETRIES: "2" }).setTags("r1", { a: "b" }),
        /failed \(503: down for the night\)/,
      );
      assert.is(seen.length, 3);
      await assertUserError(
        () => open({ MLFLOW_HTTP_REQUEST_MAX_RETRIES: "many" }),
        /MLFLOW_HTTP_REQUEST_MAX_RETRIES is "many": set it to a whole number/,
      );
    }));

  test("is not tried again where the answer will stay", () =>
    withServer(
      [
        failed(400, "INVALID_PARAMETER_VALUE", "no"),
        failed(500, "INTERNAL_ERROR", "INVALID_STATE: x"),
        { status: 500, body: "<h1>Internal</h1>" },
      ],
      async ({ seen, waits, open }) => {
        for (let i = 0; i < 3; i++) await assertUserError(() => open().setTags("r1", { a: "b" }), /refuses|failed/);
        assert.equal([seen.length, waits.length], [3, 0]);
      },
    ));

  test("goes on after a lost connection, once the server was reached", () =>
    withServer([{}, "hang up", "hang up", {}], async ({ seen, open }) => {
      const store = open();
      await store.setTags("r1", { a: "b" });
      await store.setTags("r1", { a: "c" });
      assert.is(seen.length, 4);
    }));

  test("finds a run again whose creation was answered into the void", () =>
    withServer(
      [{}, "hang up", { body: { runs: [{ ...run, data: { tags: [{ key: "sonomark.uid", value: "an-id" }] } }] } }],
      async ({ seen, open }) => {
        const store = open();
        await store.listExperiments();
        assert.is((await store.createRun({ experimentId: "1", name: "x", startTime: START })).info.runId, "r1");
        assert.equal(
          seen.slice(1).map(({ url }) => url.split("/").at(-1)),
          ["create", "search"],
        );
        assert.match(seen[1].body, /{"key":"sonomark.uid","value":"an-id"}/);
      },
    ));

  test("creates a run once more where the first request never arrived", () =>
    withServer([{}, "hang up", {}, { body: { run } }], async ({ seen, open }) => {
      const store = open();
      await store.listExperiments();
      await store.createRun({ experimentId: "1", name: "x", startTime: START });
      assert.equal(
        seen.slice(1).map(({ url }) => url.split("/").at(-1)),
        ["create", "search", "create"],
      );
    }));
});

describe("openHttpStore: what it says", (test) => {
  const sentences: [string, Answer, RegExp][] = [
    ["a missing login", { status: 401, body: "You are not authenticated." }, /does not know us \(401\): set MLFLOW_TRACKING_USERNAME/],
    [
      "a foreign host name",
      { status: 403, body: "Invalid Host header - possible DNS rebinding attack detected" },
      /refuses this host name \(403\): start it with --allowed-hosts/,
    ],
    ["a foreign origin", { status: 403, body: "Cross-origin request blocked" }, /--cors-allowed-origins/],
    ["a missing right", { status: 403, body: "<p>Permission denied</p>" }, /denies access \(403: Permission denied\): ask for the right/],
    [
      "a page of something else",
      { status: 404, body: "<!doctype html><title>404 Not Found</title><style>x{}</style><h1>Not Found</h1>" },
      /refuses \(404: 404 Not Found Not Found\)/,
    ],
    ["a proxy's limit", { status: 413, body: "<html>" }, /refuses data of this size \(413\)/],
    ["a move", { status: 308, headers: { location: "https://other/" } }, /sends us on to https:\/\/other\/ \(308\): give that address/],
    ["a login page", { body: "<html>Sign in</html>" }, /something else than JSON: check that --store is the URL of an MLflow server/],
    ["another program", { body: { experiments: [{ id: 7 }] } }, /unlike MLflow \(experiments\.0\.experiment_id: .*\): check that --store/],
    ["the server's own words", failed(400, "INVALID_PARAMETER_VALUE", "Model\n registry is off"), /refuses \(400: Model registry is off\)/],
  ];
  for (const [name, answer, pattern] of sentences)
    test(`of ${name}`, () => withServer([answer], ({ open }) => assertUserError(() => open().listExperiments(), pattern)));

  test("of a server that is not there, at once", () =>
    withServer([{}], async ({ waits }) => {
      const store = openHttpStore("http://127.0.0.1:1", { now: () => START, env: {}, wait: async (ms) => void waits.push(ms) });
      await assertUserError(
        () => store.listExperiments(),
        /MLflow server http:\/\/127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\): start it, or check --store/,
      );
      assert.equal(waits, []);
    }));

  test("of an experiment in the trash", () =>
    withServer([{ body: { experiment: { experiment_id: "7", name: "demo", lifecycle_stage: "deleted" } } }], async ({ open }) => {
      await assertUserError(() => open().experiment("demo"), /experiment "demo" is in the trash of .*mlflow experiments restore -x 7/);
    }));

  test("of artifacts that do not go through the server", () =>
    withServer([{ body: { run: { info: { ...run.info, artifact_uri: "s3://bucket/1/r1" } } } }], async ({ open }) => {
      await assertUserError(
        () => open().putArtifact("r1", "a", "b"),
        /lie at s3:\/\/bucket\/1\/r1, outside the server: start it with --serve-artifacts/,
      );
    }));

  test("nothing of a password in the URL", async () => {
    for (const [uri, pattern] of [
      ["http://ann:s3cret@host", /^store http:\/\/host must not hold a password in its URL: set MLFLOW_TRACKING_USERNAME/],
      ["http://", /is no URL: write it like/],
    ] as const)
      await assertUserError(() => openHttpStore(uri, { now: () => START, env: {} }), pattern);
  });
});
