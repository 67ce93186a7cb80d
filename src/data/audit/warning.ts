/** @file The one sentence that an audit earns. */
import type { Audit } from "../../config/audit.ts";
import { fixed } from "../../util/format-number.ts";

/**
 * Says which metadata tell the classes apart and how well; empty where none does. All features together speak where they may, the
 * strongest single one otherwise.
 */
export function warningOf({ classes, features, joint, alpha }: Omit<Audit, "warning">): string {
  const alone = features.filter(({ p }) => p <= alpha).sort((a, b) => b.auroc - a.auroc);
  const together = joint.p <= alpha;
  const told = together ? joint : alone[0];
  if (!told) return "";
  const names = (!together ? alone.slice(0, 1) : alone.length > 0 ? alone : features).map(({ name }) => name).join(", ");
  const which = together && alone.length > 0 && alone.length < features.length ? `above all ${names}` : names;
  const [low, high] = [fixed(told.low, 2), fixed(told.high, 2)];
  return `Metadata alone (${which}) tell ${classes.at(-1)} from ${classes.slice(0, -1).join(" and ")} with AUROC ${fixed(told.auroc, 2)} (${low}–${high}): a network can reach that without looking at the lesion.`;
}
