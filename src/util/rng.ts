/**
 * @file Seeded random numbers, split by name: adding a consumer never shifts the others.
 * Reference: Blackman & Vigna 2018, xoroshiro128+ (package pure-rand); FNV-1a and murmur3's finaliser (Appleby) for names.
 */
import { randomNormal } from "d3-random";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** A stream of random numbers. */
export interface Rng {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, n). */
  int(n: number): number;
  /** Standard normal. */
  normal(): number;
}

/** Mixes a name into a 32-bit seed (FNV-1a, 32 bit). */
function mix(seed: number, name: string | number): number {
  let hash = (seed ^ 0x811c9dc5) >>> 0;
  for (const char of `/${name}`) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193) >>> 0;
  return hash;
}

/** Spreads every input bit over the word (murmur3's finaliser): without it, neighbouring names give correlated first draws. */
function avalanche(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/**
 * The stream of `seed` that belongs to `names`, for example `rngOf(7, "pretrain", "fold", 2)`.
 * Equal arguments give equal streams on every machine.
 */
export function rngOf(seed: number, ...names: (string | number)[]): Rng {
  const generator = xoroshiro128plus(avalanche(names.reduce<number>(mix, seed | 0)));
  const next = () => uniformFloat64(generator);
  return { next, int: (n) => Math.floor(next() * n), normal: randomNormal.source(next)() };
}

/** Shuffles `items` in place (Fisher–Yates) and returns them. */
export function shuffle<T extends { length: number; [index: number]: unknown }>(items: T, rng: Rng): T {
  for (let i = items.length - 1; i > 0; i--) {
    const j = rng.int(i + 1);
    const held = items[i];
    items[i] = items[j];
    items[j] = held;
  }
  return items;
}

/** The integers 0 … n-1. */
export const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
