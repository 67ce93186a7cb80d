/** @file How the map is made: a form that follows the method's own schema. */
import { createMemo, For, Show } from "solid-js";
import type { Method, MethodSettings } from "../api.ts";
import { defaultsOf, fieldsOf, readField, titleOf, type Field, type MethodSchema } from "./form-fields.ts";

export function MethodForm(props: { methods: Method[]; settings: MethodSettings; change: (settings: MethodSettings) => void }) {
  const schema = createMemo((): MethodSchema => props.methods.find(({ name }) => name === props.settings.name)?.schema ?? {});
  const fields = createMemo(() => fieldsOf(schema()));
  const change = (field: Field, value: string | number | boolean | undefined) => {
    if (value !== undefined) props.change({ ...props.settings, [field.name]: value });
  };
  return (
    <form class="method" onSubmit={(event) => event.preventDefault()}>
      <label class="field">
        <span>Method</span>
        <select
          onChange={(event) => {
            const method = props.methods.find(({ name }) => name === event.currentTarget.value)!;
            props.change(defaultsOf(method.name, method.schema));
          }}
        >
          <For each={props.methods}>
            {(method) => (
              <option value={method.name} selected={method.name === props.settings.name}>
                {titleOf(method.name, method.schema)}
              </option>
            )}
          </For>
        </select>
      </label>
      <Show when={schema().description}>{(words) => <p class="note">{words()}</p>}</Show>
      <For each={fields()}>
        {(field) => <Setting field={field} value={props.settings[field.name]} change={(value) => change(field, value)} />}
      </For>
    </form>
  );
}

function Setting(props: {
  field: Field;
  value: string | number | boolean | undefined;
  change: (value: string | number | boolean | undefined) => void;
}) {
  const help = `help-${props.field.name}`;
  return (
    <div class="setting">
      <label class="field">
        <span>{props.field.label}</span>
        <Show
          when={props.field.kind === "choice"}
          fallback={
            <Show
              when={props.field.kind === "switch"}
              fallback={
                <input
                  type="number"
                  required
                  aria-describedby={help}
                  min={props.field.min}
                  max={props.field.max}
                  step={props.field.whole ? 1 : "any"}
                  value={String(props.value)}
                  onChange={(event) => {
                    if (event.currentTarget.reportValidity()) props.change(readField(props.field, event.currentTarget.value));
                  }}
                />
              }
            >
              <input
                type="checkbox"
                aria-describedby={help}
                checked={props.value === true}
                onChange={(event) => props.change(event.currentTarget.checked)}
              />
            </Show>
          }
        >
          <select aria-describedby={help} onChange={(event) => props.change(readField(props.field, event.currentTarget.value))}>
            <For each={props.field.choices}>
              {(choice) => (
                <option value={choice} selected={choice === props.value}>
                  {choice}
                </option>
              )}
            </For>
          </select>
        </Show>
      </label>
      <p class="note" id={help}>
        {props.field.help}
      </p>
    </div>
  );
}
