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

/** Solves the symmetric positive system in place by Cholesky; undefined where it is singular. */
export function solved(matrix: Float64Array, right: Float64Array): Float64Array | undefined {
  const n = right.length;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j];
      for (let k = 0; k < j; k++) sum -= matrix[i * n + k] * matrix[j * n + k];
      if (i === j && sum <= 1e-9 * Math.abs(matrix[i * n + i])) return undefined;
      matrix[i * n + j] = i === j ? Math.sqrt(sum) : sum / matrix[j * n + j];
    }
  }
  const x = Float64Array.from(right);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] -= matrix[i * n + k] * x[k];
    x[i] /= matrix[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= matrix[k * n + i] * x[k];
    x[i] /= matrix[i * n + i];
  }
  return x;
}

export interface Agreement {
  /** correlation where both pictures are, -1 … 1 */
  score: number;
  /** pixels compared */
  area: number;
}

/** Pearson correlation of `a` and of `b` seen through `map` (pixels of a → pixels of b), where both are. `stride` skips pixels. */
export function agreement(a: Plane, b: Plane, map: Affine, stride = 1): Agreement {
  let n = 0,
    sa = 0,
    sb = 0,
    saa = 0,
    sbb = 0,
    sab = 0;
  const { width, height, values } = b;
  for (let y = 0; y < a.height; y += stride)
    for (let x = 0; x < a.width; x += stride) {
      const u = map.xx * x + map.xy * y + map.tx;
      const v = map.yx * x + map.yy * y + map.ty;
      if (!(u >= 0 && v >= 0 && u < width - 1 && v < height - 1)) continue;
      const left = u | 0;
      const top = v | 0;
      const p = u - left;
      const q = v - top;
      const i = top * width + left;
      const vb =
        (1 - q) * (values[i] + p * (values[i + 1] - values[i])) + q * (values[i + width] + p * (values[i + width + 1] - values[i + width]));
      const va = a.values[y * a.width + x];
      n++;
      sa += va;
      sb += vb;
      saa += va * va;
      sbb += vb * vb;
      sab += va * vb;
    }
  const [aa, bb] = [saa - (sa * sa) / n, sbb - (sb * sb) / n];
  return { score: n > 1 && aa > 0 && bb > 0 ? (sab - (sa * sb) / n) / Math.sqrt(aa * bb) : 0, area: n * stride * stride };
}

/** One Gauss–Newton step towards the map under which `b` looks like `a`. */
function improved(a: Plane, b: Plane, map: Affine): Affine | undefined {
  const normal = new Float64Array(36);
  const right = new Float64Array(6);
  const { width, height, values } = b;
  const row = new Float64Array(6);
  for (let y = 0; y < a.height; y++)
    for (let x = 0; x < a.width; x++) {
      const u = map.xx * x + map.xy * y + map.tx;
      const v = map.yx * x + map.yy * y + map.ty;
      if (!(u >= 0 && v >= 0 && u < width - 1 && v < height - 1)) continue;
      const left = u | 0;
      const top = v | 0;
      const p = u - left;
      const q = v - top;
      const i = top * width + left;
      const upper = values[i + 1] - values[i];
      const lower = values[i + width + 1] - values[i + width];
      const gx = (1 - q) * upper + q * lower;
      const first = values[i] + p * upper;
      const gy = values[i + width] + p * lower - first;
      const error = a.values[y * a.width + x] - (first + q * gy);
      row[0] = gx * x;
      row[1] = gx * y;
      row[2] = gx;
      row[3] = gy * x;
      row[4] = gy * y;
      row[5] = gy;
      for (let r = 0; r < 6; r++) {
        right[r] += row[r] * error;
        for (let c = 0; c <= r; c++) normal[r * 6 + c] += row[r] * row[c];
      }
    }
  for (let r = 0; r < 6; r++) normal[r * 7] *= 1.001;
  const d = solved(normal, right);
  return d && { xx: map.xx + d[0], xy: map.xy + d[1], tx: map.tx + d[2], yx: map.yx + d[3], yy: map.yy + d[4], ty: map.ty + d[5] };
}

/** Refines a map that is right within one or two pixels, as long as that raises the correlation. */
export function refined(a: Plane, b: Plane, start: Affine, steps = 4): Affine & Agreement {
  let best = { ...start, ...agreement(a, b, start) };
  for (let i = 0; i < steps; i++) {
    const map = improved(a, b, best);
    if (!map) break;
    const next = { ...map, ...agreement(a, b, map) };
    if (!(next.score > best.score + 1e-3) || next.area < 0.8 * best.area) break;
    best = next;
  }
  return best;
}
