/** @file The parameters of the study, or of the task that was chosen. */
import { createResource, For, Show } from "solid-js";
import { artifactUrl, getRun, type Run } from "../api.ts";
import { Loaded } from "../Loaded.tsx";

export function Params(props: { study: Run; task: string | undefined }) {
  const [task] = createResource(() => props.task, getRun);
  return (
    <div>
      <Show when={props.task} fallback={<ParamTable run={props.study} />}>
        <Loaded from={task} what="the task">
          {(run) => <ParamTable run={run()} />}
        </Loaded>
      </Show>
    </div>
  );
}

function ParamTable(props: { run: Run }) {
  const entries = () => Object.entries(props.run.params).sort(([a], [b]) => a.localeCompare(b));
  return (
    <>
      <h3>Parameters of {props.run.name}</h3>
      <Show when={props.run.tags["sonomark.error"]}>{(error) => <p class="problem">{error()}</p>}</Show>
      <Show when={entries().length > 0} fallback={<p class="note">This run has none.</p>}>
        <div class="scroll" role="region" aria-label={`Parameters of ${props.run.name}`} tabindex="0">
          <table class="params">
            <tbody>
              <For each={entries()}>
                {([key, value]) => (
                  <tr>
                    <th scope="row">{key}</th>
                    <td>{value}</td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </div>
      </Show>
      <Show when={props.run.task === "study" && props.run.tags["sonomark.complete"] === "true"}>
        <p class="note">
          Files: <a href={artifactUrl(props.run.runId, "report.html")}>report</a>,{" "}
          <a href={artifactUrl(props.run.runId, "study.json")}>study.json</a>,{" "}
          <a href={artifactUrl(props.run.runId, "oof-predictions.csv")}>held-out predictions</a>
        </p>
      </Show>
    </>
  );
}
