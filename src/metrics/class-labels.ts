/** @file Checks of class numbers with one row of numbers a case; every metric of several classes begins with them. */

/**
 * Throws unless there is a row a label, all rows are equally long, labels are whole numbers 0 … classes-1 and values are finite.
 * @param labels [cases]
 * @param rows [cases][classes]
 * @returns the number of classes; 0 for no cases
 */
export function countClasses(name: string, labels: ArrayLike<number>, rows: readonly ArrayLike<number>[]): number {
  if (rows.length !== labels.length) throw new RangeError(`${name}: one row a label, got ${rows.length} rows and ${labels.length} labels`);
  const classes = rows[0]?.length ?? 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    if (row.length !== classes) throw new RangeError(`${name}: rows must hold ${classes} values, got ${row.length} at ${i}`);
    if (!(Number.isInteger(labels[i]) && labels[i] >= 0 && labels[i] < classes))
      throw new RangeError(`${name}: labels must be whole numbers from 0 to ${classes - 1}, got ${labels[i]} at ${i}`);
    for (let k = 0; k < classes; k++)
      if (!Number.isFinite(row[k])) throw new RangeError(`${name}: values must be finite, got ${row[k]} at ${i}, class ${k}`);
  }
  return classes;
}
