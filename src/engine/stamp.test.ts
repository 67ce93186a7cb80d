import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { engineStamp } from "./stamp.ts";
import { startEngine } from "./start.ts";

describe("engineStamp", (test) => {
  test("names the engine that runs, without loading it", async () => {
    const { tensorflow, tfjs, device } = await startEngine();
    assert.match(await engineStamp(undefined), new RegExp(`^tfjs ${tfjs}, TensorFlow ${tensorflow}, \\w+-\\w+-${device}$`));
  });
  test("tells WebAssembly and a hidden graphics card apart", async () => {
    assert.match(await engineStamp("wasm"), /^tfjs [\d.]+, wasm$/);
    assert.match(await engineStamp("cpu"), /-cpu$/);
  });
});
