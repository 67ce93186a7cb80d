/** @file Results of the study: held-out performance, and where the evidence lies. */
import { For, Show } from "solid-js";
import { ZONES } from "./zones.ts";
import { fixed, percent } from "../../../src/util/format-number.ts";
import { artifactUrl, type Study } from "../api.ts";
import { BiomarkerTable } from "./BiomarkerTable.tsx";
import { EvaluationTable } from "./EvaluationTable.tsx";
import { RocChart } from "./RocChart.tsx";

export function Results(props: { study: Study }) {
  const evaluation = () => props.study.evaluation;
  return (
    <section id="results" aria-labelledby="results-heading">
      <div class="section-head">
        <h2 id="results-heading">Results</h2>
        <p>
          {props.study.description}{" "}
          <Show when={props.study.report}>
            <a href={artifactUrl(props.study.runId, "report.html")}>Read the full report</a>.
          </Show>
        </p>
      </div>
      <Show when={evaluation().transductive}>
        <p class="problem">Transductive: pretraining saw the held-out images (without labels).</p>
      </Show>
      <div class="columns">
        <div>
          <h3>Held-out performance</h3>
          <p class="note">
            {evaluation().classes.join(" against ")}: {evaluation().images} images of {evaluation().groups} groups, {evaluation().folds}{" "}
            folds. 95 % intervals by group bootstrap.
          </p>
          <EvaluationTable evaluation={evaluation()} />
          <Show when={evaluation().shortcuts?.warning}>{(warning) => <p class="problem">{warning()}</p>}</Show>
          <For each={evaluation().comparisons}>{(comparison) => <p class="finding">{comparison.sentence}</p>}</For>
        </div>
        <RocChart evaluation={evaluation()} />
      </div>
      <h3>Where the evidence lies</h3>
      <BiomarkerTable biomarkers={props.study.biomarkers} />
      <h3>Spatial structure of the maps</h3>
      <SpatialTable biomarkers={props.study.biomarkers} />
    </section>
  );
}

function SpatialTable(props: { biomarkers: Study["biomarkers"] }) {
  return (
    <div class="scroll" role="region" aria-label="Spatial structure" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">Method</th>
            <th scope="col">Grid</th>
            <th scope="col" class="num">
              Moran's I, mean
            </th>
            <th scope="col" class="num">
              Autocorrelated
            </th>
            <For each={props.biomarkers.classes}>
              {(name) => (
                <th scope="col" class="num">
                  Hot spots, {name}
                </th>
              )}
            </For>
            <For each={ZONES}>
              {(zone) => (
                <th scope="col" class="num">
                  …{zone}
                </th>
              )}
            </For>
          </tr>
        </thead>
        <tbody>
          <For each={props.biomarkers.spatial}>
            {(row) => (
              <tr>
                <th scope="row">{row.method}</th>
                <td>
                  {row.rows} × {row.columns}
                </td>
                <td class="num">{fixed(row.meanMoran, 2)}</td>
                <td class="num">{percent(row.shareAutocorrelated, 0)}</td>
                <td class="num">{fixed(row.hotSpotsNegative, 2)}</td>
                <td class="num">{fixed(row.hotSpotsPositive, 2)}</td>
                <For each={ZONES}>{(zone) => <td class="num">{percent(row.hotSpotZones[zone], 0)}</td>}</For>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}
