/** @file Every error leaves the API as `{ error: sentence }`. */
import type { Hook } from "@hono/zod-openapi";
import type { Context, ErrorHandler, NotFoundHandler, Env } from "hono";
import { HTTPException } from "hono/http-exception";
import { UserError } from "../src/util/user-error.ts";

/** Answers 422 with every complaint of the validator in one sentence. */
export const invalid: Hook<unknown, Env, string, Response | undefined> = (result, c) => {
  if (result.success) return undefined;
  const complaints = result.error.issues.map((issue) => `${[result.target, ...issue.path].join(".")}: ${issue.message}`);
  return c.json({ error: complaints.join("; ") }, 422);
};

/** What the user can cure is told; anything else is a bug, told to the terminal and not to the client. */
export const onError: ErrorHandler = (error, c) => {
  if (error instanceof UserError) return c.json({ error: error.message }, error.status);
  if (error instanceof HTTPException) return c.json({ error: error.message || "the request cannot be answered" }, error.status);
  process.stderr.write(`${error.stack ?? String(error)}\n`);
  return c.json({ error: "the server failed; its terminal shows why" }, 500);
};

export const notFound: NotFoundHandler = (c) =>
  c.json({ error: `nothing answers ${c.req.method} ${c.req.path}; /openapi.json lists what does` }, 404);

export const wrongMethod = (c: Context, allowed: string[]): Response =>
  c.json({ error: `${c.req.path} is not for ${c.req.method}, but for ${allowed.join(" and ")}` }, 405, { Allow: allowed.join(", ") });
