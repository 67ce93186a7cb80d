/**
 * @file Writes the report of a study: `node --import tsx analysis/report/main.ts --store <uri> [--out <folder>] [--cwd <folder>] [--json] <study>`.
 * `sonomark report` starts it, since the command line imports no stage.
 */
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { REPORT_HTML, REPORT_JSON } from "../../src/config/report.ts";
import { openStore } from "../../src/tracking/open-store.ts";
import { writeAtomic } from "../../src/util/files.ts";
import { UserError } from "../../src/util/user-error.ts";
import { storedReport } from "./stored.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    store: { type: "string", default: "mlruns" },
    out: { type: "string" },
    cwd: { type: "string", default: process.cwd() },
    json: { type: "boolean", default: false },
  },
});
process.stdout.on("error", () => process.exit(1)); // whoever read it has gone
const tell = (text: string): void => void process.stderr.write(`sonomark: ${text}\n`);

/** The whole document is on its way when this resolves: a process that exits earlier cuts it off. */
const print = (text: string): Promise<void> => new Promise((done) => process.stdout.write(`${text}\n`, () => done()));

try {
  const { cwd, json, out } = values;
  const report = await storedReport(openStore(values.store, { now: () => 0 }), positionals[0] ?? ""); // only read
  const folder = resolve(cwd, out ?? `sonomark-report-${report.name}`);
  const files = { [REPORT_HTML]: report.html, [REPORT_JSON]: report.json };
  if (!json || out !== undefined)
    for (const [name, text] of Object.entries(files)) {
      const path = join(folder, name);
      await writeAtomic(path, text).catch((cause: NodeJS.ErrnoException) => {
        throw new UserError(`--out ${path} cannot be written (${cause.code ?? cause.message}); give a folder that can`, { cause });
      });
      if (json) tell(`wrote ${relative(cwd, path) || path}`);
    }
  if (!report.analysed) tell(`study ${report.name} was not analysed: the report has no maps`);
  if (json) await print(report.json);
  else
    await print(
      Object.keys(files)
        .map((name) => join(folder, name))
        .join("\n"),
    );
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  tell(error.message);
  process.exitCode = 1;
}
