/**
 * @file Affine maps between two pictures, fitted to points, refined on pixels, and scored by the correlation of detail.
 * Reference: Baker & Matthews 2004, "Lucas–Kanade 20 years on", doi:10.1023/B:VISI.0000011205.11775.fd, §2.1 (forwards additive Gauss–Newton).
 */
import type { Plane } from "./plane.ts";

/** x' = xx·x + xy·y + tx, y' = yx·x + yy·y + ty */
export interface Affine {
  xx: number;
  xy: number;
  tx: number;
  yx: number;
  yy: number;
  ty: number;
}

export function inverse({ xx, xy, tx, yx, yy, ty }: Affine): Affine {
  const d = xx * yy - xy * yx;
  const [a, b, c, e] = [yy / d, -xy / d, -yx / d, xx / d];
  return { xx: a, xy: b, tx: -a * tx - b * ty, yx: c, yy: e, ty: -c * tx - e * ty };
}

/** Solves a symmetric positive system in place, by elimination; undefined where it is singular. */
function solved(matrix: number[][], right: number[]): number[] | undefined {
  const n = right.length;
  for (let k = 0; k < n; k++) {
    if (!(matrix[k][k] > 1e-9)) return undefined;
    for (let i = k + 1; i < n; i++) {
      const factor = matrix[i][k] / matrix[k][k];
      for (let j = k; j < n; j++) matrix[i][j] -= factor * matrix[k][j];
      right[i] -= factor * right[k];
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    for (let j = k + 1; j < n; j++) right[k] -= matrix[k][j] * right[j];
    right[k] /= matrix[k][k];
  }
  return right;
}

/** The map between pictures of half the size (`by` = 2) or, of these, of the whole size again (`by` = 0.5). Pixels are 1 apart and lie at their centres. */
export function rescaled({ xx, xy, tx, yx, yy, ty }: Affine, by: 2 | 0.5): Affine {
  const shift = (by - 1) / 2; // x = by · x' + shift
  return { xx, xy, tx: (tx + (xx + xy - 1) * shift) / by, yx, yy, ty: (ty + (yx + yy - 1) * shift) / by };
}

export interface Agreement {
  /** correlation where both pictures are, -1 … 1 */
  score: number;
  /** pixels compared */
  area: number;
}

/** Pearson correlation of `a` and of `b` seen through `map` (pixels of a → pixels of b), where both are and neither is 0. */
export function agreement(a: Plane, b: Plane, map: Affine): Agreement {
  let n = 0,
    sa = 0,
    sb = 0,
    saa = 0,
    sbb = 0,
    sab = 0;
  const { width, height, values } = b;
  for (let y = 0; y < a.height; y++)
    for (let x = 0; x < a.width; x++) {
      const u = map.xx * x + map.xy * y + map.tx;
      const v = map.yx * x + map.yy * y + map.ty;
      if (!(u >= 0 && v >= 0 && u < width - 1 && v < height - 1)) continue;
      const left = u | 0;
      const top = v | 0;
      const i = top * width + left;
      const va = a.values[y * a.width + x];
      if (va === 0 || values[i] === 0) continue;
      const p = u - left;
      const q = v - top;
      const vb =
        (1 - q) * (values[i] + p * (values[i + 1] - values[i])) + q * (values[i + width] + p * (values[i + width + 1] - values[i + width]));
      n++;
      sa += va;
      sb += vb;
      saa += va * va;
      sbb += vb * vb;
      sab += va * vb;
    }
  const [aa, bb] = [saa - (sa * sa) / n, sbb - (sb * sb) / n];
  return { score: n > 1 && aa > 0 && bb > 0 ? (sab - (sa * sb) / n) / Math.sqrt(aa * bb) : 0, area: n };
}

/**
 * One Gauss–Newton step towards the map under which `b` looks like `a`: least squares of the error over the six numbers of the map.
 * The normal matrix is made of the moments of (gx, gy)² with (x, y, 1)²; along a row y is constant, so that only 1, x and x² are summed there.
 */
function improved(a: Plane, b: Plane, map: Affine): Affine | undefined {
  const { width, height, values } = b;
  // per product of gx² | gx·gy | gy²: its sums with 1, x, y, x², xy, y²; then error·gx | error·gy: with 1, x, y
  const sums = new Float64Array(24);
  for (let y = 0; y < a.height; y++) {
    let p = 0.0,
      px = 0.0,
      pxx = 0.0,
      q = 0.0,
      qx = 0.0,
      qxx = 0.0,
      r = 0.0,
      rx = 0.0,
      rxx = 0.0,
      e = 0.0,
      ex = 0.0,
      f = 0.0,
      fx = 0.0;
    for (let x = 0; x < a.width; x++) {
      const u = map.xx * x + map.xy * y + map.tx;
      const v = map.yx * x + map.yy * y + map.ty;
      if (!(u >= 0 && v >= 0 && u < width - 1 && v < height - 1)) continue;
      const left = u | 0;
      const top = v | 0;
      const i = top * width + left;
      if (a.values[y * a.width + x] === 0 || values[i] === 0) continue;
      const upper = values[i + 1] - values[i];
      const lower = values[i + width + 1] - values[i + width];
      const first = values[i] + (u - left) * upper;
      const gy = values[i + width] + (u - left) * lower - first;
      const gx = upper + (v - top) * (lower - upper);
      const error = a.values[y * a.width + x] - first - (v - top) * gy;
      p += gx * gx;
      px += gx * gx * x;
      pxx += gx * gx * x * x;
      q += gx * gy;
      qx += gx * gy * x;
      qxx += gx * gy * x * x;
      r += gy * gy;
      rx += gy * gy * x;
      rxx += gy * gy * x * x;
      e += error * gx;
      ex += error * gx * x;
      f += error * gy;
      fx += error * gy * x;
    }
    const row = [
      p,
      px,
      p * y,
      pxx,
      px * y,
      p * y * y,
      q,
      qx,
      q * y,
      qxx,
      qx * y,
      q * y * y,
      r,
      rx,
      r * y,
      rxx,
      rx * y,
      r * y * y,
      e,
      ex,
      e * y,
      f,
      fx,
      f * y,
    ];
    for (let k = 0; k < 24; k++) sums[k] += row[k];
  }
  /** Products with (x, y, 1)², row by row; the diagonal a little more, so that flat pictures have a solution. */
  const block = (at: number, more: number) => {
    const [one, x, y, xx, xy, yy] = sums.subarray(at, at + 6);
    return [
      [more * xx, xy, x],
      [xy, more * yy, y],
      [x, y, more * one],
    ];
  };
  const [pp, pq, qq] = [block(0, 1.001), block(6, 1), block(12, 1.001)];
  const d = solved(
    [...pp.map((row, i) => [...row, ...pq[i]]), ...pq.map((row, i) => [...row, ...qq[i]])],
    [19, 20, 18, 22, 23, 21].map((k) => sums[k]),
  );
  return d && { xx: map.xx + d[0], xy: map.xy + d[1], tx: map.tx + d[2], yx: map.yx + d[3], yy: map.yy + d[4], ty: map.ty + d[5] };
}

/** Refines a map that is nearly right, as long as that raises the correlation. */
export function refined(a: Plane, b: Plane, start: Affine): Affine & Agreement {
  let best = { ...start, ...agreement(a, b, start) };
  for (let step = 0; step < 6; step++) {
    const map = improved(a, b, best);
    if (!map) break;
    const next = { ...map, ...agreement(a, b, map) };
    // a map that flees to a corner could find agreement anywhere
    if (!(next.score > best.score + 1e-3) || next.area < 0.8 * best.area) break;
    best = next;
  }
  return best;
}
