/** @file `sonomark data audit`: what metadata alone say about the class, before a network is credited with it. */
import { Command } from "@commander-js/extra-typings";
import { auditImages } from "../../data/audit/audit-images.ts";
import { formatAudit } from "../../data/audit/format.ts";
import { refuseErrors } from "../../data/load.ts";
import { UNLABELLED } from "../../data/manifest.ts";
import { UserError } from "../../util/user-error.ts";
import { integer, jsonOption, print } from "../options.ts";
import { classesOption, duplicatesOption, openData, SAMPLE, sourceText } from "./source-options.ts";

export const auditCommand = () =>
  new Command("audit")
    .description(
      "Rank held-out images by metadata alone (size, border, annotations, device, file), per feature and jointly, and warn where that tells the classes apart. Studies carry the warning into their reports.",
    )
    .argument("[source]", sourceText, SAMPLE)
    .option("--data <source>", "the same as the argument")
    .option("--seed <n>", "seed of folds and bootstrap", integer, 0)
    .addOption(classesOption())
    .addOption(duplicatesOption())
    .addOption(jsonOption())
    .action(async (source, { data = source, seed, classes, duplicates, json }) => {
      const { manifest, facts, problems } = await openData(data, { duplicates, classes });
      refuseErrors(problems);
      const audit = auditImages(manifest.images, facts, { classes: classes ?? classesOf(manifest.images), seed });
      print(json, audit, () => formatAudit(audit));
    });

/** The classes of a data set, the one that matters last: "malignant" where there is one, else the last by name. */
function classesOf(images: readonly { label: string }[]): string[] {
  const labels = [...new Set(images.map((image) => image.label))].filter((label) => label !== UNLABELLED).sort();
  if (labels.length < 2)
    throw new UserError(`an audit compares classes, and the data have ${labels.length === 1 ? `only "${labels[0]}"` : "no labels"}`, {
      status: 422,
    });
  return labels.includes("malignant") ? [...labels.filter((label) => label !== "malignant"), "malignant"] : labels;
}
