/** @file `npm run bench -- <name> [options]` runs bench/<name>.ts or .mjs; without a name it lists what there is. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const here = import.meta.dirname;
const [name, ...options] = process.argv.slice(2);
/** Rows of the README's table: | `name` | what it measures | */
const benches = [...readFileSync(join(here, "README.md"), "utf8").matchAll(/^\| `([\w-]+)` \| (.+?) \|/gm)].map((match) =>
  match.slice(1, 3),
);

const file = [".ts", ".mjs"].map((ending) => join(here, `${name}${ending}`)).find((path) => name !== "run" && existsSync(path));
if (file) {
  const { status, signal } = spawnSync(process.execPath, ["--import", "tsx", file, ...options], {
    stdio: "inherit",
    cwd: join(here, ".."),
  });
  if (signal) console.error(`The bench "${name}" was ended by ${signal}.`);
  process.exitCode = status ?? 1;
} else {
  if (name !== undefined) console.error(`There is no bench called "${name}": choose one of these.`);
  const width = Math.max(...benches.map(([bench]) => bench.length));
  for (const [bench, what] of benches) console.log(`npm run bench -- ${bench.padEnd(width)}  ${what}`);
  process.exitCode = name === undefined ? 0 : 1;
}
