/** @file Is the server there, and which store does it read? */
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Store } from "../../src/tracking/store.ts";
import { json } from "../schemas.ts";

const healthRoute = createRoute({
  method: "get",
  path: "/health",
  responses: { 200: json(z.object({ ok: z.literal(true), store: z.string() }), "the server is there") },
});

export const healthRoutes = (store: Store) =>
  new OpenAPIHono().openapi(healthRoute, (c) => c.json({ ok: true as const, store: store.uri }, 200));
