/** @file Embeddings scaled to length 1. */

/** Embeddings of n images, [n][d]. */
export type Rows = readonly ArrayLike<number>[];

/** Each row divided by its length; a row of zeros stays zero. */
export const unitRows = (rows: Rows): Float64Array[] =>
  rows.map((row) => {
    const unit = Float64Array.from(row);
    const length = Math.sqrt(dot(unit, unit));
    return length > 0 ? unit.map((x) => x / length) : unit;
  });

/** Inner product of two vectors of one length. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Throws where there are fewer than two rows or their widths differ; `name` is the metric. */
export function checkRows(name: string, rows: Rows): void {
  if (rows.length < 2) throw new RangeError(`${name}: there must be 2 embeddings or more, got ${rows.length}`);
  const odd = rows.find((row) => row.length !== rows[0].length);
  if (odd) throw new RangeError(`${name}: embeddings must have one width, got ${rows[0].length} and ${odd.length}`);
}
