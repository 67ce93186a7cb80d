/** @file What we use of packages that ship no types, or types that their package.json hides. */

declare module "@cornerstonejs/codec-openjpeg/decodewasmjs" {
  export interface J2KDecoder {
    /** room for the bitstream in the module's memory; valid until the next allocation there */
    getEncodedBuffer(length: number): Uint8Array;
    decode(): void;
    getDecodedBuffer(): Uint8Array;
    getFrameInfo(): { width: number; height: number; bitsPerSample: number; componentCount: number; isSigned: boolean };
    delete(): void;
  }
  export default function start(options?: {
    print(line: string): void;
    printErr(line: string): void;
  }): Promise<{ J2KDecoder: new () => J2KDecoder }>;
}

declare module "@cornerstonejs/codec-charls/decodewasmjs" {
  export interface JpegLSDecoder {
    getEncodedBuffer(length: number): Uint8Array;
    decode(): void;
    getDecodedBuffer(): Uint8Array;
    getFrameInfo(): { width: number; height: number; bitsPerSample: number; componentCount: number };
    /** 0: one plane a component; 1: by line; 2: by sample */
    getInterleaveMode(): number;
    delete(): void;
  }
  export default function start(options?: {
    print(line: string): void;
    printErr(line: string): void;
  }): Promise<{ JpegLSDecoder: new () => JpegLSDecoder }>;
}

declare module "@cornerstonejs/codec-charls/wasmjs" {
  export interface JpegLSEncoder {
    getDecodedBuffer(info: { width: number; height: number; bitsPerSample: number; componentCount: number }): Uint8Array;
    setInterleaveMode(mode: number): void;
    encode(): void;
    getEncodedBuffer(): Uint8Array;
    delete(): void;
  }
  export default function start(options?: {
    print(line: string): void;
    printErr(line: string): void;
  }): Promise<{ JpegLSEncoder: new () => JpegLSEncoder }>;
}

declare module "@cornerstonejs/codec-openjpeg/wasmjs" {
  export interface J2KEncoder {
    getDecodedBuffer(info: { width: number; height: number; bitsPerSample: number; componentCount: number; isSigned: boolean }): Uint8Array;
    setDecompositions(levels: number): void;
    encode(): void;
    getEncodedBuffer(): Uint8Array;
    delete(): void;
  }
  export default function start(options?: {
    print(line: string): void;
    printErr(line: string): void;
  }): Promise<{ J2KEncoder: new () => J2KEncoder }>;
}

declare module "jpeg-lossless-decoder-js" {
  export class Decoder {
    /** rows done */
    readonly yLoc: number;
    /** rows there are */
    readonly yDim: number;
    decode(buffer: ArrayBufferLike, offset: number, length: number, bytesPerSample?: number): Uint8Array | Uint16Array;
  }
}
