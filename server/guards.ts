/** @file What every request must pass: the right host name, no cross-site writing, a limited body; and the headers of every answer. */
import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { secureHeaders } from "hono/secure-headers";

/** Largest request body, in bytes. */
export const BODY_LIMIT = 20 * 2 ** 20;

const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);
const EVERYWHERE = new Set(["0.0.0.0", "::"]);

/** Host name of a "host:port" text, or "" where it is none. */
const hostName = (authority: string): string => (URL.canParse(`http://${authority}`) ? new URL(`http://${authority}`).hostname : "");

/**
 * Refuses requests for other host names: a web site whose name was pointed at 127.0.0.1 (DNS rebinding)
 * must not read local results.
 * @param host the address that the server was told to listen on
 */
export function hostCheck(host: string): MiddlewareHandler {
  const own = hostName(host.includes(":") ? `[${host}]` : host);
  return async (c, next) => {
    const asked = hostName(c.req.header("host") ?? new URL(c.req.url).host);
    if (EVERYWHERE.has(host) || LOOPBACK.has(asked) || asked === own) return next();
    return c.json(
      { error: `this server does not answer for host "${asked}"; open it as 127.0.0.1, or start it with --host ${asked || "<name>"}` },
      403,
    );
  };
}

/**
 * Refuses writing requests that another site's page makes. Programs (curl, axios) send neither header and pass:
 * they carry no one's session.
 */
export const sameOriginOnly: MiddlewareHandler = async (c, next) => {
  if (c.req.method === "GET" || c.req.method === "HEAD") return next();
  const site = c.req.header("sec-fetch-site");
  const origin = c.req.header("origin");
  const foreignSite = site !== undefined && site !== "same-origin" && site !== "none";
  const foreignOrigin =
    origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== (c.req.header("host") ?? new URL(c.req.url).host));
  if (foreignSite || foreignOrigin) return c.json({ error: "pages of other sites may not send requests here" }, 403);
  return next();
};

/** Answers 413 to bodies over the limit, without reading them. */
export const limitedBody = bodyLimit({
  maxSize: BODY_LIMIT,
  onError: (c) => c.json({ error: `the upload is larger than ${BODY_LIMIT / 2 ** 20} MB; send a smaller image` }, 413),
});

/** Strict headers for every answer; a route that sets one itself (artifacts) keeps it. */
export const safeHeaders = secureHeaders({
  overwrite: false,
  strictTransportSecurity: false, // plain HTTP on this machine
  originAgentCluster: false, // sandboxed artifacts are of another origin, and Chromium then warns
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", "blob:", "data:"],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
});
