/**
 * @file Test functions of the tuning bench, all to be minimised; bench/optuna/tpe.py has the same in Python.
 * Reference: Branin and Hartmann-6 as in Surjanovic & Bingham, "Virtual library of simulation experiments", www.sfu.ca/~ssurjano. The conditional one is
 * our own: three kinds of model with settings of their own, so that half of a space is not set at any time; its minimum is 0.
 */
import type { Params, SpaceInput } from "../../src/config/tune.ts";

export interface TestFunction {
  space: SpaceInput;
  minimum: number;
  /** @param seed moves the optimum, where the function says so */
  valueOf(params: Params, seed?: number): number;
}

export function branin(x: number, y: number): number {
  return (y - (5.1 / (4 * Math.PI ** 2)) * x ** 2 + (5 / Math.PI) * x - 6) ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
}

const HEIGHTS = [1, 1.2, 3, 3.2];
const WIDTHS = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const CENTRES = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
];

export const hartmann6 = (x: readonly number[]): number =>
  -HEIGHTS.reduce((sum, height, i) => sum + height * Math.exp(-x.reduce((s, xj, j) => s + WIDTHS[i][j] * (xj - CENTRES[i][j]) ** 2, 0)), 0);

/** Losses of a forest, a kernel machine and a network, by their settings; only a network by Adam reaches 0. */
export function conditional(params: Params): number {
  const n = (name: string) => params[name] as number;
  if (params.model === "forest") return 0.15 + ((n("depth") - 12) / 20) ** 2 + (n("features") - 0.3) ** 2;
  if (params.model === "kernel") return 0.1 + ((Math.log10(n("c")) - 1) / 4) ** 2 + ((Math.log10(n("gamma")) + 2) / 3) ** 2;
  const shared = ((n("layers") - 3) / 4) ** 2 + ((Math.log2(n("width")) - 6) / 5) ** 2;
  if (params.optimiser === "sgd") return 0.05 + shared + ((Math.log10(n("rate")) + 1) / 2) ** 2 + (n("momentum") - 0.9) ** 2;
  return shared + ((Math.log10(n("rate")) + 3) / 2) ** 2 + (n("dropout") - 0.2) ** 2;
}

const ofModel = (name: string) => ({ when: { parameter: "model", equals: [name] } });
const ofOptimiser = (name: string) => ({ when: { parameter: "optimiser", equals: [name] } });

export const functions: Record<string, TestFunction> = {
  branin: {
    space: [
      { kind: "float", path: "x", low: -5, high: 10 },
      { kind: "float", path: "y", low: 0, high: 15 },
    ],
    minimum: 0.397887,
    valueOf: ({ x, y }) => branin(x as number, y as number),
  },
  hartmann6: {
    space: Array.from({ length: 6 }, (_, i) => ({ kind: "float" as const, path: `x${i}`, low: 0, high: 1 })),
    minimum: -3.32237,
    valueOf: (params) => hartmann6(Array.from({ length: 6 }, (_, i) => params[`x${i}`] as number)),
  },
  conditional: {
    space: [
      { kind: "category", path: "model", choices: ["forest", "kernel", "network"] },
      { kind: "int", path: "depth", low: 1, high: 32, ...ofModel("forest") },
      { kind: "float", path: "features", low: 0.1, high: 1, step: 0.1, ...ofModel("forest") },
      { kind: "float", path: "c", low: 1e-3, high: 1e3, log: true, ...ofModel("kernel") },
      { kind: "float", path: "gamma", low: 1e-5, high: 10, log: true, ...ofModel("kernel") },
      { kind: "int", path: "layers", low: 1, high: 6, ...ofModel("network") },
      { kind: "int", path: "width", low: 4, high: 512, log: true, ...ofModel("network") },
      { kind: "float", path: "rate", low: 1e-5, high: 1, log: true, ...ofModel("network") },
      { kind: "category", path: "optimiser", choices: ["sgd", "adam"], ...ofModel("network") },
      { kind: "float", path: "momentum", low: 0, high: 0.99, ...ofOptimiser("sgd") },
      { kind: "float", path: "dropout", low: 0, high: 0.8, ...ofOptimiser("adam") },
    ],
    minimum: 0,
    valueOf: conditional,
  },
};
