/** @file Layout of receiver operating characteristics. */
import { line, scaleLinear } from "d3";
import { ticksOf, type Plot, type Size, type Tick } from "./axis.ts";

export interface RocLayout {
  plot: Plot;
  curves: { name: string; path: string }[];
  /** what guessing gives */
  diagonal: string;
  x: Tick[];
  y: Tick[];
}

/** @param curves points are [false positive rate, true positive rate] */
export function rocLayout(curves: readonly { name: string; points: readonly (readonly number[])[] }[], { width, height }: Size): RocLayout {
  const plot: Plot = { left: 46, top: 10, right: width - 12, bottom: height - 42 };
  const x = scaleLinear([0, 1], [plot.left, plot.right]);
  const y = scaleLinear([0, 1], [plot.bottom, plot.top]);
  const path = line<readonly number[]>(
    (point) => x(point[0]),
    (point) => y(point[1]),
  );
  return {
    plot,
    curves: curves.map(({ name, points }) => ({ name, path: path(points) ?? "" })),
    diagonal:
      path([
        [0, 0],
        [1, 1],
      ]) ?? "",
    x: ticksOf(x, 5),
    y: ticksOf(y, 5),
  };
}
