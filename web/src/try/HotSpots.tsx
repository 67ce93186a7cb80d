/** @file Hot spots of the map as a table; a row and its mark on the picture light up together. */
import { For, Show } from "solid-js";
import { fixed, percent } from "../../../src/util/format-number.ts";
import type { Prediction } from "../api.ts";

export function HotSpots(props: { answer: Prediction; pointed: number | undefined; pointAt: (index: number | undefined) => void }) {
  return (
    <div class="hot-spots">
      <h3>Hot spots</h3>
      <Show
        when={props.answer.hotSpots.length > 0}
        fallback={<p class="note">No cells of this map stand out from their neighbourhood (Gi*, Benjamini–Hochberg).</p>}
      >
        <table>
          <thead>
            <tr>
              <th scope="col">#</th>
              <th scope="col">Zone</th>
              <th scope="col" class="num">
                Distance
              </th>
              <th scope="col" class="num">
                Direction
              </th>
              <th scope="col" class="num">
                Share
              </th>
            </tr>
          </thead>
          <tbody>
            <For each={props.answer.hotSpots}>
              {(spot, index) => (
                <tr
                  classList={{ pointed: props.pointed === index() }}
                  onPointerEnter={() => props.pointAt(index())}
                  onPointerLeave={() => props.pointAt(undefined)}
                >
                  <td>{index() + 1}</td>
                  <td>{spot.zone ?? "–"}</td>
                  <td class="num">{spot.distance === null ? "–" : fixed(spot.distance, 2)}</td>
                  <td class="num">{spot.bearing === null ? "–" : `${Math.round(spot.bearing)}°`}</td>
                  <td class="num">{percent(spot.mass, 0)}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
        <p class="note">
          <Show when={props.answer.lesion} fallback="Without a lesion mask there are no zones and distances.">
            Distance from the lesion's centre in lesion diameters; direction clockwise from up.
          </Show>{" "}
          Share of the map's absolute mass.
        </p>
      </Show>
    </div>
  );
}
