/**
 * @file Many random orders and draws of cells, several times faster than from the stream itself: a 32-bit generator that the stream seeds.
 * Reference: Doty-Humphrey 2014, PractRand, generator sfc32; bounded integers by multiplication: Lemire 2019, doi:10.1145/3230636, without
 * its rejection step (a bias of n/2^32 is far below what any count of permutations can show).
 */
import type { Rng } from "../util/rng.ts";

/** A fast source of integers in [0, n), seeded by the next four numbers of `rng`. */
export function fastIntegers(rng: Rng): (n: number) => number {
  const state = Int32Array.from({ length: 4 }, () => rng.next() * 2 ** 32); // typed: local numbers beyond 31 bits would be boxed
  const next = () => {
    const [a, b, c, counter] = [state[0], state[1], state[2], state[3]];
    const out = (((a + b) | 0) + counter) | 0;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + out;
    state[3] = counter + 1;
    return out >>> 0;
  };
  for (let warm = 0; warm < 12; warm++) next();
  return (n) => Math.floor(next() * (n / 2 ** 32));
}

/** Shuffles `values` in place (Fisher–Yates) with integers from `int`. */
export function shuffleValues(values: Float64Array, int: (n: number) => number): Float64Array {
  for (let i = values.length - 1; i > 0; i--) {
    const j = int(i + 1);
    const held = values[i];
    values[i] = values[j]!;
    values[j] = held;
  }
  return values;
}

/**
 * Draws without replacement: in each of `times` rows, k of 0 … n-1 in random order.
 * @returns [times · k]; a partial Fisher–Yates shuffle that goes on from the order it left
 */
export function distinctDraws(n: number, k: number, times: number, rng: Rng): Int32Array {
  const int = fastIntegers(rng);
  const pool = Int32Array.from({ length: n }, (_, i) => i);
  const table = new Int32Array(times * k);
  for (let at = 0; at < table.length; at += k)
    for (let q = 0; q < k; q++) {
      const j = q + int(n - q);
      const drawn = pool[j];
      pool[j] = pool[q]!;
      pool[q] = drawn;
      table[at + q] = drawn;
    }
  return table;
}
