/**
 * @file Test functions on which TPE's bandwidth was chosen, so that those of functions.ts judge it unseen. Optima move with the seed, and each has
 * a noise that makes it about as hard as a metric over folds does.
 */
import type { SpaceInput } from "../../src/config/tune.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import type { TestFunction } from "./functions.ts";

const box = (dimensions: number, low: number, high: number): SpaceInput =>
  range(dimensions).map((i) => ({ kind: "float" as const, path: `x${i}`, low, high }));
const vector = (params: Record<string, unknown>, dimensions: number) => range(dimensions).map((i) => params[`x${i}`] as number);
/** Place of the optimum along axis `i`, 0.1 to 0.9. */
const place = (seed: number, i: number) => 0.1 + 0.8 * rngOf(seed, "optimum", i).next();

export const development: Record<string, TestFunction & { noise: number }> = {
  sphere3: {
    ...{ space: box(3, 0, 1), minimum: 0, noise: 0.03 },
    valueOf: (params, seed = 0) => vector(params, 3).reduce((sum, x, i) => sum + (x - place(seed, i)) ** 2, 0),
  },
  unequal5: {
    ...{ space: box(5, 0, 1), minimum: 0, noise: 0.05 },
    valueOf: (params, seed = 0) =>
      vector(params, 5).reduce((sum, x, i) => sum + [4, 1, 0.25, 0.05, 0.01][i] * (x - place(seed, i)) ** 2, 0),
  },
  ackley4: {
    ...{ space: box(4, -3, 3), minimum: 0, noise: 0.5 },
    valueOf(params, seed = 0) {
      const v = vector(params, 4).map((x, i) => x - (4 * place(seed, i) - 2));
      const [squares, waves] = [v.reduce((sum, x) => sum + x ** 2 / 4, 0), v.reduce((sum, x) => sum + Math.cos(2 * Math.PI * x) / 4, 0)];
      return -20 * Math.exp(-0.2 * Math.sqrt(squares)) - Math.exp(waves) + 20 + Math.E;
    },
  },
  rosenbrock2: {
    ...{ space: box(2, -2, 2), minimum: 0, noise: 1 },
    valueOf: ({ x0, x1 }) => 100 * ((x1 as number) - (x0 as number) ** 2) ** 2 + (1 - (x0 as number)) ** 2,
  },
  camel2: {
    ...{ space: box(2, -2, 2), minimum: -1.031628, noise: 0.2 },
    valueOf(params) {
      const [x, y] = [params.x0 as number, (params.x1 as number) / 2];
      return (4 - 2.1 * x ** 2 + x ** 4 / 3) * x ** 2 + x * y + (4 * y ** 2 - 4) * y ** 2;
    },
  },
  mixed5: {
    space: [
      { kind: "float", path: "rate", low: 1e-5, high: 1, log: true },
      { kind: "int", path: "width", low: 8, high: 256, log: true },
      { kind: "int", path: "epochs", low: 1, high: 20 },
      { kind: "category", path: "kind", choices: ["a", "b", "c", "d"] },
      { kind: "float", path: "decay", low: 1e-6, high: 0.1, log: true },
    ],
    ...{ minimum: 0, noise: 0.03 },
    valueOf(params, seed = 0) {
      const [rate, width, epochs, decay] = ["rate", "width", "epochs", "decay"].map((name) => params[name] as number);
      const kind = { a: 0, b: 0.05, c: 0.1, d: 0.3 }[params.kind as string]!;
      const numbers = [
        (Math.log10(rate) + 1 + 3 * place(seed, 0)) ** 2 / 4,
        (Math.log2(width) - 4 - 3 * place(seed, 1)) ** 2 / 20,
        ((epochs - 3 - 14 * place(seed, 2)) / 20) ** 2,
        (Math.log10(decay) + 2 + 3 * place(seed, 3)) ** 2 / 40,
      ];
      return numbers.reduce((sum, each) => sum + each, kind);
    },
  },
  branches: {
    space: [
      { kind: "category", path: "kind", choices: ["a", "b"] },
      ...box(2, 0, 1).map((axis) => ({ ...axis, path: `a-${axis.path}`, when: { parameter: "kind", equals: ["a"] } })),
      ...box(3, 0, 1).map((axis) => ({ ...axis, path: `b-${axis.path}`, when: { parameter: "kind", equals: ["b"] } })),
    ],
    ...{ minimum: 0, noise: 0.03 },
    valueOf(params, seed = 0) {
      const distance = (branch: string, dimensions: number, first: number) =>
        range(dimensions).reduce((sum, i) => sum + ((params[`${branch}-x${i}`] as number) - place(seed, first + i)) ** 2, 0);
      return params.kind === "a" ? 0.03 + distance("a", 2, 0) : distance("b", 3, 2);
    },
  },
};
