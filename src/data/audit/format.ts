/** @file An audit as plain text for a terminal. */
import type { Audit } from "../../config/audit.ts";
import { pValue, withInterval } from "../../util/format-number.ts";
import { formatTable } from "../../util/text-table.ts";

export function formatAudit({ classes, images, groups, folds, permutations, features, joint, warning }: Audit): string {
  const rows = [...features, { name: "all together", ...joint }].map(({ name, auroc, low, high, p }) => [
    name,
    withInterval({ estimate: auroc, low, high }),
    pValue(p),
  ]);
  return [
    `Metadata alone, ${classes.at(-1)} against ${classes.slice(0, -1).join(" and ")}: ${images} images of ${groups} groups, ${folds} folds`,
    `95 % intervals by group bootstrap; p by ${permutations} permutations of classes over groups, corrected for every line of the table`,
    "",
    formatTable(["feature", "held-out AUROC [95 %]", "p"], rows),
    "",
    warning || "No warning: nothing here stands above chance.",
  ].join("\n");
}
