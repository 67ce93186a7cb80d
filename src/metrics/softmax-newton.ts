/**
 * @file Least penalised softmax loss by Newton's method, whose steps are solved by conjugate gradients: no matrix of the size
 * (columns · classes)² is made.
 * Reference: Nocedal & Wright 2006, Numerical Optimization, algorithm 7.1 (inexact Newton) and algorithm 5.3 (preconditioned conjugate gradients).
 */
import { choleskyFactor, choleskySolve } from "./cholesky.ts";
import { innerProduct } from "./inner-product.ts";

export interface SoftmaxProblem {
  /** [cases, columns] row-major; columns have mean 0 */
  x: Float64Array;
  cases: number;
  columns: number;
  /** XᵀX, of which the lower triangle is read, [columns, columns] row-major */
  normal: Float64Array;
  /** class of each case, 0 … classes-1, [cases]; every class is there */
  labels: ArrayLike<number>;
  classes: number;
}

/** `η_ik = b_k + x_i·w_k`: for each class w, then b: [classes · (columns + 1)] row-major. */
export type SoftmaxParameters = Float64Array;

/** Far more than the ten or so steps that a strictly convex loss needs. */
const MOST_STEPS = 200;
/** Beyond it a step is good enough to go on with. */
const MOST_PRODUCTS = 500;
/** Share of the residual that a step leaves near the optimum. */
const LEAST_TOLERANCE = 1e-4;

/**
 * Minimises `Σ_i -log softmax(η_i)[y_i] + penalty/2 · Σ_k |w_k|²`; the intercepts b go free and sum to 0.
 * @param penalty above 0
 * @param start where to begin; one of a neighbouring penalty saves most of the steps
 * @returns parameters, and the probabilities at them [cases, classes] row-major
 */
export function softmaxNewton(
  problem: SoftmaxProblem,
  penalty: number,
  start: SoftmaxParameters,
): { parameters: SoftmaxParameters; p: Float64Array } {
  const { columns, classes } = problem;
  const stride = columns + 1;
  let parameters = Float64Array.from(start);
  let now = lossAt(problem, penalty, parameters);
  const nearInverse = preconditioner(problem, penalty, now.p);
  for (let left = MOST_STEPS; left > 0; left--) {
    const slope = slopeAt(problem, penalty, parameters, now.p);
    const near = nearInverse(slope);
    // the nearer the optimum, the more exact: a step then about squares what is left; more exact than the least is lost in rounding
    const tolerance = Math.min(0.1, Math.max(LEAST_TOLERANCE, Math.sqrt(product(slope, near))));
    const step = solve((v) => curvatureTimes(problem, penalty, now.p, v), slope, nearInverse, tolerance);
    const gain = product(slope, step);
    for (let size = 1; ; size /= 2) {
      const tried = parameters.map((value, j) => value - size * step[j]);
      const then = lossAt(problem, penalty, tried);
      // Armijo's rule; near the optimum the loss no longer resolves the gain, and full steps are right there
      if (then.loss <= now.loss - 1e-4 * size * gain || gain < 1e-9) {
        [parameters, now] = [tried, then];
        break;
      }
    }
    if (gain < 1e-10) break; // of this, the step left about 1e-4 squared
  }
  let mean = 0;
  for (let k = 0; k < classes; k++) mean += parameters[k * stride + columns] / classes;
  for (let k = 0; k < classes; k++) parameters[k * stride + columns] -= mean; // a number that all classes share says nothing
  return { parameters, p: now.p };
}

/** Loss and probabilities [cases, classes]. */
function lossAt(problem: SoftmaxProblem, penalty: number, parameters: SoftmaxParameters) {
  const { cases, columns, labels, classes } = problem;
  const p = scores(problem, parameters);
  let loss = 0;
  for (let i = 0; i < cases; i++) {
    const at = i * classes;
    let top = -Infinity;
    for (let k = 0; k < classes; k++) top = Math.max(top, p[at + k]);
    const own = p[at + labels[i]] - top;
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += p[at + k] = Math.exp(p[at + k] - top);
    for (let k = 0; k < classes; k++) p[at + k] /= sum;
    loss += Math.log(sum) - own;
  }
  for (let k = 0; k < classes; k++) for (let j = 0; j < columns; j++) loss += (penalty / 2) * parameters[k * (columns + 1) + j] ** 2;
  return { loss, p };
}

/** `b_k + x_i·w_k`, [cases, classes]. */
function scores({ x, cases, columns, classes }: SoftmaxProblem, parameters: Float64Array): Float64Array {
  const found = new Float64Array(cases * classes);
  for (let k = 0; k < classes; k++) {
    const w = parameters.subarray(k * (columns + 1), (k + 1) * (columns + 1));
    for (let i = 0; i < cases; i++) found[i * classes + k] = w[columns] + innerProduct(x, i * columns, w, 0, columns);
  }
  return found;
}

/** `Σ_i r_ik·(x_i, 1) + penalty·(w_k, 0)` of r [cases, classes]; [classes · (columns + 1)]. */
function backwards({ x, cases, columns, classes }: SoftmaxProblem, penalty: number, r: Float64Array, w: Float64Array): Float64Array {
  const found = new Float64Array(w.length);
  for (let k = 0; k < classes; k++) {
    const out = found.subarray(k * (columns + 1), (k + 1) * (columns + 1));
    for (let i = 0; i < cases; i++) {
      const weight = r[i * classes + k];
      for (let j = 0, at = i * columns; j < columns; j++) out[j] += weight * x[at + j];
      out[columns] += weight;
    }
    for (let j = 0; j < columns; j++) out[j] += penalty * w[k * (columns + 1) + j];
  }
  return found;
}

function slopeAt(problem: SoftmaxProblem, penalty: number, parameters: SoftmaxParameters, p: Float64Array): Float64Array {
  const residuals = Float64Array.from(p);
  for (let i = 0; i < problem.cases; i++) residuals[i * problem.classes + problem.labels[i]] -= 1;
  return backwards(problem, penalty, residuals, parameters);
}

/** The loss's matrix of second derivatives times v: `r_ik = p_ik·(s_ik - Σ_c p_ic·s_ic)` with s the scores of v. */
function curvatureTimes(problem: SoftmaxProblem, penalty: number, p: Float64Array, v: Float64Array): Float64Array {
  const { cases, classes } = problem;
  const r = scores(problem, v);
  for (let i = 0; i < cases; i++) {
    const at = i * classes;
    let mean = 0;
    for (let k = 0; k < classes; k++) mean += p[at + k] * r[at + k];
    for (let k = 0; k < classes; k++) r[at + k] = p[at + k] * (r[at + k] - mean);
  }
  return backwards(problem, penalty, r, v);
}

/** The inverse of what the curvature would be if all cases had the same mean `p(1 - p)` and classes did not touch: `c·XᵀX + penalty`, and `c·cases`. */
function preconditioner({ normal, cases, columns, classes }: SoftmaxProblem, penalty: number, p: Float64Array) {
  const mean = Math.max(1e-6, p.reduce((sum, value) => sum + value * (1 - value), 0) / p.length);
  const factor = choleskyFactor(
    normal.map((value, at) => mean * value + (at % (columns + 1) === 0 ? penalty : 0)),
    columns,
  );
  return (v: Float64Array): Float64Array => {
    const found = Float64Array.from(v);
    for (let k = 0; k < classes; k++) {
      const at = k * (columns + 1);
      choleskySolve(factor, columns, found.subarray(at, at + columns));
      found[at + columns] /= mean * cases;
    }
    return found;
  };
}

/** `A·s = b` by preconditioned conjugate gradients from 0, until the residual is `tolerance` of what it was. */
function solve(
  times: (v: Float64Array) => Float64Array,
  b: Float64Array,
  nearInverse: (v: Float64Array) => Float64Array,
  tolerance: number,
): Float64Array {
  const s = new Float64Array(b.length);
  const residual = Float64Array.from(b);
  let near = nearInverse(residual);
  let direction = near;
  let size = product(residual, near);
  const enough = tolerance ** 2 * size;
  for (let left = MOST_PRODUCTS; left > 0 && size > enough; left--) {
    const moved = times(direction);
    const length = size / product(direction, moved);
    for (let j = 0; j < s.length; j++) {
      s[j] += length * direction[j];
      residual[j] -= length * moved[j];
    }
    near = nearInverse(residual);
    const next = product(residual, near);
    const share = next / size;
    direction = near.map((value, j) => value + share * direction[j]);
    size = next;
  }
  return s;
}

const product = (a: Float64Array, b: Float64Array): number => innerProduct(a, 0, b, 0, a.length);
