/** @file What the `data` commands share: the data set, how its images are grouped, and opening it with progress. */
import { Option } from "@commander-js/extra-typings";
import { inspectData, type Inspection, type LoadOptions } from "../../data/load.ts";
import { progressBar } from "../progress-bar.ts";

export const SAMPLE = "bus-bra:experiments/sample/BUSBRA";

export const sourceText = "reader:path, or a path alone (folder, .zip, .csv, .npz): then the layout is recognised";

export const duplicatesOption = () =>
  new Option("--duplicates <which>", "what counts as one picture: near-duplicates too, or equal pixels only")
    .choices(["near", "exact"] as const)
    .default("near" as const);

export const classesOption = () =>
  new Option("--classes <names>", "only these classes, for example benign,malignant").argParser((text: string) => text.split(","));

/** Opens a data set; what is noteworthy goes to stderr, with a bar while images are decoded for the first time. */
export async function openData(source: string, options: LoadOptions): Promise<Inspection> {
  const bar = progressBar(Date.now);
  try {
    return await inspectData(source, { note: (text) => void process.stderr.write(`${text}\n`), progress: bar.update, ...options });
  } finally {
    bar.close();
  }
}
