/** @file DICOM RLE: byte planes, most significant first, each packed by PackBits. Reference: DICOM PS3.5 Annex G. */

/** PackBits. @throws RangeError where the segment does not fill `plane` */
function unpack(segment: Uint8Array, plane: Uint8Array): void {
  let from = 0;
  for (let to = 0; to < plane.length;) {
    if (from + 1 >= segment.length) throw new RangeError(`unpack: the segment must fill ${plane.length} bytes, got ${to}`);
    const code = segment[from++];
    if (code < 128) {
      const run = segment.subarray(from, from + Math.min(code + 1, plane.length - to));
      plane.set(run, to);
      from += code + 1;
      to += run.length;
    } else if (code > 128) {
      plane.fill(segment[from++], to, to + 257 - code);
      to += 257 - code;
    }
  }
}

/**
 * One frame.
 * @param size pixels a plane
 * @returns little-endian samples, colours in planes: [samples, size] of 1 or 2 bytes
 * @throws RangeError for a stream that is damaged
 */
export function decodeRle(frame: Uint8Array, { size, samples, bytes }: { size: number; samples: number; bytes: number }): Uint8Array {
  const header = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const count = header.getUint32(0, true);
  if (count !== samples * bytes) throw new RangeError(`decodeRle: ${samples * bytes} segments are needed, got ${count}`);
  const offsets = Array.from({ length: count }, (_, i) => header.getUint32(4 + 4 * i, true));
  const data = new Uint8Array(size * count);
  const plane = new Uint8Array(size);
  for (let segment = 0; segment < count; segment++) {
    unpack(frame.subarray(offsets[segment], offsets[segment + 1]), plane);
    if (bytes === 1) data.set(plane, segment * size);
    else {
      const start = (segment >> 1) * size * 2 + (1 - (segment & 1)); // high byte first
      for (let i = 0; i < size; i++) data[start + 2 * i] = plane[i];
    }
  }
  return data;
}
