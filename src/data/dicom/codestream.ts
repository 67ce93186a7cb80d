/** @file What the header of a compressed frame claims, read before any decoder sees it. Reference: ITU-T T.81 §B.2.2, T.87 §C.1, T.800 §A.5.1. */

export interface Claim {
  rows: number;
  columns: number;
  samples: number;
  /** bits a sample */
  precision: number;
  /** an APP0 or APP14 marker says how the colours are meant */
  saysColours: boolean;
  /** the stream is cut by restart markers */
  restarts: boolean;
}

/** SOF0–SOF15 without DHT, JPG and DAC; SOF55 of JPEG-LS. */
const isFrameHeader = (marker: number): boolean =>
  (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) || marker === 0xf7;

/** JPEG and JPEG-LS: segments up to the frame header. */
function jpegClaim(frame: Uint8Array): Claim | undefined {
  const at = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  let saysColours = false;
  let restarts = false;
  for (let i = 2; i + 9 < frame.length && frame[i] === 0xff;) {
    const marker = frame[i + 1];
    if (marker === 0xff) {
      i++; // a fill byte
      continue;
    }
    if (isFrameHeader(marker))
      return {
        rows: at.getUint16(i + 5),
        columns: at.getUint16(i + 7),
        samples: frame[i + 9],
        precision: frame[i + 4],
        saysColours,
        restarts,
      };
    restarts ||= marker === 0xdd && at.getUint16(i + 4) > 0;
    saysColours ||= marker === 0xe0 || marker === 0xee;
    i += 2 + at.getUint16(i + 2);
  }
  return undefined;
}

/** JPEG 2000: the SIZ marker stands right after the start of the codestream. */
function jpeg2000Claim(frame: Uint8Array): Claim | undefined {
  if (frame.length < 43) return undefined;
  const at = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  return {
    columns: at.getUint32(8) - at.getUint32(16),
    rows: at.getUint32(12) - at.getUint32(20),
    samples: at.getUint16(40),
    precision: (frame[42] & 0x7f) + 1,
    saysColours: true,
    restarts: false,
  };
}

/** @returns undefined where the bytes are neither a JPEG nor a JPEG 2000 codestream */
export function claimOf(frame: Uint8Array): Claim | undefined {
  const start = frame.length > 4 ? ((frame[0] << 24) | (frame[1] << 16) | (frame[2] << 8) | frame[3]) >>> 0 : 0;
  if (start >>> 16 === 0xffd8) return jpegClaim(frame);
  if (start === 0xff4fff51) return jpeg2000Claim(frame);
  return undefined;
}
