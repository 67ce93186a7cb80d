/**
 * @file Set-up: packages, TensorFlow, its Node binding, one training step. Safe to run again and again.
 *   node src/engine/setup.mjs [--json]      SONOMARK_ENGINE=cpu|gpu|wasm, SONOMARK_CACHE=folder
 * Plain JavaScript without dependencies, since it runs before there are any; this file also parses on old Node.
 */
const [major, minor] = process.versions.node.split(".").map(Number);

if (major > 20 || (major === 20 && minor >= 11)) {
  void import("./setup/main.mjs").then(({ main }) => main(process.argv.slice(2)));
} else {
  console.error(
    "sonomark needs Node 20.11 or newer, and this is Node " + process.versions.node + ": install a current one, for example with nvm.",
  );
  process.exitCode = 1;
}
