/** @file The frame with its map: canvas for pixels, SVG for outlines, and the controls that change how it looks. */
import { createEffect, createMemo, createSignal, createUniqueId, For, Show } from "solid-js";
import type { Prediction } from "../api.ts";
import { COLOUR_MAPS, type ColourMapName } from "../picture/colour-maps.ts";
import { compose, limitOf } from "../picture/compose.ts";
import { legendOf } from "../picture/legend.ts";
import { bytesOf, outlineOf, radiusOf } from "../picture/shapes.ts";

/** Side of the canvas in its own pixels; the style sheet scales it. */
const SIDE = 512;
/** Height of a hot spot's number in the same pixels, and room enough for its width; the style sheet sets the font. */
const LABEL = 19;

export function Picture(props: {
  answer: Prediction;
  loading: boolean;
  hotSpot: number | undefined;
  pointAt: (index: number | undefined) => void;
}) {
  const [opacity, setOpacity] = createSignal(0.75);
  const [name, setName] = createSignal<ColourMapName>("diverging");
  const [native, setNative] = createSignal(false);
  const [marks, setMarks] = createSignal(true);
  const [held, hold] = createSignal<number>();
  let canvas!: HTMLCanvasElement;

  const colours = () => COLOUR_MAPS[name()];
  const size = () => props.answer.size;
  const own = createMemo(() => limitOf(props.answer.map.values));
  const limit = () => held() ?? own();
  const frame = createMemo(() => ({ rows: size(), columns: size(), values: bytesOf(props.answer.frame) }));
  const outline = createMemo(() => (props.answer.lesion === null ? "" : outlineOf(bytesOf(props.answer.lesion), size())));

  const scale = () => SIDE / size();
  const spots = () =>
    props.answer.hotSpots.map(({ row, column, area }) => ({ x: scale() * column, y: scale() * row, r: scale() * radiusOf(area, size()) }));

  createEffect(() => {
    const look = { colours: colours(), opacity: opacity(), limit: limit(), native: native() };
    const pixels = compose(frame(), props.answer.map, look, SIDE);
    canvas.getContext("2d")!.putImageData(new ImageData(pixels, SIDE, SIDE), 0, 0);
  });

  return (
    <>
      <figure class="picture" classList={{ stale: props.loading }}>
        <canvas
          ref={canvas}
          width={SIDE}
          height={SIDE}
          role="img"
          aria-label={`The image in grey with the map of evidence in colour; ${props.answer.hotSpots.length} hot spots`}
        />
        <Show when={marks()}>
          <svg class="marks" viewBox={`0 0 ${SIDE} ${SIDE}`} aria-hidden="true">
            <path class="lesion" d={outline()} transform={`scale(${scale()})`} />
            <For each={spots()}>
              {({ x, y, r }, index) => (
                <g
                  classList={{ pointed: props.hotSpot === index() }}
                  onPointerEnter={() => props.pointAt(index())}
                  onPointerLeave={() => props.pointAt(undefined)}
                >
                  <circle class="halo" cx={x} cy={y} r={r} />
                  <circle cx={x} cy={y} r={r} />
                  {/* a spot at the edge keeps its number in the picture */}
                  <text x={Math.min(SIDE - LABEL, x + 0.71 * r + 5)} y={Math.max(LABEL, y - 0.71 * r - 3)}>
                    {index() + 1}
                  </text>
                </g>
              )}
            </For>
          </svg>
        </Show>
      </figure>
      <Scale answer={props.answer} name={name()} limit={limit()} opacity={opacity()} />
      <div class="controls">
        <label class="field">
          <span>Opacity</span>
          <input
            type="range"
            min="0"
            max="1"
            step="0.05"
            value={opacity()}
            onInput={(event) => setOpacity(event.currentTarget.valueAsNumber)}
          />
        </label>
        <label class="field">
          <span>Colours</span>
          <select onChange={(event) => setName(event.currentTarget.value as ColourMapName)}>
            <For each={Object.entries(COLOUR_MAPS)}>
              {([key, { label }]) => (
                <option value={key} selected={key === name()}>
                  {label}
                </option>
              )}
            </For>
          </select>
        </label>
        <div class="checks">
          <label>
            <input type="checkbox" checked={marks()} onChange={(event) => setMarks(event.currentTarget.checked)} /> Lesion and hot spots
          </label>
          <label>
            <input type="checkbox" checked={native()} onChange={(event) => setNative(event.currentTarget.checked)} /> Native cells (
            {props.answer.map.rows} × {props.answer.map.columns})
          </label>
          <label>
            <input
              type="checkbox"
              checked={held() !== undefined}
              onChange={(event) => hold(event.currentTarget.checked ? own() : undefined)}
            />{" "}
            Keep this scale for other images
          </label>
        </div>
      </div>
    </>
  );
}

function Scale(props: { answer: Prediction; name: ColourMapName; limit: number; opacity: number }) {
  const id = createUniqueId();
  const legend = createMemo(() => legendOf(COLOUR_MAPS[props.name], props.limit, props.opacity));
  const isSigned = () => COLOUR_MAPS[props.name].kind === "diverging";
  const x = (at: number) => 20 + at * 360;
  return (
    <svg
      class="scale"
      viewBox="0 0 400 50"
      role="img"
      aria-label={`Colour scale from ${legend().ticks[0].label} to ${legend().ticks.at(-1)!.label}, raw values of the map`}
    >
      <defs>
        <linearGradient id={id}>
          <For each={legend().stops}>{(stop) => <stop offset={stop.at} stop-color={stop.colour} stop-opacity={stop.opacity} />}</For>
        </linearGradient>
      </defs>
      <rect class="ground" x={x(0)} y="2" width="360" height="12" />
      <rect x={x(0)} y="2" width="360" height="12" fill={`url(#${id})`} />
      <For each={legend().ticks}>
        {(tick) => (
          <>
            <line x1={x(tick.at)} x2={x(tick.at)} y1="14" y2="18" />
            <text x={x(tick.at)} y="30" text-anchor="middle">
              {tick.label}
            </text>
          </>
        )}
      </For>
      <Show
        when={isSigned()}
        fallback={
          <text x="200" y="46" text-anchor="middle">
            strength of evidence, for either class
          </text>
        }
      >
        <text x={x(0)} y="46">
          ← for {props.answer.classes[0]}
        </text>
        <text x={x(1)} y="46" text-anchor="end">
          for {props.answer.classes[1]} →
        </text>
      </Show>
    </svg>
  );
}
