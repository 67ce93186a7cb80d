/** @file Requests to an MLflow server: auth, limits of patience, and errors that say what to do. */
import axios, { AxiosError, type AxiosInstance, type AxiosRequestConfig, type AxiosResponse } from "axios";
import { readFileSync } from "node:fs";
import { Agent as HttpsAgent } from "node:https";
import { setTimeout } from "node:timers/promises";
import { UserError } from "../util/user-error.ts";
import { explainFailure, explainStatus } from "./http-errors.ts";

export interface HttpOptions {
  /** Where the MLFLOW_* variables are read; `process.env` by default. */
  env?: NodeJS.ProcessEnv;
  /** Pauses between two tries; a timer by default. */
  wait?: (ms: number) => Promise<unknown>;
}

export interface Request {
  method: "GET" | "POST" | "PUT";
  /** below the tracking URI, already percent-encoded */
  path: string;
  query?: Record<string, string | number | undefined>;
  body?: Buffer;
  /** of the body; any bytes by default */
  contentType?: string;
  /** Tells that a second try can do no harm. */
  repeatable: boolean;
}

export interface HttpClient {
  /** The tracking URI without a slash at its end. */
  readonly base: string;
  /** The body of a 2xx answer. @throws UserError; a ServerError where the server answered */
  send(request: Request): Promise<Buffer>;
  /** `send` with JSON both ways below `api/2.0/mlflow/`; an empty answer is `{}`. */
  json(method: "GET" | "POST", path: string, fields: Record<string, unknown>, options?: { repeatable?: boolean }): Promise<unknown>;
}

const RETRIED = new Set([408, 429, 500, 502, 503, 504]);
const LOST = new Set(["ECONNRESET", "EPIPE", "ECONNREFUSED", "ETIMEDOUT", "ECONNABORTED", "EAI_AGAIN"]);

export function openHttpClient(uri: string, { env = process.env, wait = setTimeout }: HttpOptions): HttpClient {
  const base = checkUri(uri);
  const http = axios.create(settings(base, env));
  const tries = 1 + Math.min(10, numberOf(env, "MLFLOW_HTTP_REQUEST_MAX_RETRIES", 7));
  /** A server that never answered is a wrong address, not a server that restarts: that is told at once. */
  let reached = false;

  async function send(request: Request): Promise<Buffer> {
    for (let attempt = 1; ; attempt++) {
      const { answer, failure } = await once(http, request);
      if (answer) reached = true;
      if (answer && answer.status < 300) return answer.data;
      const passing = answer ? RETRIED.has(answer.status) && !isFinal(answer) : reached && LOST.has(failure?.code ?? "");
      if (!request.repeatable || !passing || attempt >= tries) throw answer ? explainStatus(base, answer) : explainFailure(base, failure);
      await wait(retryAfter(answer) ?? Math.min(60_000, attempt === 1 ? 0 : 1000 * 2 ** (attempt - 1)));
    }
  }

  return {
    base,
    send,
    async json(method, path, fields, { repeatable = true } = {}) {
      const content =
        method === "GET"
          ? { query: fields as Request["query"] }
          : { body: Buffer.from(JSON.stringify(fields)), contentType: "application/json" };
      const body = await send({ method, path: `api/2.0/mlflow/${path}`, repeatable, ...content });
      if (body.length === 0) return {};
      try {
        return JSON.parse(body.toString("utf8"));
      } catch (error) {
        throw new UserError(`${base} answered ${path} with something else than JSON: check that --store is the URL of an MLflow server`, {
          status: 503,
          cause: error,
        });
      }
    },
  };
}

interface Outcome {
  answer?: AxiosResponse<Buffer>;
  failure?: AxiosError;
}

async function once(
  http: AxiosInstance,
  { method, path, query, body, contentType = "application/octet-stream" }: Request,
): Promise<Outcome> {
  try {
    return {
      answer: await http.request<Buffer>({
        method,
        url: path,
        params: query,
        data: body,
        headers: body === undefined ? {} : { "Content-Type": contentType },
      }),
    };
  } catch (error) {
    if (error instanceof AxiosError) return { failure: error };
    throw error;
  }
}

/** Errors that a server will repeat for ever, told as 500 by servers over a file store. */
const isFinal = ({ status, data }: AxiosResponse<Buffer>): boolean =>
  status === 500 && /Changing param values|INVALID_STATE|^[^{]/.test(data.toString("utf8", 0, 2000));

function retryAfter(answer: AxiosResponse | undefined): number | undefined {
  const seconds = Number(answer?.headers["retry-after"]);
  return seconds > 0 ? Math.min(seconds, 120) * 1000 : undefined;
}

function checkUri(uri: string): string {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (!url?.hostname) throw new UserError(`store ${JSON.stringify(uri)} is no URL: write it like http://127.0.0.1:5000`);
  if (url.username || url.password)
    throw new UserError(
      `store ${url.origin} must not hold a password in its URL: set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD instead`,
    );
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

const isLoopback = (base: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(base).hostname);

function settings(base: string, env: NodeJS.ProcessEnv): AxiosRequestConfig {
  const { MLFLOW_TRACKING_USERNAME: username, MLFLOW_TRACKING_PASSWORD: password, MLFLOW_TRACKING_TOKEN: token } = env;
  const certificate = env.MLFLOW_TRACKING_SERVER_CERT_PATH;
  return {
    baseURL: `${base}/`,
    responseType: "arraybuffer",
    validateStatus: () => true,
    maxRedirects: 0, // a redirected POST becomes a GET
    timeout: 1000 * numberOf(env, "MLFLOW_HTTP_REQUEST_TIMEOUT", 120),
    maxBodyLength: Infinity,
    maxContentLength: Infinity,
    ...(isLoopback(base) ? { proxy: false as const } : {}),
    ...(username && password ? { auth: { username, password } } : {}),
    headers: {
      ...(token && !(username && password) ? { Authorization: `Bearer ${token}` } : {}),
      ...(env.MLFLOW_WORKSPACE ? { "X-MLFLOW-WORKSPACE": env.MLFLOW_WORKSPACE } : {}),
    },
    ...(env.MLFLOW_TRACKING_INSECURE_TLS === "true" || certificate
      ? {
          httpsAgent: new HttpsAgent({
            rejectUnauthorized: env.MLFLOW_TRACKING_INSECURE_TLS !== "true",
            ...(certificate ? { ca: readFileSync(certificate) } : {}),
          }),
        }
      : {}),
  };
}

function numberOf(env: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const value = env[name] ? Number(env[name]) : fallback;
  if (!Number.isInteger(value) || value < 0)
    throw new UserError(`${name} is ${JSON.stringify(env[name])}: set it to a whole number or unset it`);
  return value;
}
