/**
 * @file Multinomial logistic regression (softmax) with an L2 penalty, solved to the optimum for several penalties at once.
 * Reference: Hastie, Tibshirani & Friedman 2009, The Elements of Statistical Learning, §4.4 (the model), §18.4 (all classes penalised alike)
 * and §18.3.5 (more columns than cases: the fit in the rows' own space is the same).
 */
import { choleskyFactor } from "./cholesky.ts";
import { dot, type Rows } from "./embedding/unit-rows.ts";
import { innerProduct } from "./inner-product.ts";
import { parameterCount, softmaxNewton, type SoftmaxParameters, type SoftmaxProblem } from "./softmax-newton.ts";

/** Logit of class k: `intercepts[k] + Σ_j weights[k][j]·row[j]`, in the units of the rows. Intercepts and each column's weights sum to 0 over the classes that are there. */
export interface MultinomialModel {
  /** [classes]; -Infinity for a class without cases: it has no share anywhere */
  intercepts: Float64Array;
  /** [classes][d]; 0 for a column that was constant */
  weights: Float64Array[];
}

export interface MultinomialOptions {
  classes: number;
  /** each above 0; 1 is scikit-learn's C = 1 */
  penalties: readonly number[];
}

/**
 * Minimises `Σ_i -log softmax(η_i)[y_i] + penalty/2 · Σ_k |w_k|²` with `η_ik = b_k + z_i·w_k`, z = rows whose columns have mean 0 and
 * (population) variance 1. Two classes under a penalty of 2λ are `fitLogistic` under λ: each class has half of the weights' difference.
 * @param rows [cases][d]
 * @param labels class of each, 0 … classes-1, [cases]
 * @returns a model a penalty, in their order. The largest is solved first, and each begins where the one above ended.
 */
export function fitMultinomial(rows: Rows, labels: ArrayLike<number>, { classes, penalties }: MultinomialOptions): MultinomialModel[] {
  checkCases(rows, labels, classes);
  const bad = penalties.find((penalty) => !(penalty > 0 && penalty < Infinity));
  if (bad !== undefined) throw new RangeError(`fitMultinomial: penalties must be above 0, got ${bad}`);
  const present = [...new Set(Array.from(labels))].sort((a, b) => a - b);
  const standard = standardised(rows);
  const problem: SoftmaxProblem = {
    ...coordinates(standard.z),
    cases: rows.length,
    labels: Int32Array.from(labels, (label) => present.indexOf(label)),
    classes: present.length,
  };
  let start: SoftmaxParameters = new Float64Array(parameterCount(problem));
  const models = new Map<number, MultinomialModel>();
  for (const penalty of [...penalties].sort((a, b) => b - a)) {
    const { parameters, intercepts, p } = softmaxNewton(problem, penalty, start);
    start = parameters;
    models.set(penalty, modelOf({ penalty, p, intercepts }, problem, standard, { classes, present }));
  }
  return penalties.map((penalty) => models.get(penalty)!);
}

/**
 * Logits of the classes.
 * @param rows [cases][d]
 * @returns [cases][classes]; -Infinity for a class that the fit had no cases of
 */
export const multinomialLogits = ({ intercepts, weights }: MultinomialModel, rows: Rows): Float64Array[] =>
  rows.map((row) => {
    if (row.length !== weights[0].length)
      throw new RangeError(`multinomialLogits: rows must hold ${weights[0].length} values, got ${row.length}`);
    return intercepts.map((intercept, k) => (intercept === -Infinity ? intercept : intercept + dot(weights[k], row)));
  });

function checkCases(rows: Rows, labels: ArrayLike<number>, classes: number): void {
  if (rows.length === 0 || labels.length !== rows.length)
    throw new RangeError(`fitMultinomial: there must be cases, and a label for each, got ${rows.length} rows and ${labels.length} labels`);
  rows.forEach((row, i) => {
    if (row.length !== rows[0].length || !Array.from(row).every(Number.isFinite))
      throw new RangeError(`fitMultinomial: row ${i} must hold ${rows[0].length} finite numbers, got ${row.length} values`);
    if (!(Number.isInteger(labels[i]) && labels[i] >= 0 && labels[i] < classes))
      throw new RangeError(`fitMultinomial: labels must be whole numbers from 0 to ${classes - 1}, got ${labels[i]} at ${i}`);
  });
}

interface Standardised {
  /** [cases][d] */
  z: Float64Array[];
  centre: Float64Array;
  /** standard deviation of each column [d]; 0 where it is constant, and z is 0 there */
  spread: Float64Array;
}

function standardised(rows: Rows): Standardised {
  const [n, d] = [rows.length, rows[0].length];
  const [centre, spread] = [new Float64Array(d), new Float64Array(d)];
  const constant = new Uint8Array(d).fill(1); // compared exactly: the variance of equal numbers need not come out as 0
  for (const row of rows)
    for (let j = 0; j < d; j++) {
      centre[j] += row[j] / n;
      if (row[j] !== rows[0][j]) constant[j] = 0;
    }
  for (const row of rows) for (let j = 0; j < d; j++) spread[j] += (row[j] - centre[j]) ** 2 / n;
  for (let j = 0; j < d; j++) spread[j] = constant[j] ? 0 : Math.sqrt(spread[j]);
  const z = rows.map((row) => Float64Array.from(spread, (sd, j) => (sd === 0 ? 0 : (row[j] - centre[j]) / sd)));
  return { z, centre, spread };
}

/**
 * Coordinates of the cases in no more dimensions than there are cases, with the same inner products: the penalty knows nothing else of them.
 * @param z [cases][d]
 */
function coordinates(z: readonly Float64Array[]): Pick<SoftmaxProblem, "x" | "columns" | "normal"> {
  const [n, d] = [z.length, z[0].length];
  let [x, columns]: [Float64Array, number] = [new Float64Array(0), d];
  if (d <= n) x = Float64Array.from(z.flatMap((row) => [...row]));
  else {
    const inner = new Float64Array(n * n);
    for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) inner[i * n + j] = innerProduct(z[i], 0, z[j], 0, d);
    [x, columns] = [choleskyFactor(inner, n), n];
  }
  const normal = new Float64Array(columns * columns);
  for (let i = 0; i < n; i++)
    for (let j = 0, at = i * columns; j < columns; j++) {
      const value = x[at + j];
      if (value !== 0) for (let k = 0; k <= j; k++) normal[j * columns + k] += value * x[at + k];
    }
  return { x, columns, normal };
}

/** At the optimum the loss has no slope, so `w_k = Σ_i (y_ik - p_ik)·z_i / penalty`, whatever coordinates it was found in. */
function modelOf(
  { penalty, p, intercepts }: { penalty: number; p: Float64Array; intercepts: Float64Array },
  { cases, labels, classes: count }: SoftmaxProblem,
  { z, centre, spread }: Standardised,
  { classes, present }: { classes: number; present: readonly number[] },
): MultinomialModel {
  const model: MultinomialModel = {
    intercepts: new Float64Array(classes).fill(-Infinity),
    weights: Array.from({ length: classes }, () => new Float64Array(spread.length)),
  };
  present.forEach((label, k) => {
    const w = model.weights[label];
    for (let i = 0; i < cases; i++) {
      const share = (Number(labels[i] === k) - p[i * count + k]) / penalty;
      for (let j = 0; j < w.length; j++) w[j] += share * z[i][j];
    }
    for (let j = 0; j < w.length; j++) w[j] = spread[j] === 0 ? 0 : w[j] / spread[j];
    model.intercepts[label] = intercepts[k] - dot(w, centre);
  });
  return model;
}
