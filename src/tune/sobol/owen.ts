/**
 * @file Owen's nested uniform scrambling by hashing: each bit is flipped by a coin that depends on the bits above it.
 * Reference: Owen 1995, doi:10.1007/978-1-4612-2552-2_19; Burley 2020, "Practical hash-based Owen scrambling", JCGT 9(4), listing 3
 * (Laine & Karras 2011 with better constants).
 */
import { rngOf } from "../../util/rng.ts";

/** One seed a dimension. */
export const scramblesOf = (seed: number, dimensions: number): Uint32Array =>
  Uint32Array.from({ length: dimensions }, (_, d) => rngOf(seed, "tune", "sobol", d).next() * 2 ** 32);

function reverseBits(x: number): number {
  x = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1);
  x = ((x >>> 2) & 0x33333333) | ((x & 0x33333333) << 2);
  x = ((x >>> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4);
  x = ((x >>> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8);
  return ((x >>> 16) | (x << 16)) >>> 0;
}

/** Scrambles a 32-bit fraction; a bijection in which equal leading bits stay equal. */
export function owenScramble(x: number, seed: number): number {
  let y = (reverseBits(x) + seed) | 0;
  y ^= Math.imul(y, 0x6c50b47c);
  y ^= Math.imul(y, 0xb82f1e52);
  y ^= Math.imul(y, 0xc7afe638);
  y ^= Math.imul(y, 0x8d22f6e6);
  return reverseBits(y);
}
