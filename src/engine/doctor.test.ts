/** @file Tests of the doctor's text. */
import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { formatDoctor, type DoctorReport } from "./doctor.ts";

const well: DoctorReport = {
  engine: { backend: "tensorflow", device: "cpu", tensorflow: "2.21.0", tfjs: "4.22.0" },
  versions: { sonomark: "0.1.0", node: "20.20.2", npm: "11.19.1", python: "3.11.7", pip: "23.2.1", compiler: null },
  machine: { platform: "linux", arch: "x64", cores: 2, memoryBytes: 25e9, freeMemoryBytes: 20e9, devices: ["Some CPU"] },
  threads: { perTask: 1, note: "a study may ask for more" },
  store: { uri: "file:///m", reachable: true, detail: "3 experiments" },
  caches: [
    { path: "/c/engine/tensorflow-new", bytes: 853_961_423, used: true },
    { path: "/c/engine/tensorflow-old", bytes: 1_200_000_000, used: false },
  ],
  freeDiskBytes: 5e10,
  problems: [],
};

describe("formatDoctor", (test) => {
  test("tells engine, versions, store and caches, and that all is well", () => {
    const text = formatDoctor(well);
    assert.match(text, /^engine +TensorFlow 2\.21\.0 on the CPU, tfjs 4\.22\.0; its check passed$/m);
    assert.match(text, /^versions .*pip 23\.2\.1, compiler not found$/m);
    assert.match(text, /^store +file:\/\/\/m: reachable, 3 experiments$/m);
    assert.match(text, /^ +854\.0 MB {2}tensorflow-new$/m);
    assert.match(text, /^ +1\.2 GB {2}tensorflow-old \(not used by this clone\)$/m);
    assert.ok(text.endsWith("\nNo problem found."));
  });

  test("ends with each problem and its cure", () => {
    const text = formatDoctor({
      ...well,
      engine: { error: "the binding is not built" },
      store: null,
      problems: [{ problem: "The binding is not built", cure: "run npm run setup" }],
    });
    assert.match(text, /^engine +none: the binding is not built$/m);
    assert.not.match(text, /^store/m);
    assert.ok(text.endsWith("\nProblem: The binding is not built. Cure: run npm run setup."));
  });
});
