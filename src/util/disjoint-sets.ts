/**
 * @file Disjoint sets of the integers 0 … n-1.
 * Reference: Tarjan 1975, "Efficiency of a good but not linear set union algorithm"; path halving; the smallest member is the root.
 */
export interface DisjointSets {
  /** The smallest member of the set that holds `i`. */
  find(i: number): number;
  /** Joins the sets of `a` and `b`. */
  join(a: number, b: number): void;
}

export function disjointSets(n: number): DisjointSets {
  const parent = Int32Array.from({ length: n }, (_, i) => i);
  const find = (i: number): number => {
    while (parent[i] !== i) i = parent[i] = parent[parent[i]]!;
    return i;
  };
  const join = (a: number, b: number): void => {
    const [x, y] = [find(a), find(b)];
    // the smaller index stays root: sets are named alike whatever the order of joins
    if (x < y) parent[y] = x;
    else parent[x] = y;
  };
  return { find, join };
}
