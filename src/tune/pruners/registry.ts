/** @file Pruners by name; a name of the schema without a line here does not compile. */
import type { PrunerConfig, PrunerName } from "../../config/tune.ts";
import { medianPruner } from "./median.ts";
import type { Look, Pruner } from "./pruner.ts";
import { wilcoxonPruner } from "./wilcoxon.ts";

const pruners: { [Name in PrunerName]: Pruner<Extract<PrunerConfig, { name: Name }>> } = {
  none: () => false,
  median: medianPruner,
  wilcoxon: wilcoxonPruner,
};

/** Whether the trial should stop. */
export function shouldStop(look: Look, config: PrunerConfig): boolean {
  return (pruners[config.name] as Pruner<typeof config>)(look, config);
}
