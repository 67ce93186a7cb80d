/**
 * @file Least penalised softmax loss by Newton's method, whose steps are solved by conjugate gradients: no matrix of the size
 * (columns · classes)² is made.
 * Reference: Nocedal & Wright 2006, Numerical Optimization, algorithm 7.1 (inexact Newton).
 */
import { choleskyFactor, choleskySolve } from "./cholesky.ts";
import { conjugateGradients } from "./conjugate-gradients.ts";
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

/**
 * `η_i = C·(v + U·x_i)` with C [classes, classes - 1] of orthonormal columns that each sum to 0: logits are known but for a number that all share,
 * and the penalty makes it 0, so there is one row of parameters less than classes, `|w|² = |u|²`, and no direction is flat.
 * For each column of C its row of U, then its v: [(classes - 1) · (columns + 1)] row-major.
 */
export type SoftmaxParameters = Float64Array;

export const parameterCount = ({ columns, classes }: Pick<SoftmaxProblem, "columns" | "classes">): number => (classes - 1) * (columns + 1);

/** Far more than the ten or so steps that a strictly convex loss needs. */
const MOST_STEPS = 200;
/** Share of the residual that a step leaves near the optimum. */
const LEAST_TOLERANCE = 1e-4;

/**
 * Minimises `Σ_i -log softmax(η_i)[y_i] + penalty/2 · Σ_k |w_k|²` with `η_ik = b_k + x_i·w_k`; the intercepts b go free.
 * @param penalty above 0
 * @param start where to begin: zeros, or what a neighbouring penalty gave, which saves steps
 * @returns parameters; intercepts [classes], which sum to 0, and probabilities [cases, classes] row-major at them
 */
export function softmaxNewton(
  problem: SoftmaxProblem,
  penalty: number,
  start: SoftmaxParameters,
): { parameters: SoftmaxParameters; intercepts: Float64Array; p: Float64Array } {
  const { columns, classes } = problem;
  let parameters = Float64Array.from(start);
  let now = lossAt(problem, penalty, parameters);
  const nearInverse = preconditioner(problem, penalty, now.p);
  for (let left = MOST_STEPS; left > 0; left--) {
    const slope = slopeAt(problem, penalty, parameters, now.p);
    const near = nearInverse(slope);
    // the nearer the optimum, the more exact: a step then about squares what is left; more exact than the least is lost in rounding
    const tolerance = Math.min(0.1, Math.max(LEAST_TOLERANCE, Math.sqrt(innerProduct(slope, 0, near, 0, slope.length))));
    const step = conjugateGradients((v) => curvatureTimes(problem, penalty, now.p, v), slope, nearInverse, tolerance);
    const gain = innerProduct(slope, 0, step, 0, slope.length);
    if (!Number.isFinite(gain)) throw new RangeError(`softmaxNewton: x must be of finite length, got a step of ${gain}`);
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
  const v = Float64Array.from({ length: classes - 1 }, (_, c) => parameters[c * (columns + 1) + columns]);
  return { parameters, intercepts: expanded(v, 1, classes), p: now.p };
}

/** Column c of C, Helmert's contrasts: class c + 1 against the mean of those before it. */
const contrast = (k: number, c: number): number => (k > c + 1 ? 0 : (k === c + 1 ? c + 1 : -1) / Math.sqrt((c + 1) * (c + 2)));

/** `C·s` of each case: [cases, classes - 1] → [cases, classes]. */
function expanded(s: Float64Array, cases: number, classes: number): Float64Array {
  const free = classes - 1;
  const found = new Float64Array(cases * classes);
  for (let k = 0; k < classes; k++)
    for (let c = 0; c < free; c++) {
      const share = contrast(k, c);
      if (share !== 0) for (let i = 0, at = c; at < s.length; i++, at += free) found[i * classes + k] += share * s[at];
    }
  return found;
}

/** `Cᵀ·r` of each case: [cases, classes] → [cases, classes - 1]. */
function contracted(r: Float64Array, classes: number): Float64Array {
  const free = classes - 1;
  const found = new Float64Array((r.length / classes) * free);
  for (let c = 0; c < free; c++)
    for (let k = 0; k <= c + 1; k++) {
      const share = contrast(k, c);
      for (let i = 0, at = k; at < r.length; i++, at += classes) found[i * free + c] += share * r[at];
    }
  return found;
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
  for (let c = 0; c < classes - 1; c++) for (let j = 0; j < columns; j++) loss += (penalty / 2) * parameters[c * (columns + 1) + j] ** 2;
  return { loss, p };
}

/** `C·(v + U·x_i)`, [cases, classes]. */
function scores({ x, cases, columns, classes }: SoftmaxProblem, parameters: SoftmaxParameters): Float64Array {
  const free = classes - 1;
  const found = new Float64Array(cases * free);
  for (let c = 0; c < free; c++) {
    const u = parameters.subarray(c * (columns + 1), (c + 1) * (columns + 1));
    for (let i = 0; i < cases; i++) found[i * free + c] = u[columns] + innerProduct(x, i * columns, u, 0, columns);
  }
  return expanded(found, cases, classes);
}

/** What r [cases, classes], a slope by logits, is as a slope by parameters: `Σ_i (Cᵀr_i)·(x_i, 1) + penalty·(u, 0)`. */
function backwards(
  { x, cases, columns, classes }: SoftmaxProblem,
  penalty: number,
  r: Float64Array,
  parameters: SoftmaxParameters,
): Float64Array {
  const free = classes - 1;
  const weights = contracted(r, classes);
  const found = new Float64Array(parameters.length);
  for (let c = 0; c < free; c++) {
    const from = c * (columns + 1);
    const out = found.subarray(from, from + columns + 1);
    for (let i = 0; i < cases; i++) {
      const weight = weights[i * free + c];
      for (let j = 0, at = i * columns; j < columns; j++) out[j] += weight * x[at + j];
      out[columns] += weight;
    }
    for (let j = 0; j < columns; j++) out[j] += penalty * parameters[from + j];
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
  // along a contrast of k classes the curvature by logits is p(1 - p)·k/(k - 1) where all classes are alike
  const mean = Math.max(1e-6, p.reduce((sum, value) => sum + value * (1 - value), 0) / (cases * Math.max(1, classes - 1)));
  const factor = choleskyFactor(
    normal.map((value, at) => mean * value + (at % (columns + 1) === 0 ? penalty : 0)),
    columns,
  );
  return (v: Float64Array): Float64Array => {
    const found = Float64Array.from(v);
    for (let at = 0; at < found.length; at += columns + 1) {
      choleskySolve(factor, columns, found.subarray(at, at + columns));
      found[at + columns] /= mean * cases;
    }
    return found;
  };
}
