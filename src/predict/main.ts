/**
 * @file Predicts images: `node --import tsx src/predict/main.ts --model <what> [--store <uri>] [--threshold <rule>] [--cwd <folder>] [--json] files…`.
 * `sonomark predict` starts it, so that the command line need not carry TensorFlow.
 */
import { parseArgs } from "node:util";
import { NOTICE } from "../config/onnx.ts";
import { openStore } from "../tracking/open-store.ts";
import { toCsv } from "../util/csv.ts";
import { UserError } from "../util/user-error.ts";
import { ensembleOf, thresholdOf, type Ensemble, type Threshold } from "./ensemble.ts";
import { findModels } from "./find-models.ts";
import { inputFiles } from "./input-files.ts";
import { predict, type Prediction } from "./predict.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: "string", default: "" },
    store: { type: "string", default: "mlruns" },
    threshold: { type: "string" },
    cwd: { type: "string", default: process.cwd() },
    json: { type: "boolean", default: false },
  },
});
process.stdout.on("error", () => process.exit(1)); // whoever read the rows has gone
const tell = (text: string): void => void process.stderr.write(`sonomark: ${text}\n`);

async function main(): Promise<void> {
  const { cwd, json } = values;
  const files = await inputFiles(positionals, cwd, tell);
  const ensemble = ensembleOf(await findModels(values.model, { cwd, store: openStore(values.store, { now: () => 0 }) })); // only read
  const threshold = thresholdOf(ensemble, values.threshold);
  tell(`${ensemble.sentence}; ${ruleOf(ensemble, threshold)}. ${NOTICE}`);
  const failures: { file: string; reason: string }[] = [];
  const failed = (file: string, reason: string) => {
    failures.push({ file, reason });
    tell(reason);
  };
  const found: Prediction[] = [];
  if (!json) process.stdout.write(toCsv([], columnsOf(ensemble)));
  for await (const prediction of predict(files, { ensemble, threshold, failed }))
    if (json) found.push(prediction);
    else process.stdout.write(rowOf(ensemble, prediction));
  if (json) process.stdout.write(`${JSON.stringify(documentOf(ensemble, threshold, found, failures), null, 2)}\n`);
  await ensemble.close();
  if (failures.length > 0) process.exitCode = 1;
}

const ruleOf = ({ positiveClass }: Ensemble, threshold: Threshold | undefined): string =>
  threshold
    ? `${positiveClass} from a probability of ${threshold.value.toPrecision(3)} on (${threshold.rule}: ${threshold.meaning})`
    : "the most probable class is told, since no threshold was chosen";

const columnsOf = ({ classes }: Ensemble): string[] => ["file", ...classes.map((name) => `probability_${name}`), "score", "decision"];

/** One line; its cells in the order of the columns. */
function rowOf(ensemble: Ensemble, { file, probabilities, score, decision }: Prediction): string {
  const columns = columnsOf(ensemble);
  const cells = [file, ...probabilities, score, decision];
  return toCsv([Object.fromEntries(columns.map((column, i) => [column, cells[i]]))], columns).replace(/^.*\n/, "");
}

const documentOf = (
  { classes, positiveClass, imageSize, sentence }: Ensemble,
  threshold: Threshold | undefined,
  predictions: Prediction[],
  failed: { file: string; reason: string }[],
) => ({
  model: { asked: sentence, classes, positiveClass, imageSize, threshold: threshold ?? null },
  predictions: predictions.map(({ probabilities, ...rest }) => ({
    ...rest,
    probabilities: Object.fromEntries(classes.map((name, k) => [name, probabilities[k]])),
  })),
  failed,
  notice: NOTICE,
});

try {
  await main();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  tell(error.message);
  process.exitCode = 1;
}
