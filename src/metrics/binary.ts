/** @file Checks of binary labels with one number a case; every metric here begins with them. */

/**
 * Throws unless every label is 0 or 1, every value is a number (infinite is allowed) and both have the same length.
 * @param labels [n], 1 = positive class
 * @param values [n]
 * @returns number of positives; `labels.length - positives` are negative
 */
export function countPositives(name: string, labels: ArrayLike<number>, values: ArrayLike<number>): number {
  if (labels.length !== values.length)
    throw new RangeError(`${name}: one value a label, got ${values.length} values and ${labels.length} labels`);
  let positives = 0;
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== 0 && labels[i] !== 1) throw new RangeError(`${name}: labels must be 0 or 1, got ${labels[i]} at ${i}`);
    if (Number.isNaN(values[i])) throw new RangeError(`${name}: values must be numbers, got NaN at ${i}`);
    positives += labels[i];
  }
  return positives;
}
