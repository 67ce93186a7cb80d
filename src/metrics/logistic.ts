/**
 * @file Logistic regression with an L2 penalty, by Newton's method (iteratively reweighted least squares) with step halving.
 * Reference: McCullagh & Nelder 1989, Generalized Linear Models, §4.4.2 (the iteration); Hastie, Tibshirani & Friedman 2009, The Elements
 * of Statistical Learning, §4.4.1 eq. 4.26 (Newton step) and §3.4.1 (penalty on standardised columns, none on the intercept).
 */
import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { countPositives } from "./binary.ts";
import { logistic } from "./log-odds.ts";
import { mean, variance } from "./moments.ts";

/** Log-odds of the positive class: `intercept + Σ weights[j] · columns[j]`, in the units of the columns. */
export interface LogisticModel {
  intercept: number;
  /** [columns]; 0 for a column that was constant */
  weights: Float64Array;
}

/** Far more than the ten or so steps that a strictly convex loss needs. */
const mostSteps = 200;

/**
 * Minimises `Σ log(1 + exp(η_i)) - y_i η_i + penalty/2 · |w|²` with `η = b + Z w`, Z = columns with mean 0 and (population) variance 1.
 * The penalty keeps the weights finite where the classes can be told apart without error.
 * @param columns [columns][cases]
 * @param labels [cases], 1 = positive; both classes are there
 * @param options.penalty above 0; 1 is scikit-learn's C = 1
 */
export function fitLogistic(
  columns: readonly ArrayLike<number>[],
  labels: ArrayLike<number>,
  { penalty }: { penalty: number },
): LogisticModel {
  if (!(penalty > 0 && penalty < Infinity)) throw new RangeError(`fitLogistic: penalty must be above 0, got ${penalty}`);
  const positives = countPositives("fitLogistic", labels, labels);
  columns.forEach((column, j) => {
    if (column.length !== labels.length || !Array.from(column).every(Number.isFinite))
      throw new RangeError(`fitLogistic: column ${j} must hold ${labels.length} finite numbers, got ${column.length} values`);
  });
  if (positives === 0 || positives === labels.length)
    throw new RangeError(`fitLogistic: both classes must be there, got ${positives} positives of ${labels.length} cases`);
  const scaled = columns.map(standardised);
  const used = scaled.filter(({ spread }) => spread > 0);
  const { weights: found } = newton([new Float64Array(labels.length).fill(1), ...used.map(({ values }) => values)], labels, penalty);
  const weights = new Float64Array(columns.length);
  let intercept = found[0];
  let next = 1;
  scaled.forEach(({ centre, spread }, j) => {
    if (spread === 0) return;
    weights[j] = found[next++] / spread;
    intercept -= weights[j] * centre;
  });
  return { intercept, weights };
}

/**
 * Probability of the positive class.
 * @param columns [columns][cases], in the order of the fit
 * @returns [cases], 0–1
 */
export function predictLogistic({ intercept, weights }: LogisticModel, columns: readonly ArrayLike<number>[]): Float64Array {
  if (columns.length !== weights.length)
    throw new RangeError(`predictLogistic: there must be ${weights.length} columns, got ${columns.length}`);
  return logOdds([intercept, ...weights], [new Float64Array(columns[0]?.length ?? 0).fill(1), ...columns]).map(logistic);
}

/** A column with mean 0 and variance 1; `spread` is 0, and the values mean nothing, where it is constant. */
function standardised(column: ArrayLike<number>): { values: Float64Array; centre: number; spread: number } {
  const values = Float64Array.from(column);
  const centre = mean(values);
  // compared exactly: the variance of equal numbers need not come out as 0
  const spread = values.every((value) => value === values[0]) ? 0 : Math.sqrt(variance(values, 0));
  return { values: values.map((value) => (value - centre) / spread), centre, spread };
}

function logOdds(weights: ArrayLike<number>, columns: readonly ArrayLike<number>[]): Float64Array {
  const eta = new Float64Array(columns[0].length);
  columns.forEach((column, j) => {
    const weight = weights[j];
    for (let i = 0; i < eta.length; i++) eta[i] += weight * column[i];
  });
  return eta;
}

/** The penalised loss and the probabilities [cases] at these weights; column 0 is the intercept's and goes free. */
function evaluate(
  weights: ArrayLike<number>,
  columns: readonly Float64Array[],
  labels: ArrayLike<number>,
  penalty: number,
): { loss: number; p: Float64Array } {
  const p = logOdds(weights, columns);
  let loss = 0;
  for (let j = 1; j < weights.length; j++) loss += (penalty / 2) * weights[j] ** 2;
  for (let i = 0; i < p.length; i++) {
    const eta = p[i];
    const small = Math.exp(-Math.abs(eta)); // never overflows, and serves both
    loss += Math.max(eta, 0) + Math.log1p(small) - labels[i] * eta;
    p[i] = (eta >= 0 ? 1 : small) / (1 + small);
  }
  return { loss, p };
}

/**
 * Minimises the penalised loss of `fitLogistic` as the columns stand.
 * @param columns [columns][cases], finite and linearly independent; column 0 is all ones
 * @param labels [cases]; both classes are there
 * @param penalty at least 0; with 0 the caller has made sure that an optimum exists: no weights tell the classes apart without error
 * @returns `curvature()` [columns][columns] of the loss at its least; without penalty its inverse is the covariance of the weights
 */
export function newton(
  columns: readonly Float64Array[],
  labels: ArrayLike<number>,
  penalty: number,
): { weights: Float64Array; curvature: () => Float64Array[] } {
  let weights = new Float64Array(columns.length);
  let { loss, p } = evaluate(weights, columns, labels, penalty);
  for (let left = mostSteps; left > 0; left--) {
    const slope = columns.map((column, j) => {
      let sum = j === 0 ? 0 : penalty * weights[j];
      for (let i = 0; i < p.length; i++) sum += column[i] * (p[i] - labels[i]);
      return sum;
    });
    const step = new CholeskyDecomposition(curvature(columns, p, penalty)).solve(Matrix.columnVector(slope)).to1DArray();
    /** twice the loss that the step would save if the loss were a parabola */
    const gain = step.reduce((sum, value, j) => sum + value * slope[j], 0);
    for (let size = 1; ; size /= 2) {
      const tried = weights.map((weight, j) => weight - size * step[j]);
      const then = evaluate(tried, columns, labels, penalty);
      // Armijo's rule; near the optimum the loss no longer resolves the gain, and full steps are right there
      if (then.loss <= loss - 1e-4 * size * gain || gain < 1e-9) {
        weights = tried;
        ({ loss, p } = then);
        break;
      }
    }
    if (gain < 1e-12) break; // this step squared what was left of the error
  }
  return { weights, curvature: () => curvature(columns, p, penalty) };
}

/** `Zᵀ diag(p(1-p)) Z + penalty`, the penalty not on the intercept: positive definite. [columns][columns] */
function curvature(columns: readonly Float64Array[], p: Float64Array, penalty: number): Float64Array[] {
  const hessian = columns.map(() => new Float64Array(columns.length));
  const weighted = new Float64Array(p.length);
  for (let j = 0; j < columns.length; j++) {
    const column = columns[j];
    for (let i = 0; i < p.length; i++) weighted[i] = column[i] * p[i] * (1 - p[i]);
    for (let k = 0; k <= j; k++) {
      const other = columns[k];
      let sum = j === k && j > 0 ? penalty : 0;
      for (let i = 0; i < p.length; i++) sum += weighted[i] * other[i];
      hessian[j][k] = hessian[k][j] = sum;
    }
  }
  return hessian;
}
