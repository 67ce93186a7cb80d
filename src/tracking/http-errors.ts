/** @file What went wrong between us and an MLflow server, in a sentence with a cure. Bodies may be JSON, HTML or text. */
import type { AxiosError, AxiosResponse } from "axios";
import { UserError } from "../util/user-error.ts";

/** An error that the server told, with MLflow's code where it sent one. */
export class ServerError extends UserError {
  readonly code: string;
  /** the HTTP status that came */
  readonly httpStatus: number;

  constructor(message: string, code: string, httpStatus: number) {
    const known = [400, 404, 409, 413, 429] as const;
    super(message, { status: known.find((status) => status === httpStatus) ?? (httpStatus >= 500 ? 503 : 400) });
    this.code = code;
    this.httpStatus = httpStatus;
  }
}

/** No answer came. */
export function explainFailure(base: string, failure: AxiosError | undefined): UserError {
  const code = failure?.code ?? "no answer";
  const cure = /CERT|SIGNED|TLS|SSL/.test(code)
    ? "name its certificate in MLFLOW_TRACKING_SERVER_CERT_PATH"
    : "start it, or check --store and MLFLOW_TRACKING_URI";
  return new UserError(`MLflow server ${base} cannot be reached (${code}): ${cure}`, { status: 503, cause: failure });
}

export function explainStatus(base: string, answer: AxiosResponse<Buffer>): ServerError {
  const { status } = answer;
  const { code, message } = parseBody(answer.data.toString("utf8"));
  return new ServerError(`MLflow server ${base} ${sayStatus(status, message, String(answer.headers.location ?? ""))}`, code, status);
}

function sayStatus(status: number, message: string, location: string): string {
  if (status >= 300 && status < 400) return `sends us on to ${location} (${status}): give that address with --store`;
  if (status === 401)
    return "does not know us (401): set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN, and check that the token has not expired";
  if (status === 403 && /Invalid Host header/i.test(message))
    return "refuses this host name (403): start it with --allowed-hosts and the name and port of the URL";
  if (status === 403 && /Cross-origin/i.test(message)) return "refuses this origin (403): start it with --cors-allowed-origins";
  if (status === 403)
    return `denies access (403: ${message}): ask for the right to edit, or check the id (a run that is not there is denied, too)`;
  if (status === 413) return "or a proxy before it refuses data of this size (413): raise its body limit";
  if (status === 429) return "is too busy (429): try again later";
  if (status >= 500) return `failed (${status}: ${message}): look into its log and run the command again`;
  return `refuses (${status}: ${message}): change what is named there`;
}

/** MLflow's own errors are JSON; its middleware and proxies send text or HTML, of which the words are kept. */
function parseBody(body: string): { code: string; message: string } {
  try {
    const { error_code: code = "", message = "" } = JSON.parse(body) as { error_code?: string; message?: string };
    return { code, message: oneLine(message || code) };
  } catch {
    return { code: "", message: oneLine(body.replace(/<(style|script)[\s\S]*?<\/\1>|<[^>]*>/gi, " ")) };
  }
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line || "no reason given";
}
