/** @file Runs: studies and their tasks, with metric histories and parameters. */
import { createMemo, createResource, createSignal, For, Show } from "solid-js";
import { getRun, getRuns, type Run, type RunSummary } from "../api.ts";
import { Loaded } from "../Loaded.tsx";
import { durationOf, timeOf } from "./when.ts";
import { Metrics } from "./Metrics.tsx";
import { Params } from "./Params.tsx";

export function Runs() {
  const [runs] = createResource(async () => (await getRuns()).filter((run) => run.parentRunId === null));
  const [chosen, choose] = createSignal<string>();
  const runId = createMemo(() => chosen() ?? (runs.state === "ready" ? runs()[0]?.runId : undefined));
  const [run] = createResource(runId, getRun);
  return (
    <section id="runs" aria-labelledby="runs-heading">
      <div class="section-head">
        <h2 id="runs-heading">Runs</h2>
        <p>Everything that was computed, as MLflow stores it. A study is a run; its tasks are its child runs.</p>
      </div>
      <Loaded from={runs} what="the runs">
        {(parents) => (
          <Show when={parents().length > 0} fallback={<p class="waiting">The store has no runs yet.</p>}>
            <RunTable runs={parents()} chosen={runId()} choose={choose} />
            <Loaded from={run} what="the run">
              {(current) => <Details run={current()} />}
            </Loaded>
          </Show>
        )}
      </Loaded>
    </section>
  );
}

function RunTable(props: { runs: RunSummary[]; chosen: string | undefined; choose: (runId: string) => void }) {
  return (
    <div class="scroll short" role="region" aria-label="Studies" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">Study</th>
            <th scope="col">Run</th>
            <th scope="col">Status</th>
            <th scope="col">Started</th>
            <th scope="col" class="num">
              Took
            </th>
          </tr>
        </thead>
        <tbody>
          <For each={props.runs}>
            {(run) => (
              <tr classList={{ chosen: run.runId === props.chosen }}>
                <th scope="row">
                  <label class="pick">
                    <input type="radio" name="run" checked={run.runId === props.chosen} onChange={() => props.choose(run.runId)} />{" "}
                    {run.name}
                  </label>
                </th>
                <td>
                  <code>{run.runId.slice(0, 7)}</code>
                </td>
                <td>
                  <Status status={run.status} />
                </td>
                <td>{timeOf(run.startTime)}</td>
                <td class="num">{durationOf(run)}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}

function Status(props: { status: RunSummary["status"] }) {
  return <span class={`status ${props.status.toLowerCase()}`}>{props.status.toLowerCase()}</span>;
}

function Details(props: { run: Run }) {
  const tasks = () => (props.run.children.length > 0 ? props.run.children : [props.run]);
  const [about, tellAbout] = createSignal<string>();
  return (
    <div class="details">
      <Metrics runs={tasks()} />
      <div class="columns">
        <div>
          <h3>Tasks</h3>
          <div class="scroll" role="region" aria-label="Tasks" tabindex="0">
            <table>
              <thead>
                <tr>
                  <th scope="col">Task</th>
                  <th scope="col">Status</th>
                  <th scope="col" class="num">
                    Took
                  </th>
                </tr>
              </thead>
              <tbody>
                <For each={tasks()}>
                  {(task) => (
                    <tr classList={{ chosen: about() === task.runId }}>
                      <th scope="row">
                        <button
                          type="button"
                          class="link"
                          aria-pressed={about() === task.runId}
                          onClick={() => tellAbout(about() === task.runId ? undefined : task.runId)}
                        >
                          {task.name}
                        </button>
                      </th>
                      <td>
                        <Status status={task.status} />
                      </td>
                      <td class="num">{durationOf(task)}</td>
                    </tr>
                  )}
                </For>
              </tbody>
            </table>
          </div>
        </div>
        <Params study={props.run} task={about()} />
      </div>
    </div>
  );
}
