/**
 * @file Gauss-Legendre quadrature on [0, 1]: the nodes and weights that integrate polynomials of degree 2n - 1 exactly.
 * Reference: Abramowitz & Stegun 1964, Handbook of Mathematical Functions, 25.4.29 (weights) and 22.16.6 (first guess of the zeros).
 */

/** Nodes in (0, 1), ascending, and weights that sum to 1. */
export interface Quadrature {
  nodes: Float64Array;
  weights: Float64Array;
}

/** Newton doubles the digits each time from a guess good to 1e-4 or better; this many leaves room to spare. */
const NEWTON_STEPS = 8;

/** The rule with `n` ≥ 1 nodes: zeros x of the Legendre polynomial P_n by Newton's method, weights 2 / ((1 - x²) P_n'(x)²), both halved for [0, 1]. */
export function gaussLegendre(n: number): Quadrature {
  if (!Number.isInteger(n) || n < 1) throw new RangeError(`gaussLegendre: n must be an integer of at least 1, got ${n}`);
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let k = 0; k < Math.ceil(n / 2); k++) {
    let x = Math.cos((Math.PI * (k + 0.75)) / (n + 0.5));
    for (let step = 0; step < NEWTON_STEPS; step++) {
      const { value, slope } = legendre(n, x);
      x -= value / slope;
    }
    const weight = 1 / ((1 - x * x) * legendre(n, x).slope ** 2);
    nodes[k] = (1 - x) / 2;
    nodes[n - 1 - k] = (1 + x) / 2;
    weights[k] = weights[n - 1 - k] = weight;
  }
  return { nodes, weights };
}

/** P_n(x) by `j P_j = (2j - 1) x P_{j-1} - (j - 1) P_{j-2}`, and P_n'(x) = n (x P_n - P_{n-1}) / (x² - 1). */
function legendre(n: number, x: number): { value: number; slope: number } {
  let previous = 0;
  let value = 1;
  for (let j = 1; j <= n; j++) [previous, value] = [value, ((2 * j - 1) * x * value - (j - 1) * previous) / j];
  return { value, slope: (n * (x * value - previous)) / (x * x - 1) };
}
