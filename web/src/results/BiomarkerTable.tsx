/** @file The biomarker table with its forest plot: effect, interval and verdict in one row. */
import { createMemo, createSignal, For, Show } from "solid-js";
import { factor, percent, pValue, signed, withInterval } from "../../../src/util/format-number.ts";
import type { Study } from "../api.ts";
import { forestLayout } from "../charts/forest.ts";

type Row = Study["biomarkers"]["table"][number];
type Measure = Row["measure"];

const WIDTH = 240;
const MEASURES: Record<Measure, string> = {
  density:
    "Density: the zone's share of the map over its share of the image (1× = no preference). A larger lesion does not raise it by its size alone.",
  share: "Share: part of the map's absolute mass that lies in the zone. A larger lesion has a larger share by its size alone.",
};

/** What is compared, by class. */
const means = (row: Row): [string, string] =>
  row.measure === "share"
    ? [percent(row.shareNegative), percent(row.sharePositive)]
    : [factor(row.densityNegative), factor(row.densityPositive)];

export function BiomarkerTable(props: { biomarkers: Study["biomarkers"] }) {
  const [measure, setMeasure] = createSignal<Measure>("density");
  // one axis for both measures, so that switching moves only what changed
  const layout = createMemo(() =>
    forestLayout(
      props.biomarkers.table.map((row) => row.effect),
      WIDTH,
      1,
    ),
  );
  const rows = createMemo(() =>
    props.biomarkers.table.map((row, i) => ({ row, mark: layout().rows[i] })).filter(({ row }) => row.measure === measure()),
  );
  const startsMethod = (i: number) => rows()[i - 1]?.row.method !== rows()[i]?.row.method;
  const isSignificant = (row: Row) => row.pHolm <= props.biomarkers.alpha;
  return (
    <Show
      when={props.biomarkers.table.length > 0}
      fallback={<p class="note">No zone could be tested: that needs lesion masks, and two groups of each class that have the zone.</p>}
    >
      <fieldset class="switch">
        <legend class="hidden">Measure</legend>
        <For each={Object.keys(MEASURES) as Measure[]}>
          {(name) => (
            <label>
              <input type="radio" name="measure" checked={measure() === name} onChange={() => setMeasure(name)} /> {name}
            </label>
          )}
        </For>
      </fieldset>
      <p class="note">
        {MEASURES[measure()]} Groups: {props.biomarkers.groupsNegative} {props.biomarkers.classes[0]}, {props.biomarkers.groupsPositive}{" "}
        {props.biomarkers.classes[1]}; {props.biomarkers.permutations} permutations over groups.
      </p>
      <div class="scroll" role="region" aria-label="Biomarker table" tabindex="0">
        <table class="biomarkers">
          <thead>
            <tr>
              <th scope="col">Method</th>
              <th scope="col">Zone</th>
              <For each={props.biomarkers.classes}>
                {(name) => (
                  <th scope="col" class="num">
                    {name}
                  </th>
                )}
              </For>
              <th scope="col" class="forest">
                Cliff's delta
              </th>
              <th scope="col" class="num">
                Delta [95 %]
              </th>
              <th scope="col" class="num">
                p (Holm)
              </th>
              <th scope="col">Verdict</th>
            </tr>
          </thead>
          <tbody>
            <For each={rows()}>
              {({ row, mark }, i) => (
                <tr classList={{ first: i() > 0 && startsMethod(i()), significant: isSignificant(row) }}>
                  <th scope="row">
                    <span classList={{ hidden: !startsMethod(i()) }}>{row.method}</span>
                  </th>
                  <td>{row.zone}</td>
                  <For each={means(row)}>{(mean) => <td class="num">{mean}</td>}</For>
                  <td class="forest">
                    <svg viewBox={`0 0 ${WIDTH} 24`} aria-hidden="true">
                      <line class="zero" x1={layout().zero} x2={layout().zero} y1="0" y2="24" />
                      <line class="interval" x1={mark.low} x2={mark.high} y1="12" y2="12" />
                      <circle classList={{ significant: isSignificant(row) }} cx={mark.estimate} cy="12" r="4.5" />
                    </svg>
                  </td>
                  <td class="num">{withInterval(row.effect, signed)}</td>
                  <td class="num">{pValue(row.pHolm)}</td>
                  <td>{row.verdict}</td>
                </tr>
              )}
            </For>
          </tbody>
          <tfoot>
            <tr>
              <td colspan="4" />
              <td class="forest">
                <svg viewBox={`0 0 ${WIDTH} 34`} aria-hidden="true">
                  <line class="axis" x1={layout().ticks[0]?.at} x2={layout().ticks.at(-1)?.at} y1="1" y2="1" />
                  <For each={layout().ticks}>
                    {(tick) => (
                      <>
                        <line class="axis" x1={tick.at} x2={tick.at} y1="1" y2="5" />
                        <text x={tick.at} y="17" text-anchor="middle">
                          {tick.label}
                        </text>
                      </>
                    )}
                  </For>
                  <text x={layout().zero - 10} y="32" text-anchor="end">
                    ← more in {props.biomarkers.classes[0]}
                  </text>
                  <text x={layout().zero + 10} y="32">
                    more in {props.biomarkers.classes[1]} →
                  </text>
                </svg>
              </td>
              <td colspan="3" />
            </tr>
          </tfoot>
        </table>
      </div>
      <p class="note">{props.biomarkers.rule}</p>
    </Show>
  );
}
