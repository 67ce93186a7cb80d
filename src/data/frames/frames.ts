/** @file Square grey frames in memory, with lesion masks. */

/** `n` frames of `size` × `size` pixels. Arrays are row-major, frame after frame. */
export interface Frames {
  n: number;
  /** side in pixels */
  size: number;
  /** grey levels 0–255, [n, size, size]; padding is 0 */
  pixels: Uint8Array;
  /** 1 on the lesion, [n, size, size] */
  lesion: Uint8Array;
  /** 1 where the frame shows the image, 0 on padding, [n, size, size] */
  inside: Uint8Array;
}

/** One frame: the arrays of {@link Frames}, [size, size]. */
export type Frame = Omit<Frames, "n">;

const planes = ["pixels", "lesion", "inside"] as const;

/** Frames that are 0 all over. */
export function emptyFrames(n: number, size: number): Frames {
  const plane = () => new Uint8Array(n * size * size);
  return { n, size, pixels: plane(), lesion: plane(), inside: plane() };
}

/** A view of frame `i`. */
export function frameAt({ size, pixels, lesion, inside }: Frames, i: number): Frame {
  const at = (plane: Uint8Array) => plane.subarray(i * size * size, (i + 1) * size * size);
  return { size, pixels: at(pixels), lesion: at(lesion), inside: at(inside) };
}

/** @throws RangeError in the name of `caller` */
export function checkIndex(index: number, n: number, caller: string): void {
  if (!Number.isInteger(index) || index < 0 || index >= n)
    throw new RangeError(`${caller}: indices must be integers in 0 … ${n - 1}, got ${index}`);
}

/** Copies of the frames at `indices`, in that order. */
export function select(frames: Frames, indices: ArrayLike<number>): Frames {
  const { size } = frames;
  const area = size * size;
  const chosen = emptyFrames(indices.length, size);
  for (let i = 0; i < indices.length; i++) {
    const from = indices[i];
    checkIndex(from, frames.n, "select");
    for (const plane of planes) chosen[plane].set(frames[plane].subarray(from * area, (from + 1) * area), i * area);
  }
  return chosen;
}
