/** @file A chart of one metric over several runs, with the values at a step. */
import { createMemo, createResource, createSignal, For, Show } from "solid-js";
import { getMetric, type RunSummary } from "../api.ts";
import { linesLayout, pointsAt, type LinesLayout, type Series } from "../charts/lines.ts";
import { YGrid } from "../charts/YGrid.tsx";
import { Loaded } from "../Loaded.tsx";
import { lineClass, metricsOf, runsWith } from "./metric-choice.ts";

interface DrawnSeries extends Series {
  runId: string;
  style: string;
}

const SIZE = { width: 720, height: 300 };

export function Metrics(props: { runs: RunSummary[] }) {
  const metrics = createMemo(() => metricsOf(props.runs));
  const [asked, ask] = createSignal<string>();
  const metric = createMemo(() => (asked() !== undefined && metrics().includes(asked()!) ? asked()! : metrics()[0]));
  const having = createMemo(() => (metric() === undefined ? [] : runsWith(props.runs, metric())));
  const [hidden, hide] = createSignal<ReadonlySet<string>>(new Set());

  const [histories] = createResource(
    () => metric() !== undefined && { metric: metric(), runs: having() },
    ({ metric: key, runs }): Promise<DrawnSeries[]> =>
      Promise.all(runs.map(async ({ runId, name }, n) => ({ runId, name, style: lineClass(n), points: await getMetric(runId, key) }))),
  );
  const toggle = (runId: string) => {
    const next = new Set(hidden());
    if (!next.delete(runId)) next.add(runId);
    hide(next);
  };
  return (
    <Show when={metric()} fallback={<p class="waiting">These runs have no metrics yet.</p>}>
      <div class="metrics">
        <div class="metrics-head">
          <h3>History</h3>
          <label class="field">
            <span>Metric</span>
            <select onChange={(event) => ask(event.currentTarget.value)}>
              <For each={metrics()}>
                {(key) => (
                  <option value={key} selected={key === metric()}>
                    {key}
                  </option>
                )}
              </For>
            </select>
          </label>
        </div>
        <Loaded from={histories} what="the history">
          {(all) => <Chart metric={metric()} series={all()} hidden={hidden()} toggle={toggle} />}
        </Loaded>
      </div>
    </Show>
  );
}

interface ChartProps {
  metric: string;
  series: DrawnSeries[];
  hidden: ReadonlySet<string>;
  toggle: (runId: string) => void;
}

function Chart(props: ChartProps) {
  const [asked, ask] = createSignal<number>();
  const drawn = createMemo(() => props.series.filter(({ runId }) => !props.hidden.has(runId)));
  const layout = createMemo(() => linesLayout(drawn(), SIZE));
  const step = () => {
    const [first, last] = layout()?.steps ?? [0, 0];
    return Math.max(first, Math.min(last, asked() ?? last));
  };
  return (
    <div class="chart-with-values">
      <Show when={layout()} fallback={<p class="waiting">No run that is ticked has a finite value of this metric.</p>}>
        {(found) => <Lines metric={props.metric} series={drawn()} layout={found()} step={step()} ask={ask} />}
      </Show>
      <Values {...props} step={step()} />
    </div>
  );
}

function Lines(props: { metric: string; series: DrawnSeries[]; layout: LinesLayout; step: number; ask: (step: number) => void }) {
  const plot = () => props.layout.plot;
  const points = createMemo(() => pointsAt(props.series, props.step));
  const x = () => props.layout.xOf(props.step);
  const follow = (event: PointerEvent & { currentTarget: SVGSVGElement }) => {
    const box = event.currentTarget.getBoundingClientRect();
    props.ask(props.layout.stepOf(((event.clientX - box.left) / box.width) * SIZE.width));
  };
  return (
    <div>
      <svg
        class="chart"
        viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
        role="img"
        aria-label={`${props.metric} by step, ${props.series.length} runs`}
        onPointerMove={follow}
      >
        <YGrid ticks={props.layout.y} plot={plot()} />
        <line class="axis" x1={plot().left} x2={plot().right} y1={plot().bottom} y2={plot().bottom} />
        <For each={props.layout.x}>
          {(tick) => (
            <text x={tick.at} y={plot().bottom + 18} text-anchor="middle">
              {tick.label}
            </text>
          )}
        </For>
        <text class="title" x={(plot().left + plot().right) / 2} y={SIZE.height - 6} text-anchor="middle">
          step
        </text>
        <line class="cursor" x1={x()} x2={x()} y1={plot().top} y2={plot().bottom} />
        <For each={props.layout.lines}>{(line, i) => <path class={`line ${props.series[i()].style}`} d={line.path} />}</For>
        <For each={points()}>
          {(point, i) => (
            <Show when={point?.value != null && point}>
              {(at) => (
                <circle class={props.series[i()].style} cx={props.layout.xOf(at().step)} cy={props.layout.yOf(at().value!)} r="3.5" />
              )}
            </Show>
          )}
        </For>
      </svg>
      <label class="step">
        <span>Step {props.step}</span>
        <input
          type="range"
          min={props.layout.steps[0]}
          max={props.layout.steps[1]}
          value={props.step}
          onInput={(event) => props.ask(event.currentTarget.valueAsNumber)}
        />
      </label>
    </div>
  );
}

/** Legend, switches and readings in one table. */
function Values(props: ChartProps & { step: number }) {
  const points = createMemo(() => pointsAt(props.series, props.step));
  return (
    <table class="values">
      <caption class="hidden">
        {props.metric} at step {props.step}
      </caption>
      <tbody>
        <For each={props.series}>
          {(one, i) => (
            <tr>
              <th scope="row">
                <label>
                  <input type="checkbox" checked={!props.hidden.has(one.runId)} onChange={() => props.toggle(one.runId)} />
                  <svg class="swatch" viewBox="0 0 18 4" aria-hidden="true">
                    <line class={`line ${one.style}`} x1="0" x2="18" y1="2" y2="2" />
                  </svg>
                  {one.name}
                </label>
              </th>
              <td class="num">{points()[i()]?.value == null ? "–" : Number(points()[i()]!.value!.toPrecision(4))}</td>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}
