/** @file A short training finds classes that it was never told of; every method, more seeds: `npm run bench -- planted`. */
import * as assert from "uvu/assert";
import { startEngine } from "../src/engine/start.ts";
import { describe } from "../src/testing/describe.ts";
import { MARGIN, plantedConfig, plantedEncoder, plantedSeed } from "../src/testing/planted.ts";
import { trainMethod } from "./train-method.ts";

await startEngine({ threads: 1 });

describe("simclr on texture phantoms", (test) => {
  test("beats the untrained encoder by the margin", async () => {
    const { training, accuracy, untrained } = plantedSeed(100, { images: 256, held: 128 });
    const report = { metric: () => {}, progress: async () => {} };
    const config = plantedConfig({ name: "simclr" }, { epochs: 30 });
    const trained = accuracy(await trainMethod(config, plantedEncoder, { ...training, task: "planted", report }));
    assert.ok(trained >= untrained() + MARGIN, `${untrained()} untrained, ${trained} trained`);
  });
});
