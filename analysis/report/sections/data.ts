/** @file Data and leakage: which images, how they were divided, and what each arm had seen. */
import { html } from "hono/html";
import type { Report } from "../../../src/config/report.ts";
import { percent } from "../../../src/util/format-number.ts";
import { table } from "../table.ts";

/** A longer list of arms is folded up. */
const MOST_OPEN = 8;

export function dataSection({ evaluation, source, study, software, arms }: Report) {
  const { images, groups, positives, folds, repeats, seeds, classes } = evaluation;
  const { inner } = study.finetune;
  const rows: [string, string][] = [
    ...(source
      ? ([
          ["source", source.citation || source.reader],
          ["reader", source.reader],
          ["licence", source.licence],
        ] as [string, string][])
      : []),
    ["images", `${images} of ${groups} groups`],
    [classes[1], `${positives} (${percent(positives / images)})`],
    [classes[0], `${images - positives} (${percent((images - positives) / images)})`],
    ["frames", `${study.data.imageSize} × ${study.data.imageSize} pixels, aspect ratio kept`],
    ["split", `${study.data.split.name}, ${folds} folds`],
    ["deals of the groups", String(repeats)],
    ["trainings of each fold", String(seeds)],
    ["inner split", inner.folds === 0 ? "none" : `1 of ${inner.folds} grouped parts of the training images`],
    ["duplicates", study.data.duplicates === "near" ? "near-duplicates share a group" : "equal pixels share a group"],
    ["digest of the data", software.data.slice(0, 16)],
  ];
  return html`<section id="data">
    <h2>Data and leakage</h2>
    ${table(
      "The images of this study. Groups are never shown: they may be patients.",
      [{ title: "what" }, { title: "in this study", text: true }],
      rows.map(([name, text]) => [name, text]),
    )}
    <details ${arms.length <= MOST_OPEN && "open"}>
      <summary>What each of the ${arms.length} arms is, and what its weights come from</summary>
      ${table(
        "All arms are judged on the same held-out images.",
        [{ title: "arm" }, { title: "weights, training, labels", text: true }],
        arms.map(({ name, text }) => [name, text]),
      )}
    </details>
  </section>`;
}
