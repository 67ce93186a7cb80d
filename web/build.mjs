/** @file Builds the page into web/dist, unless it is built from these very sources already. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve, sep } from "node:path";

const web = import.meta.dirname;
const root = resolve(web, "..");
const stamp = join(web, "dist/sources.sha256");

/** Everything that decides the built page: its own files, what it may import from src, and the packages. */
function sources() {
  const below = (folder) => readdirSync(join(root, folder), { recursive: true }).map((file) => `${folder}/${file.replaceAll(sep, "/")}`);
  const files = ["web", "src/config", "src/metrics", "src/util"].flatMap(below);
  return [
    ...files.filter((file) => /\.(tsx?|mjs|css|html|svg)$/.test(file) && !/^web\/dist\/|\.test\.ts$/.test(file)),
    "package-lock.json",
  ].sort();
}

const hash = createHash("sha256");
for (const file of sources())
  hash
    .update(`${file}\0`)
    .update(readFileSync(join(root, file)))
    .update("\0");
const digest = hash.digest("hex");

if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) console.error("The page is up to date.");
else {
  const { build } = await import("vite");
  await build({ configFile: join(web, "vite.config.ts"), logLevel: "warn" });
  writeFileSync(stamp, digest);
  console.error("The page is built.");
}
