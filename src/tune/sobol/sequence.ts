/**
 * @file Sobol's sequence in base 2, 32 bits.
 * Reference: Joe & Kuo 2008, "Constructing Sobol sequences with better two-dimensional projections", doi:10.1137/070709359, section 2;
 * Antonov & Saleev 1979 for the order of the points (Gray code), which is also scipy's.
 */
import { DIRECTIONS } from "./directions.ts";
import { owenScramble } from "./owen.ts";

/** V_1 … V_32 of a dimension as 32-bit fractions. */
function directionNumbers(dimension: number): Uint32Array {
  const v = new Uint32Array(32);
  const [polynomial, ...initial] = DIRECTIONS[dimension];
  const degree = dimension === 0 ? 0 : 31 - Math.clz32(polynomial);
  for (let k = 0; k < 32; k++) {
    if (dimension === 0) v[k] = 2 ** (31 - k);
    else if (k < degree) v[k] = initial[k] * 2 ** (31 - k);
    else {
      v[k] = v[k - degree] ^ (v[k - degree] >>> degree);
      for (let i = 1; i < degree; i++) if ((polynomial >>> (degree - i)) & 1) v[k] ^= v[k - i];
    }
  }
  return v;
}

const cache = new Map<number, Uint32Array>();

/** V of a dimension, made once. */
function cached(dimension: number): Uint32Array {
  let v = cache.get(dimension);
  if (!v) cache.set(dimension, (v = directionNumbers(dimension)));
  return v;
}

/**
 * Point `index` (0-based, below 2³²) of the sequence.
 * @param seeds [dimensions] of Owen scrambling; without them the sequence itself, whose point 0 is all zeros
 * @returns [dimensions] in [0, 1)
 */
export function sobolPoint(index: number, dimensions: number, seeds?: ArrayLike<number>): Float64Array {
  if (!(Number.isInteger(index) && index >= 0 && index < 2 ** 32))
    throw new RangeError(`sobolPoint: index must be an integer from 0 to 2^32 - 1, got ${index}`);
  if (dimensions > DIRECTIONS.length)
    throw new RangeError(`sobolPoint: dimensions must be at most ${DIRECTIONS.length}, got ${dimensions}`);
  const gray = (index ^ (index >>> 1)) >>> 0;
  return Float64Array.from({ length: dimensions }, (_, d) => {
    const v = cached(d);
    let x = 0;
    for (let bit = 0; bit < 32; bit++) if ((gray >>> bit) & 1) x ^= v[bit];
    return (seeds ? owenScramble(x >>> 0, seeds[d]) : x >>> 0) / 2 ** 32;
  });
}
