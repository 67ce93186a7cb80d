import { resolve } from "node:path";
import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { datasetInput } from "./dataset-input.ts";
import type { ImageRecord, Manifest } from "./manifest.ts";
import { formatSummary, summarise } from "./summary.ts";

const image = (id: string, label: string, group: string, width: number): ImageRecord => ({
  id,
  path: `${id}.png`,
  label,
  group,
  masks: label === "benign" ? [`${id}_mask.png`] : [],
  sha256: id,
  maskHashes: [],
  width,
  height: 10,
});
const manifest: Manifest = {
  reader: "folder",
  root: resolve("data/set"),
  images: [image("a", "benign", "PATIENT-7", 30), image("b", "benign", "PATIENT-7", 10), image("c", "malignant", "p2", 20)],
  licence: "CC0",
  citation: "",
  note: "Beware.",
  digest: "0123456789abcdef".repeat(4),
};
const problems = [{ level: "warning" as const, message: "a.png: odd" }];

describe("summarise", (test) => {
  test("counts images, groups, masks and sizes by class", () => {
    const summary = summarise(manifest, problems);
    assert.equal([summary.images, summary.groups, summary.largestGroup], [3, 2, 2]);
    assert.equal(summary.classes, [
      { label: "benign", images: 2, groups: 1, withMask: 2 },
      { label: "malignant", images: 1, groups: 1, withMask: 0 },
    ]);
    assert.equal(summary.width, { smallest: 10, median: 20, largest: 30 });
    assert.equal(summary.problems, problems);
  });
});

describe("formatSummary", (test) => {
  test("shows the class table, the note and every problem", () => {
    const text = formatSummary(summarise(manifest, problems));
    for (const line of [
      "3 images of 2 groups (at most 2 images a group)",
      "benign          2       1          2",
      "Beware.",
      "1 problem:",
      "  warning: a.png: odd",
    ])
      assert.ok(text.split("\n").includes(line), `${line}\n${text}`);
    assert.match(formatSummary(summarise(manifest)), /no problems found$/);
  });
});

describe("datasetInput", (test) => {
  test("keeps MLflow's limit for digests and a path relative to the working folder", () => {
    const input = datasetInput(manifest);
    assert.is(input.digest, manifest.digest.slice(0, 36));
    assert.is((JSON.parse(input.source) as { uri: string }).uri, "data/set");
    assert.equal(JSON.parse(input.profile!), { images: 3, groups: 2, classes: 2 });
  });
  test("carries no image and no group: they may name patients", () =>
    assert.not.match(JSON.stringify(datasetInput(manifest)), /PATIENT|a\.png/));
});
