/** @file Rows gathered by the group they belong to: the unit of every resampling here. */

/**
 * The rows of each group, groups in order of their first row.
 * @param groups [rows], the group of each row
 */
export function rowsByGroup(groups: ArrayLike<string | number>): number[][] {
  const rows = new Map<string | number, number[]>();
  for (let i = 0; i < groups.length; i++) {
    const known = rows.get(groups[i]);
    if (known) known.push(i);
    else rows.set(groups[i], [i]);
  }
  return [...rows.values()];
}
