/** @file Trials as lines over one axis a parameter and one for the value: the data of a parallel-coordinates figure. */
import type { Parameter, ParamValue, Trial, TuneConfig } from "../config/tune.ts";
import { axisOf, positionOf } from "./axis.ts";
import { sameValue } from "./space.ts";

export interface CoordinateAxis {
  /** path of the parameter, or the metric */
  name: string;
  log: boolean;
  /** marks: both ends of a number, every choice of a category; `at` from 0 (bottom) to 1 */
  marks: { at: number; label: string }[];
}

export interface CoordinateLine {
  number: number;
  state: Trial["state"];
  value: number | null;
  /** [axes] from 0 to 1; null where the trial does not set the parameter, or has no value */
  at: (number | null)[];
}

/** @returns axes in the order of the space, the metric last; lines by number, failed and running trials left out */
export function parallelCoordinates(
  { space, metric }: Pick<TuneConfig, "space" | "metric">,
  history: readonly Trial[],
): { axes: CoordinateAxis[]; lines: CoordinateLine[] } {
  const trials = history.filter(({ state }) => state === "complete" || state === "pruned").sort((a, b) => a.number - b.number);
  const values = trials.map(({ value }) => value).filter((value) => value !== null);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const atValue = (value: number) => (high > low ? (value - low) / (high - low) : 0.5);
  const ends = values.length === 0 ? [] : high > low ? [low, high] : [low];
  return {
    axes: [
      ...space.map(axisFor),
      { name: metric, log: false, marks: ends.map((value) => ({ at: atValue(value), label: labelOf(value) })) },
    ],
    lines: trials.map(({ number, state, value, params }) => ({
      number,
      state,
      value,
      at: [
        ...space.map((parameter) => (parameter.path in params ? shareOf(parameter, params[parameter.path]) : null)),
        value === null ? null : atValue(value),
      ],
    })),
  };
}

function axisFor(parameter: Parameter): CoordinateAxis {
  const values = parameter.kind === "category" ? parameter.choices : [parameter.low, axisOf(parameter).high];
  return {
    name: parameter.path,
    log: parameter.kind !== "category" && parameter.log,
    marks: values.map((value) => ({ at: shareOf(parameter, value), label: labelOf(value) })),
  };
}

const labelOf = (value: ParamValue): string =>
  typeof value === "string" ? value : typeof value === "number" ? String(Number(value.toPrecision(4))) : JSON.stringify(value);

function shareOf(parameter: Parameter, value: ParamValue): number {
  if (parameter.kind === "category")
    return parameter.choices.findIndex((choice) => sameValue(choice, value)) / (parameter.choices.length - 1);
  const axis = axisOf(parameter);
  const [first, last] = [positionOf(axis, axis.low), positionOf(axis, axis.high)];
  return (positionOf(axis, value as number) - first) / (last - first);
}
