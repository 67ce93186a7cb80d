/** @file Tests of the choice of an engine. */
import * as assert from "uvu/assert";
import { describe } from "../../testing/describe.ts";
import { askedEngine, chooseVariant, machine, pins } from "./platform.mjs";

const debian = { platform: "linux", arch: "x64", glibc: "2.36", card: false };

describe("chooseVariant", (test) => {
  test("takes the CPU wheel of the processor's kind where there is no card", () => {
    assert.is(chooseVariant(undefined, debian).name, "linux-x64-cpu");
    assert.is(chooseVariant("cpu", { ...debian, arch: "arm64" }).name, "linux-arm64-cpu");
  });

  test("takes the CUDA wheels where there is a card, unless the CPU is asked for", () => {
    assert.is(chooseVariant(undefined, { ...debian, card: true }).name, "linux-x64-gpu");
    assert.is(chooseVariant("gpu", { ...debian, card: true }).engine, "gpu");
    assert.is(chooseVariant("cpu", { ...debian, card: true }).engine, "cpu");
  });

  test("says that a card on arm64 stays unused, and refuses it where it was asked for", () => {
    const variant = chooseVariant(undefined, { ...debian, arch: "arm64", card: true });
    assert.is(variant.name, "linux-arm64-cpu");
    assert.match(variant.note ?? "", /no CUDA wheel for Linux on arm64/);
    assert.throws(() => chooseVariant("gpu", { ...debian, arch: "arm64", card: true }), /unset SONOMARK_ENGINE/);
  });

  test("says in one sentence, with the cure, why a machine gets no native engine", () => {
    const refused: [object, RegExp][] = [
      [{ platform: "darwin" }, /no build for darwin: use Linux.*wasm/],
      [{ glibc: undefined }, /no wheel for musl.*SONOMARK_ENGINE=wasm npm start/],
      [{ glibc: "2.17" }, /glibc 2\.27 or newer, and this Linux has 2\.17.*wasm/],
      [{ arch: "riscv64" }, /no wheel for Linux on riscv64.*wasm/],
    ];
    for (const [change, pattern] of refused) assert.throws(() => chooseVariant(undefined, { ...debian, ...change }), pattern);
    assert.throws(() => chooseVariant("gpu", debian), /no NVIDIA card.*check nvidia-smi/);
  });

  test("knows this machine", () => {
    assert.is(machine().platform, process.platform);
    const { glibc } = machine();
    if (glibc !== undefined) assert.match(glibc, /^2\.\d+$/);
  });
});

describe("askedEngine", (test) => {
  test("reads the three engines, treats an empty word as none, refuses others", () => {
    assert.equal(["cpu", "gpu", "wasm", "", undefined].map(askedEngine), ["cpu", "gpu", "wasm", undefined, undefined]);
    assert.throws(() => askedEngine("tpu"), /SONOMARK_ENGINE is "tpu": set it to cpu, gpu or wasm/);
  });
});

describe("pins", (test) => {
  test("pin every wheel to one version and one SHA-256, and tell sizes", () => {
    const tensorflow = new RegExp(`^tensorflow(-cpu)?==${pins.tensorflow}$`);
    for (const [name, { bytes, unpacked, tags, wheels }] of Object.entries(pins.platforms)) {
      assert.ok(bytes > 2e8 && unpacked > bytes && tags.length > 0, name);
      assert.ok(
        Object.keys(wheels).some((wheel) => tensorflow.test(wheel)),
        name,
      );
      for (const [wheel, sha256] of Object.entries(wheels)) {
        assert.match(wheel, /^[a-z0-9-]+==[\d.]+$/);
        assert.match(sha256, /^[0-9a-f]{64}$/);
      }
    }
  });
});
