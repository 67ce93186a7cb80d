/** @file Layout of metric histories: one line a run, and the values at a step. */
import { bisectCenter, extent, line, scaleLinear } from "d3";
import { ticksOf, type Plot, type Size, type Tick } from "./axis.ts";

export interface Series {
  name: string;
  /** in step order; null where the value is not a finite number */
  points: readonly { step: number; value: number | null }[];
}

export interface LinesLayout {
  plot: Plot;
  lines: { name: string; path: string }[];
  x: Tick[];
  y: Tick[];
  /** first and last step */
  steps: [number, number];
  /** pixels of a step, and the step of a pixel */
  xOf(step: number): number;
  stepOf(x: number): number;
  yOf(value: number): number;
}

/** Undefined where no series has a finite value. */
export function linesLayout(series: readonly Series[], { width, height }: Size): LinesLayout | undefined {
  const points = series.flatMap((one) => one.points.filter((point) => point.value !== null));
  const [first, last] = extent(points, (point) => point.step);
  const [low, high] = extent(points, (point) => point.value!);
  if (first === undefined || low === undefined || high === undefined) return undefined;
  const plot: Plot = { left: 58, top: 12, right: width - 16, bottom: height - 42 };
  const steps: [number, number] = [first, last];
  // one point, or a flat line, still needs an axis of some length
  const x = scaleLinear(first === last ? [first - 1, last + 1] : steps, [plot.left, plot.right]);
  const y = scaleLinear(low === high ? [low - 1, high + 1] : [low, high], [plot.bottom, plot.top]).nice(6);
  const path = line<Series["points"][number]>(
    (point) => x(point.step),
    (point) => y(point.value!),
  ).defined((point) => point.value !== null);
  return {
    plot,
    lines: series.map((one) => ({ name: one.name, path: path(one.points) ?? "" })),
    x: ticksOf(x, 8, true),
    y: ticksOf(y, 6),
    steps,
    xOf: x,
    stepOf: (pixels) => Math.round(Math.max(first, Math.min(last, x.invert(pixels)))),
    yOf: y,
  };
}

/** Of each series the point nearest to `step`; undefined where a series has none. */
export function pointsAt(series: readonly Series[], step: number): (Series["points"][number] | undefined)[] {
  return series.map(
    ({ points }) =>
      points[
        bisectCenter(
          points.map((point) => point.step),
          step,
        )
      ],
  );
}
