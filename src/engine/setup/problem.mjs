/** @file What stops a set-up: one sentence with the cure. */

const wasmOffer = "or run `SONOMARK_ENGINE=wasm npm start` for inference and small runs without it";

/** The code of a system error, "" for anything else. */
export const codeOf = (/** @type {unknown} */ error) => (error instanceof Error && "code" in error ? String(error.code) : "");

/** Thrown for what the user can cure. `native` says that only the native engine is out of reach, so WebAssembly is offered. */
export class SetupProblem extends Error {
  /**
   * @param {string} sentence what is wrong and the cure, without a full stop
   * @param {{ native?: boolean, detail?: string }} [options] `detail`: output of the tool that failed
   */
  constructor(sentence, { native = false, detail = "" } = {}) {
    super(native ? `${sentence}; ${wasmOffer}.` : `${sentence}.`);
    this.name = "SetupProblem";
    this.detail = detail;
  }
}
