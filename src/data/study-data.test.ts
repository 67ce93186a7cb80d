import { rm } from "node:fs/promises";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { studySchema } from "../config/study.ts";
import { assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { greyPng, withFolder, writeFiles } from "../testing/picture-files.ts";
import { range } from "../util/rng.ts";
import { openStudyManifest } from "./study-manifest.ts";
import { heldOutIndices, loadStudyData, trainingIndices } from "./study-data.ts";

describe("loadStudyData", (test) => {
  test("gives every image one held-out fold, and stops where the data are no longer those of the task", () =>
    withFolder(async (folder) => {
      process.env.SONOMARK_CACHE = join(folder, "cache");
      const root = join(folder, "images");
      const files = await Promise.all(
        ["benign", "malignant"].flatMap((label) =>
          range(4).map(async (i) => [`${label}/${i}.png`, await greyPng(8, 8, (x) => x * (i + 1) + label.length)] as const),
        ),
      );
      await writeFiles(root, Object.fromEntries(files));
      const study = studySchema.parse({ name: "s", data: { source: `folder:${root}`, imageSize: 32, folds: 2, duplicates: "exact" } });
      const { digest } = (await openStudyManifest(study.data, study.seed)).manifest;

      const data = await loadStudyData({ study, data: digest });
      assert.equal(
        [...heldOutIndices(data, 0), ...heldOutIndices(data, 1)].sort((a, b) => a - b),
        range(8),
      );
      assert.equal(trainingIndices(data, 0), heldOutIndices(data, 1));

      await rm(join(root, "benign/3.png"));
      await writeFiles(root, { "benign/9.png": await greyPng(8, 8, (x) => 7 * x) });
      await assertUserError(() => loadStudyData({ study, data: digest }), /images changed while the study ran; run the same command again/);
    }));
});
