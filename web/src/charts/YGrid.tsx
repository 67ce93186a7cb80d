/** @file The horizontal grid of a chart, with a label at each line. */
import { For } from "solid-js";
import type { Plot, Tick } from "./axis.ts";

export function YGrid(props: { ticks: readonly Tick[]; plot: Plot }) {
  return (
    <For each={props.ticks}>
      {(tick) => (
        <>
          <line class="grid" x1={props.plot.left} x2={props.plot.right} y1={tick.at} y2={tick.at} />
          <text x={props.plot.left - 8} y={tick.at} dy="0.35em" text-anchor="end">
            {tick.label}
          </text>
        </>
      )}
    </For>
  );
}
