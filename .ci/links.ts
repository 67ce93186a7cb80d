/** @file Checks the Markdown pages: what they link to exists, headings included, and so do the paths that they name in code. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** Folders without pages of ours. */
const foreign = ["node_modules", ".git", "dist", "mlruns"];
/** A folder or file of this repository in backticks. Patterns with <name> or * are for the reader and not checked. */
const namedPath = /`((?:\.ci|analysis|bench|docs|experiments|finetune|pretrain|server|src|web)\/(?:[\w./-]*(?:\/|\.\w+))?)`/g;

/** The anchor that a heading gets on common forges: lower case, without punctuation, spaces as hyphens. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(/\s/g, "-");

const anchors = (page: string): string[] => Array.from(page.matchAll(/^#+ (.+)$/gm), ([, heading]) => anchorOf(heading));

/** Faults of one page; `root` is the repository. */
export function linkFaults(root: string, file: string): string[] {
  const page = readFileSync(join(root, file), "utf8").replaceAll(/^```[^]*?^```/gm, (code) => code.replaceAll(/[^\n]/g, ""));
  const faults: string[] = [];
  const check = (index: number, shown: string, fault: string | false) => {
    if (fault) faults.push(`${file}:${page.slice(0, index).split("\n").length} ${shown}: ${fault}`);
  };
  for (const { index, 1: link } of page.matchAll(/\]\(<?([^)\s>]+)>?[^)]*\)/g)) {
    if (/^[a-z]+:/.test(link)) continue;
    const [path, anchor] = decodeURI(link).split("#");
    const target = path === "" ? join(root, file) : join(root, dirname(file), path);
    if (!existsSync(target)) check(index, link, "no such file");
    else check(index, link, anchor !== undefined && !anchors(readFileSync(target, "utf8")).includes(anchor) && "no such heading");
  }
  for (const { index, 1: path } of page.matchAll(namedPath)) check(index, path, !existsSync(join(root, path)) && "no such file");
  return faults;
}

/** Faults of all pages below `root`. */
export function allLinkFaults(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md") && !file.split(sep).some((folder) => foreign.includes(folder)))
    .flatMap((file) => linkFaults(root, file));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const faults = allLinkFaults(resolve(import.meta.dirname, ".."));
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
