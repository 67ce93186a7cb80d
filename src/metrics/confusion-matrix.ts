/** @file Several classes: who is taken for whom. */

/** Rows are true classes, columns what was said. */
export interface ConfusionMatrix {
  /** [classes][classes] cases */
  counts: number[][];
  /** [classes] share of the class's cases that were found (recall); NaN for a class without cases */
  sensitivity: number[];
  /** [classes] share of right ones among those said to be of the class; NaN where none was */
  precision: number[];
  accuracy: number;
  /** mean sensitivity of the classes that have cases */
  balancedAccuracy: number;
}

/**
 * @param truth [cases], class 0 … classes-1
 * @param said [cases], class 0 … classes-1
 */
export function confusionMatrix(truth: ArrayLike<number>, said: ArrayLike<number>, classes: number): ConfusionMatrix {
  if (truth.length !== said.length)
    throw new RangeError(`confusionMatrix: one answer a case, got ${said.length} answers and ${truth.length} cases`);
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < truth.length; i++) {
    for (const label of [truth[i], said[i]])
      if (!(Number.isInteger(label) && label >= 0 && label < classes))
        throw new RangeError(`confusionMatrix: classes must be whole numbers from 0 to ${classes - 1}, got ${label} at ${i}`);
    counts[truth[i]][said[i]]++;
  }
  const right = counts.map((row, k) => row[k]);
  const sensitivity = counts.map((row, k) => right[k] / row.reduce((a, b) => a + b, 0));
  const precision = counts.map((_, k) => right[k] / counts.reduce((sum, row) => sum + row[k], 0));
  const present = sensitivity.filter((share) => !Number.isNaN(share));
  return {
    counts,
    sensitivity,
    precision,
    accuracy: right.reduce((a, b) => a + b, 0) / truth.length,
    balancedAccuracy: present.reduce((a, b) => a + b, 0) / present.length,
  };
}
