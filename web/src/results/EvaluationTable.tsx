/** @file Held-out performance by model, with intervals. */
import { For } from "solid-js";
import { fixed } from "../../../src/util/format-number.ts";
import type { Study } from "../api.ts";
import type { Interval } from "../charts/forest.ts";

export function EvaluationTable(props: { evaluation: Study["evaluation"] }) {
  return (
    <div class="scroll" role="region" aria-label="Held-out performance" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col" class="num">
              AUROC
            </th>
            <th scope="col" class="num">
              Average precision
            </th>
            <th scope="col" class="num">
              Brier score
            </th>
            <th scope="col" class="num">
              AUROC by fold
            </th>
          </tr>
        </thead>
        <tbody>
          <For each={props.evaluation.models}>
            {(model) => (
              <tr>
                <th scope="row">{model.name}</th>
                <Estimate of={model.auroc} />
                <Estimate of={model.averagePrecision} />
                <Estimate of={model.brier} />
                <td class="num">{model.foldAuroc.map((value) => (value === null ? "–" : fixed(value, 2))).join(" · ")}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}

function Estimate(props: { of: Interval }) {
  return (
    <td class="num">
      {fixed(props.of.estimate)}
      <small>
        [{fixed(props.of.low)}, {fixed(props.of.high)}]
      </small>
    </td>
  );
}
