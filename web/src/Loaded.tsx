/** @file Shows what was asked for, or that it is on its way, or why it did not come. */
import { Match, Switch, type Accessor, type JSX, type Resource } from "solid-js";
import { messageOf } from "../../src/util/user-error.ts";

export function Loaded<T>(props: { from: Resource<T>; what: string; children: (value: Accessor<NonNullable<T>>) => JSX.Element }) {
  // `from()` throws where the resource failed, so its state is asked first
  const value = () => (props.from.state === "errored" ? undefined : props.from.latest);
  return (
    <Switch
      fallback={
        <p class="waiting" role="status">
          Loading {props.what} …
        </p>
      }
    >
      <Match when={props.from.state === "errored"}>
        <p class="problem" role="alert">
          {messageOf(props.from.error)}
        </p>
      </Match>
      <Match when={value()}>{props.children}</Match>
    </Switch>
  );
}
