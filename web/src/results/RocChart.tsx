/** @file Receiver operating characteristics of the held-out predictions. */
import { createMemo, For } from "solid-js";
import { fixed } from "../../../src/util/format-number.ts";
import type { Study } from "../api.ts";
import { rocLayout } from "../charts/roc.ts";
import { YGrid } from "../charts/YGrid.tsx";

const SIZE = { width: 340, height: 320 };

export function RocChart(props: { evaluation: Study["evaluation"] }) {
  const layout = createMemo(() =>
    rocLayout(
      props.evaluation.models.map(({ name, roc }) => ({ name, points: roc.points })),
      SIZE,
    ),
  );
  const plot = () => layout().plot;
  const spoken = () => props.evaluation.models.map(({ name, auroc }) => `${name}: area ${fixed(auroc.estimate)}`).join("; ");
  return (
    <figure class="roc">
      <svg
        class="chart"
        viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
        role="img"
        aria-label={`Receiver operating characteristic. ${spoken()}`}
      >
        <YGrid ticks={layout().y} plot={plot()} />
        <For each={layout().x}>
          {(tick) => (
            <>
              <line class="grid" x1={tick.at} x2={tick.at} y1={plot().top} y2={plot().bottom} />
              <text x={tick.at} y={plot().bottom + 17} text-anchor="middle">
                {tick.label}
              </text>
            </>
          )}
        </For>
        <path class="diagonal" d={layout().diagonal} />
        <For each={layout().curves}>{(curve, i) => <path class={`line series-${i()}`} d={curve.path} />}</For>
        <For each={props.evaluation.models}>
          {(model, i) => (
            <g class={`key series-${i()}`}>
              <line x1={plot().right - 142} x2={plot().right - 124} y1={plot().bottom - 34 + 18 * i()} y2={plot().bottom - 34 + 18 * i()} />
              <text x={plot().right - 118} y={plot().bottom - 34 + 18 * i()} dy="0.35em">
                {model.name} {fixed(model.auroc.estimate)}
              </text>
            </g>
          )}
        </For>
        <text class="title" x={(plot().left + plot().right) / 2} y={SIZE.height - 6} text-anchor="middle">
          false positive rate
        </text>
        <text class="title" transform={`translate(12 ${(plot().top + plot().bottom) / 2}) rotate(-90)`} text-anchor="middle">
          true positive rate
        </text>
      </svg>
    </figure>
  );
}
