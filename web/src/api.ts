/** @file The page's only way to the server: typed by the API itself, errors as sentences. */
import { hc, type InferResponseType } from "hono/client";
import type { AppType } from "../../server/app.ts";

const { api } = hc<AppType>(globalThis.location?.origin ?? "http://127.0.0.1");
type Api = typeof api;

export type Studies = InferResponseType<Api["studies"]["$get"], 200>;
export type Study = Studies["studies"][number];
export type StudyImage = InferResponseType<Api["studies"][":id"]["images"]["$get"], 200>[number];
export type Method = InferResponseType<Api["methods"]["$get"], 200>[number];
export type Prediction = InferResponseType<Api["predict"]["$post"], 200>;
export type RunSummary = InferResponseType<Api["runs"]["$get"], 200>[number];
export type Run = InferResponseType<Api["runs"][":id"]["$get"], 200>;
export type MetricPoint = InferResponseType<Api["runs"][":id"]["metrics"][":key"]["$get"], 200>[number];

/** Settings of an attribution method, as its form fills them in. */
export type MethodSettings = { name: string } & Record<string, string | number | boolean>;

interface Reply<T> {
  ok: boolean;
  status: number;
  json(): Promise<T>;
}

/** The answer of the 200 branch. @throws Error whose message is a sentence for the reader */
async function answer<T>(sent: Promise<Reply<unknown>>): Promise<T> {
  const reply = await sent.catch((error: unknown) => {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Error("The server does not answer. Is `sonomark serve` still running?");
  });
  if (reply.ok) return (await reply.json()) as T;
  const { error } = (await reply.json().catch(() => ({}))) as { error?: string };
  throw new Error(error ?? `The server answered with status ${reply.status}.`);
}

export const getStudies = () => answer<Studies>(api.studies.$get());
export const getMethods = () => answer<Method[]>(api.methods.$get());
export const getImages = (study: string) => answer<StudyImage[]>(api.studies[":id"].images.$get({ param: { id: study } }));
export const getRuns = () => answer<RunSummary[]>(api.runs.$get({ query: {} }));
export const getRun = (id: string) => answer<Run>(api.runs[":id"].$get({ param: { id } }));
export const getMetric = (id: string, key: string) =>
  answer<MetricPoint[]>(api.runs[":id"].metrics[":key"].$get({ param: { id, key: encodeURIComponent(key) } }));

/** Asks for a prediction of a study image (by id) or of an uploaded file. The client's types cannot say "JSON or form", so it only gives the address. */
export function predict(study: string, image: string | File, method: MethodSettings, signal: AbortSignal): Promise<Prediction> {
  const isUpload = typeof image !== "string";
  const form = new FormData();
  if (isUpload) for (const [key, value] of Object.entries({ study, image, method: JSON.stringify(method) })) form.append(key, value);
  const headers: HeadersInit = isUpload ? {} : { "Content-Type": "application/json" };
  return answer<Prediction>(
    fetch(api.predict.$url(), { method: "POST", headers, body: isUpload ? form : JSON.stringify({ study, image, method }), signal }),
  );
}

export const pictureUrl = (study: string, image: string): string => `/api/studies/${study}/images/${encodeURIComponent(image)}/picture`;
export const artifactUrl = (run: string, path: string): string => `/api/runs/${run}/artifact?path=${encodeURIComponent(path)}`;
