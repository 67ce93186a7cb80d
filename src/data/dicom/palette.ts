/** @file Palette colour: look-up tables, plain and segmented. Reference: DICOM PS3.3 §C.7.6.3.1.5, §C.7.6.3.1.6 and §C.7.9.2. */
import type { DataSet } from "dicom-parser";
import type { Samples } from "./colour.ts";
import { words } from "./data-set.ts";
import { refuse } from "./refuse.ts";

export interface Palette {
  /** the stored value that the first entry stands for */
  first: number;
  /** red, green and blue, [entries] each */
  tables: readonly [Uint16Array, Uint16Array, Uint16Array];
}

function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}

/**
 * Discrete (0), linear (1) and indirect (2) segments to a table.
 * @param data the opcodes, lengths and values, as words
 * @throws RangeError where they do not make up `entries` values
 */
export function expandSegments(data: Uint16Array, entries: number): Uint16Array {
  const table: number[] = [];
  const expand = (from: number, segments: number, isNested: boolean): void => {
    for (let i = from, n = 0; n < segments && i + 1 < data.length && table.length < entries; n++) {
      const [opcode, length] = data.subarray(i, i + 2);
      i += 2;
      if (opcode === 0) {
        for (const value of data.subarray(i, i + length)) table.push(value);
        i += length;
      } else if (opcode === 1 && table.length > 0) {
        const start = table.at(-1)!;
        for (let k = 1; k <= length; k++) table.push(roundHalfEven(start + ((data[i] - start) * k) / length));
        i += 1;
      } else if (opcode === 2 && !isNested) {
        expand((data[i] | (data[i + 1] << 16)) >>> 1, length, true); // a byte offset, least significant word first
        i += 2;
      } else throw new RangeError(`expandSegments: a segment may not be of type ${opcode} here`);
    }
  };
  expand(0, Infinity, false);
  if (table.length !== entries) throw new RangeError(`expandSegments: ${entries} entries are needed, got ${table.length}`);
  return Uint16Array.from(table);
}

/** One colour. Tables of 8 bits have a byte or a word an entry. */
function readTable(dataSet: DataSet, colour: number, entries: number): Uint16Array {
  const segmented = words(dataSet, `x0028122${colour}`);
  if (segmented.length > 0) return expandSegments(segmented, entries);
  const inWords = words(dataSet, `x0028120${colour}`);
  if (inWords.length >= entries) return inWords.subarray(0, entries);
  // bytes in pairs: words keep their order in both byte orders
  const table = Uint16Array.from({ length: inWords.length * 2 }, (_, i) => (i % 2 === 0 ? inWords[i >> 1] & 0xff : inWords[i >> 1] >> 8));
  if (table.length < entries) throw new RangeError(`readTable: ${entries} entries are needed, got ${table.length}`);
  return table.subarray(0, entries);
}

/** @throws UserError 422 where a table is missing or damaged */
export function readPalette(dataSet: DataSet, { signed, name }: { signed: boolean; name: string }): Palette {
  const [length = 0, first = 0] = words(dataSet, "x00281101");
  const entries = length === 0 ? 65536 : length;
  try {
    return {
      first: signed ? (first << 16) >> 16 : first,
      tables: [readTable(dataSet, 1, entries), readTable(dataSet, 2, entries), readTable(dataSet, 3, entries)],
    };
  } catch {
    throw refuse(name, `a palette of ${entries} colours is missing or damaged; export it again`);
  }
}

/** Colours of stored values, [pixels, 3], in the depth of the tables; values outside of the tables take the nearest end. */
export function applyPalette(data: Samples, { first, tables }: Palette): Uint16Array {
  const rgb = new Uint16Array(data.length * 3);
  const last = tables[0].length - 1;
  for (let i = 0; i < data.length; i++) {
    const entry = Math.max(0, Math.min(last, data[i] - first));
    for (let c = 0; c < 3; c++) rgb[3 * i + c] = tables[c][entry];
  }
  return rgb;
}

/** Bits of the tables: 8 where no entry is over 255, whatever the header says, else 16. */
export const paletteBits = ({ tables }: Palette): 8 | 16 => (tables.every((table) => table.every((value) => value < 256)) ? 8 : 16);
