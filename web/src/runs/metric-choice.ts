/** @file Which metrics can be drawn, and which runs are drawn first. */
import type { RunSummary } from "../api.ts";

/** Lines that a reader can tell apart: six colours, each whole and dashed. */
export const MOST_LINES = 12;
const COLOURS = 6;

/** Style class of the line of the n-th run; it stays the run's own when others are hidden. */
export const lineClass = (n: number): string => `series-${n % COLOURS}${n >= COLOURS ? " dashed" : ""}`;

/** Metrics of the runs, those of most runs first. */
export function metricsOf(runs: readonly Pick<RunSummary, "metrics">[]): string[] {
  const counts = new Map<string, number>();
  for (const { metrics } of runs) for (const key of Object.keys(metrics)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || a.localeCompare(b)).map(([key]) => key);
}

/** The first runs that have the metric. */
export const runsWith = <R extends Pick<RunSummary, "metrics">>(runs: readonly R[], metric: string): R[] =>
  runs.filter((run) => metric in run.metrics).slice(0, MOST_LINES);
