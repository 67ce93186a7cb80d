/** @file The store behind an MLflow server, over its REST API 2.0. Servers over SQL drop repeated points themselves; those over a folder keep them. */
import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { UserError } from "../util/user-error.ts";
import { checkArtifactPath, checkNewArtifactPath } from "./artifact-path.ts";
import { checkDatasets, checkEntries, checkExperimentName, checkInteger, checkPoints, isKey, paramConflict, trashed } from "./checks.ts";
import { openHttpClient, type HttpOptions } from "./http-client.ts";
import { ServerError } from "./http-errors.ts";
import { shapes } from "./http-shapes.ts";
import { formatPoint } from "./metric-file.ts";
import type { Experiment, MetricPoint, Run, RunQuery, Store, StoreOptions } from "./store.ts";

/** Tag with an id of our own: a lost answer to "create a run" is found again by it, instead of making a second run. */
const UID_TAG = "sonomark.uid";
const PAGE = 1000;
const HISTORY_PAGE = 25_000; // without it some servers send empty pages for ever

/** Most entries of a batch. */
const BATCH = { metrics: 1000, params: 100, tags: 100 } as const;

/** @throws UserError where the URI is none */
export function openHttpStore(uri: string, { randomId = randomUUID, ...options }: StoreOptions & HttpOptions): Store {
  const client = openHttpClient(uri, options);
  const artifactRoots = new Map<string, string>();

  async function get<T extends z.ZodType>(path: string, query: Record<string, unknown>, shape: T): Promise<z.output<T>> {
    return decode(await client.json("GET", path, query), path, shape);
  }
  async function post<T extends z.ZodType>(path: string, body: Record<string, unknown>, shape: T, repeatable = true): Promise<z.output<T>> {
    return decode(await client.json("POST", path, body, { repeatable }), path, shape);
  }
  function decode<T extends z.ZodType>(body: unknown, path: string, shape: T): z.output<T> {
    const { data, error } = shape.safeParse(body);
    if (error)
      throw new UserError(
        `${client.base} answered ${path} unlike MLflow (${error.issues[0]?.path.join(".")}: ${error.issues[0]?.message}): check that --store is an MLflow server`,
        { status: 503 },
      );
    return data;
  }

  async function findExperiment(name: string): Promise<Experiment | undefined> {
    const answer = await get("experiments/get-by-name", { experiment_name: name }, shapes.experiment).catch(
      undefinedFor("RESOURCE_DOES_NOT_EXIST"),
    );
    if (answer?.experiment.lifecycleStage === "deleted") throw trashed(answer.experiment, client.base);
    return answer?.experiment;
  }

  /** Pages of runs that match, as far as the server's filter language can say it; see `matches`. */
  async function* pages(query: RunQuery): AsyncGenerator<Run[]> {
    let page_token: string | undefined;
    do {
      const body = {
        experiment_ids: query.experimentIds,
        filter: filterOf(query),
        run_view_type: "ACTIVE_ONLY",
        max_results: PAGE,
        page_token,
      };
      const answer = await post("runs/search", body, shapes.runs);
      yield answer.runs;
      page_token = answer.next_page_token || undefined;
    } while (page_token);
  }

  async function searchRuns(query: RunQuery): Promise<Run[]> {
    const found: Run[] = [];
    if (query.experimentIds.length === 0) return found;
    for await (const runs of pages(query)) {
      found.push(...runs.filter((run) => matches(run, query)));
      if (found.length >= (query.maxResults ?? Infinity)) break;
    }
    return found.slice(0, query.maxResults);
  }

  async function getRun(runId: string): Promise<Run> {
    return (await get("runs/get", { run_id: runId }, shapes.run)).run;
  }

  /** Path of the run's artifacts below the tracking URI. @throws UserError where they do not go through the server */
  async function artifactRoot(runId: string): Promise<string> {
    const known = artifactRoots.get(runId);
    if (known !== undefined) return known;
    const { artifactUri } = (await getRun(runId)).info;
    const proxied =
      /^mlflow-artifacts:\/(?!\/)(.*)$/.exec(artifactUri)?.[1] ??
      artifactUri.split(`${client.base}/api/2.0/mlflow-artifacts/artifacts/`)[1];
    if (proxied === undefined)
      throw new UserError(
        `artifacts of run ${runId} lie at ${artifactUri}, outside the server: start it with --serve-artifacts and make a new experiment`,
      );
    const root = `api/2.0/mlflow-artifacts/artifacts/${proxied}`;
    artifactRoots.set(runId, root);
    return root;
  }

  const batch = (runId: string, part: Partial<Record<keyof typeof BATCH, unknown[]>>) =>
    client.json("POST", "runs/log-batch", { run_id: runId, ...part });

  async function batches(runId: string, kind: keyof typeof BATCH, items: readonly unknown[]): Promise<void> {
    for (let at = 0; at < items.length; at += BATCH[kind]) await batch(runId, { [kind]: items.slice(at, at + BATCH[kind]) });
  }

  return {
    uri: client.base,

    async experiment(name) {
      checkExperimentName(name);
      const found = await findExperiment(name);
      if (found) return found;
      // another process may be faster: then the second look finds its experiment
      await post("experiments/create", { name }, shapes.created).catch(undefinedFor("RESOURCE_ALREADY_EXISTS"));
      const made = await findExperiment(name);
      if (!made)
        throw new UserError(
          `MLflow server ${client.base} made experiment ${JSON.stringify(name)} but does not find it: look into its log`,
          { status: 503 },
        );
      return made;
    },

    async listExperiments() {
      const experiments: Experiment[] = [];
      let page_token: string | undefined;
      do {
        const answer = await post("experiments/search", { max_results: PAGE, view_type: "ACTIVE_ONLY", page_token }, shapes.experiments);
        experiments.push(...answer.experiments);
        page_token = answer.next_page_token || undefined;
      } while (page_token);
      return experiments;
    },

    async createRun({ experimentId, name, startTime, parentRunId, tags = {} }) {
      checkInteger("createRun: startTime", startTime);
      const uid = randomId();
      const all = {
        ...tags,
        [UID_TAG]: uid,
        "mlflow.runName": name,
        ...(parentRunId === undefined ? {} : { "mlflow.parentRunId": parentRunId }),
      };
      checkEntries("tag", all);
      const body = {
        experiment_id: experimentId,
        run_name: name,
        start_time: startTime,
        user_id: tags["mlflow.user"] ?? "",
        tags: entriesOf(all),
      };
      try {
        return (await post("runs/create", body, shapes.run, false)).run;
      } catch (error) {
        if (error instanceof ServerError && error.httpStatus < 500) throw error;
        const [run] = await searchRuns({ experimentIds: [experimentId], tags: { [UID_TAG]: uid }, maxResults: 1 });
        return run ?? (await post("runs/create", body, shapes.run, false)).run;
      }
    },

    async updateRun(runId, { status, endTime, name }) {
      if (typeof endTime === "number") checkInteger("updateRun: endTime", endTime);
      await client.json("POST", "runs/update", { run_id: runId, status, end_time: endTime ?? undefined, run_name: name });
    },

    getRun,
    searchRuns,

    async logMetrics(runId, points) {
      checkPoints(points);
      const once = new Map(points.map((point) => [`${point.key} ${formatPoint(point)}`, point]));
      await batches(runId, "metrics", [...once.values()].map(encodePoint));
    },

    async logParams(runId, params) {
      checkEntries("param", params);
      try {
        await batches(runId, "params", entriesOf(params));
      } catch (error) {
        if (error instanceof ServerError && /Changing param values/.test(error.message))
          throw paramConflict(runId, (await getRun(runId)).params, params) ?? error;
        throw error;
      }
    },

    async setTags(runId, tags) {
      checkEntries("tag", tags);
      await batches(runId, "tags", entriesOf(tags));
    },

    async logInputs(runId, datasets) {
      checkDatasets(datasets);
      const encoded = datasets.map(({ context, sourceType, schema, profile, ...rest }) => ({
        dataset: { ...rest, source_type: sourceType, schema: schema ?? undefined, profile: profile ?? undefined },
        tags: [{ key: "mlflow.data.context", value: context }],
      }));
      await client.json("POST", "runs/log-inputs", { run_id: runId, datasets: encoded });
    },

    async metricHistory(runId, key) {
      const points: MetricPoint[] = [];
      if (!isKey(key)) return points;
      let page_token: string | undefined;
      do {
        const answer = await get(
          "metrics/get-history",
          { run_id: runId, metric_key: key, max_results: HISTORY_PAGE, page_token },
          shapes.history,
        );
        for (const point of answer.metrics) points.push(point);
        page_token = answer.next_page_token || undefined;
      } while (page_token);
      return points.sort((a, b) => a.step - b.step || a.timestamp - b.timestamp);
    },

    async putArtifact(runId, path, data) {
      checkNewArtifactPath(path);
      await client.send({ method: "PUT", path: `${await artifactRoot(runId)}/${encoded(path)}`, body: bytesOf(data), repeatable: true });
    },

    async listArtifacts(runId, directory = "") {
      const path = directory === "" ? undefined : checkArtifactPath(directory);
      const { files } = await get("artifacts/list", { run_id: runId, path }, shapes.artifacts);
      return files.filter((file) => file.path !== directory).sort((a, b) => (a.path < b.path ? -1 : 1));
    },

    async readArtifact(runId, path) {
      checkArtifactPath(path);
      const target = `${await artifactRoot(runId)}/${encoded(path)}`;
      try {
        return await client.send({ method: "GET", path: target, repeatable: true });
      } catch (error) {
        if (error instanceof ServerError && [400, 404].includes(error.httpStatus))
          throw new UserError(`artifact ${path} is not in run ${runId}: list the run's artifacts to see what is`, {
            status: 404,
            cause: error,
          });
        throw error;
      }
    },
  };
}

/** For `catch`: an expected error code means "there is none". */
function undefinedFor(code: string): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof ServerError && error.code === code) return undefined;
    throw error;
  };
}

const entriesOf = (entries: Record<string, string>) => Object.entries(entries).map(([key, value]) => ({ key, value }));

/** JSON has no NaN and no infinities; MLflow takes their names as text. */
const encodePoint = ({ key, value, timestamp, step }: MetricPoint) => ({
  key,
  value: Number.isFinite(value) ? value : String(value),
  timestamp,
  step,
});

const encoded = (path: string): string => path.split("/").map(encodeURIComponent).join("/");

const bytesOf = (data: string | Uint8Array): Buffer =>
  typeof data === "string" ? Buffer.from(data) : Buffer.from(data.buffer, data.byteOffset, data.byteLength);

/** The language knows no escape, so a value with both kinds of quotes is left to `matches`, as are several states. */
function filterOf({ tags = {}, status }: RunQuery): string {
  const clauses = Object.entries(tags)
    .filter(([key, value]) => isKey(key) && !(value.includes("'") && value.includes('"')))
    .map(([key, value]) => `tags.\`${key}\` = ${value.includes("'") ? `"${value}"` : `'${value}'`}`);
  if (status?.length === 1) clauses.push(`attributes.status = '${status[0]}'`);
  return clauses.join(" AND ");
}

const matches = (run: Run, { tags = {}, status }: RunQuery): boolean =>
  Object.entries(tags).every(([key, value]) => run.tags[key] === value) && (!status || status.includes(run.info.status));
