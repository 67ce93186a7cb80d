/** @file Several frame stores as one. */
import { checkIndex, emptyFrames } from "./frames.ts";
import type { FrameStore } from "./store.ts";

/** Indices of one store, and where in the answer their frames go. */
interface Share {
  store: FrameStore;
  own: number[];
  at: number[];
}

/** The frames of the first store, then those of the second, … @param stores at least one, all of one size; closed with the joined one */
export function joinStores(stores: readonly FrameStore[]): FrameStore {
  const [{ size }] = stores;
  const area = size * size;
  const n = stores.reduce((sum, store) => sum + store.n, 0);

  function sharesOf(indices: ArrayLike<number>): Share[] {
    const shares = stores.map((store): Share => ({ store, own: [], at: [] }));
    for (let at = 0; at < indices.length; at++) {
      let [s, own] = [0, indices[at]];
      checkIndex(own, n, "joinStores");
      while (own >= stores[s].n) own -= stores[s++].n;
      shares[s].own.push(own);
      shares[s].at.push(at);
    }
    return shares.filter(({ own }) => own.length > 0);
  }

  function scatter(from: Uint8Array, { at }: Share, to: Uint8Array): void {
    for (const [k, place] of at.entries()) to.set(from.subarray(k * area, (k + 1) * area), place * area);
  }

  return {
    n,
    size,
    read(indices) {
      const frames = emptyFrames(indices.length, size);
      for (const share of sharesOf(indices)) {
        const own = share.store.read(share.own);
        for (const plane of ["pixels", "lesion", "inside"] as const) scatter(own[plane], share, frames[plane]);
      }
      return frames;
    },
    pixelsOf(indices) {
      const pixels = new Uint8Array(indices.length * area);
      for (const share of sharesOf(indices)) scatter(share.store.pixelsOf(share.own), share, pixels);
      return pixels;
    },
    async close() {
      for (const store of stores) await store.close();
    },
  };
}

/** Opens a store of each of `items`, joined; where one cannot be opened, those before it are closed. */
export async function openJoined<T>(items: readonly T[], open: (item: T) => Promise<FrameStore>): Promise<FrameStore> {
  const stores: FrameStore[] = [];
  try {
    for (const item of items) stores.push(await open(item));
    return joinStores(stores);
  } catch (error) {
    for (const store of stores) await store.close();
    throw error;
  }
}
