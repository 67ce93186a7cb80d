/** @file The prediction: a number, a bar with every model's own answer, and who answered. */
import { For, Show } from "solid-js";
import { fixed } from "../../../src/util/format-number.ts";
import type { Prediction } from "../api.ts";
import { recordOf, sourceOf } from "./answer-words.ts";

export function Answer(props: { answer: Prediction; loading: boolean }) {
  const positive = () => props.answer.classes[1];
  const x = (probability: number) => 6 + 288 * probability;
  return (
    <div class="answer" classList={{ stale: props.loading }}>
      <p class="probability">
        <span class="number">{fixed(props.answer.probability, 3)}</span>
        <span>
          probability of <b>{positive()}</b>
        </span>
      </p>
      <svg
        class="bar"
        viewBox="0 0 300 40"
        role="img"
        aria-label={`${fixed(props.answer.probability, 3)} on a scale from 0 (${props.answer.classes[0]}) to 1 (${positive()})`}
      >
        <rect class="track" x={x(0)} y="12" width="288" height="8" rx="4" />
        <rect class="fill" x={x(0)} y="12" width={288 * props.answer.probability} height="8" rx="4" />
        <line class="middle" x1={x(0.5)} x2={x(0.5)} y1="8" y2="24" />
        <Show when={props.answer.models.length > 1}>
          <For each={props.answer.models}>{(model) => <circle class="model" cx={x(model.probability)} cy="16" r="5.5" />}</For>
        </Show>
        <text x={x(0)} y="37">
          0 {props.answer.classes[0]}
        </text>
        <text x={x(1)} y="37" text-anchor="end">
          {positive()} 1
        </text>
      </svg>
      <Show when={props.answer.models.length > 1}>
        <p class="models">
          <For each={props.answer.models}>
            {(model) => (
              <span>
                fold {model.fold}: <b>{fixed(model.probability, 3)}</b>
              </span>
            )}
          </For>
        </p>
      </Show>
      <p class="source">{sourceOf(props.answer)}</p>
      <Show when={recordOf(props.answer)}>{(words) => <p class="source">{words()}</p>}</Show>
    </div>
  );
}
