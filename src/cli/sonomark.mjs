#!/usr/bin/env node
/** @file The `sonomark` command: registers the TypeScript loader, then runs src/cli/main.ts. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

if (!existsSync(fileURLToPath(new URL("../../node_modules/tsx", import.meta.url)))) {
  process.stderr.write("sonomark: the packages are not installed; run `npm run setup` in the repository first\n");
  process.exit(1);
}
const [esm, cjs] = await Promise.all([import("tsx/esm/api"), import("tsx/cjs/api")]);
esm.register();
cjs.register(); // for a study file of the user's, in a folder whose package.json does not say "module"
await import(new URL("./main.ts", import.meta.url).href);
