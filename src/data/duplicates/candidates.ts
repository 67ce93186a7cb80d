/**
 * @file Pairs of images worth a closer look: keypoints with like descriptors, found by hashing, that agree on where one image lies in the other.
 * Reference: Indyk & Motwani 1998, doi:10.1145/276698.276876 (locality-sensitive hashing: several tables, each keyed by some of the bits).
 *
 * Keys are about as many as points, so a bucket holds a few points whatever their number, and the search grows with the number of images.
 */
import type { Keypoints } from "./keypoints.ts";
import type { Affine } from "./alignment.ts";

/** Tables; with bits that agree with probability p, a pair of like points is found with 1 - (1 - p^bits)^tables. */
const tables = 12;
/**
 * Points in a bucket beyond which only the last few before the query are looked at. What so many share is a scanner's text, which tells nothing, or
 * a still recording, whose frames are then joined each to its neighbours.
 */
const crowded = 64;
const fewOfMany = 16;
/** Bits of 64 that descriptors of one point may differ in. */
const mostDiffering = 16;
/** Matches of one pair of images that are kept. */
const mostMatches = 80;

const bitsSet = (word: number): number => {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
};

/** Points of many images in one list, and tables that find them by some of their bits. */
export interface PointIndex {
  sets: readonly Keypoints[];
  /** image of a point, [points] */
  image: Int32Array;
  /** first point of an image, [images + 1] */
  first: Int32Array;
  /** [points, 2] */
  bits: Uint32Array;
  keyBits: number;
  tables: { heads: Int32Array; items: Int32Array }[];
}

/** The bits of a table's key: `keyBits` different ones of the 64, spread by a step that is odd and so visits all. */
function keyOf(low: number, high: number, table: number, keyBits: number): number {
  let key = 0;
  const step = 2 * table + 5;
  for (let k = 0; k < keyBits; k++) {
    const bit = (7 * table + k * step) & 63;
    key = (key << 1) | (((bit < 32 ? low : high) >>> (bit & 31)) & 1);
  }
  return key;
}

export function indexOf(sets: readonly Keypoints[]): PointIndex {
  const first = new Int32Array(sets.length + 1);
  for (let i = 0; i < sets.length; i++) first[i + 1] = first[i] + sets[i].n;
  const points = first[sets.length];
  const image = new Int32Array(points);
  const bits = new Uint32Array(2 * points);
  for (let i = 0; i < sets.length; i++) {
    image.fill(i, first[i], first[i + 1]);
    bits.set(sets[i].bits, 2 * first[i]);
  }
  const keyBits = Math.max(8, Math.min(22, Math.ceil(Math.log2(points + 1))));
  const keys = new Int32Array(points);
  const made = Array.from({ length: tables }, (_, table) => {
    const heads = new Int32Array(2 ** keyBits + 1);
    for (let p = 0; p < points; p++) {
      keys[p] = keyOf(bits[2 * p], bits[2 * p + 1], table, keyBits);
      heads[keys[p] + 1]++;
    }
    for (let k = 0; k < 2 ** keyBits; k++) heads[k + 1] += heads[k];
    const next = heads.slice();
    const items = new Int32Array(points);
    for (let p = 0; p < points; p++) items[next[keys[p]]++] = p;
    return { heads, items };
  });
  return { sets, image, first, bits, keyBits, tables: made };
}

/** An image of the index that may show what the query shows, and the map from the query's thumbnail to its. */
export interface Candidate {
  image: number;
  /** matches that agree on the map */
  votes: number;
  map: Affine;
}

interface Match {
  /** point of the query, point of the image */
  a: number;
  b: number;
}

/** Similarity without rotation, b = scale · a + t, by least squares over matches. */
function fitted(query: Keypoints, other: Keypoints, matches: readonly Match[]): Affine {
  const n = matches.length;
  let [ax, ay, bx, by] = [0, 0, 0, 0];
  for (const { a, b } of matches) {
    ax += query.x[a] / n;
    ay += query.y[a] / n;
    bx += other.x[b] / n;
    by += other.y[b] / n;
  }
  let [up, down] = [0, 0];
  for (const { a, b } of matches) {
    up += (query.x[a] - ax) * (other.x[b] - bx) + (query.y[a] - ay) * (other.y[b] - by);
    down += (query.x[a] - ax) ** 2 + (query.y[a] - ay) ** 2;
  }
  const scale = up / down;
  return { xx: scale, xy: 0, tx: bx - scale * ax, yx: 0, yy: scale, ty: by - scale * ay };
}

/** Whether two matches tell one scale and no rotation: their connecting lines are parallel, and as long as the blobs' sizes say. */
function agree(query: Keypoints, other: Keypoints, m: Match, n: Match): boolean {
  const ax = query.x[n.a] - query.x[m.a];
  const ay = query.y[n.a] - query.y[m.a];
  const bx = other.x[n.b] - other.x[m.b];
  const by = other.y[n.b] - other.y[m.b];
  const la = ax * ax + ay * ay;
  const lb = bx * bx + by * by;
  if (la < 36 || lb < 36) return false;
  const scale = Math.sqrt(lb / la);
  const sm = other.sigma[m.b] / query.sigma[m.a] / scale;
  const sn = other.sigma[n.b] / query.sigma[n.a] / scale;
  if (sm < 0.7 || sm > 1.43 || sn < 0.7 || sn > 1.43 || scale < 0.5 || scale > 2) return false;
  return ax * bx + ay * by > 0.98 * Math.sqrt(la * lb);
}

/** The largest star of agreeing matches, or undefined where fewer than `least` agree. */
function consensus(query: Keypoints, other: Keypoints, matches: readonly Match[], least: number): Omit<Candidate, "image"> | undefined {
  let best: Match[] = [];
  for (const m of matches) {
    const with_ = matches.filter((n) => n !== m && agree(query, other, m, n));
    if (with_.length + 1 > best.length) best = [m, ...with_];
  }
  if (best.length < least) return undefined;
  const map = fitted(query, other, best);
  const near = best.filter(
    ({ a, b }) => Math.hypot(map.xx * query.x[a] + map.tx - other.x[b], map.yy * query.y[a] + map.ty - other.y[b]) < 3,
  );
  return near.length < least ? undefined : { votes: near.length, map: fitted(query, other, near) };
}

/** The first place in the ascending items[from … to) whose item is at least `least`, else `to`. */
function lowerBound(items: Int32Array, from: number, to: number, least: number): number {
  while (from < to) {
    const middle = (from + to) >> 1;
    if (items[middle] < least) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Looks queries up in an index; it owns scratch memory of the index's size. */
export function searcher(index: PointIndex, least = 2): (query: Keypoints, below?: number) => Candidate[] {
  const seen = new Int32Array(index.image.length).fill(-1);
  let stamp = 0;
  return (query, below = index.sets.length) => {
    const matches = new Map<number, Match[]>();
    for (let a = 0; a < query.n; a++, stamp++) {
      const [low, high] = [query.bits[2 * a], query.bits[2 * a + 1]];
      for (const [t, { heads, items }] of index.tables.entries()) {
        const key = keyOf(low, high, t, index.keyBits);
        const to = lowerBound(items, heads[key], heads[key + 1], index.first[below]); // points lie in the order of their images
        const from = to - heads[key] > crowded ? to - fewOfMany : heads[key];
        for (let i = from; i < to; i++) {
          const p = items[i];
          const image = index.image[p];
          if (seen[p] === stamp) continue;
          seen[p] = stamp;
          if (bitsSet(low ^ index.bits[2 * p]) + bitsSet(high ^ index.bits[2 * p + 1]) > mostDiffering) continue;
          const list = matches.get(image);
          const match = { a, b: p - index.first[image] };
          if (!list) matches.set(image, [match]);
          else if (list.length < mostMatches) list.push(match);
        }
      }
    }
    const found: Candidate[] = [];
    for (const [image, list] of matches) {
      const agreed = list.length >= least && consensus(query, index.sets[image], list, least);
      if (agreed) found.push({ image, ...agreed });
    }
    return found;
  };
}
