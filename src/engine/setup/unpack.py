"""Takes the libraries and the C headers out of wheels, deletes each wheel, prints {path: {bytes, sha256}} as JSON."""

import hashlib
import json
import os
import re
import sys
import zipfile

KEEP = re.compile(
    r"tensorflow/libtensorflow_(cc|framework)\.so\.2"
    r"|tensorflow/include/(tensorflow/c/|tensorflow/core/platform/ctstring|tsl/platform/ctstring|xla/tsl/c/).*\.h"
    r"|nvidia/[^/]+/lib/[^/]+\.so[^/]*"
    r"|nvidia/cuda_nvcc/(bin|nvvm)/.*[^/]"
)

folder, target = sys.argv[1:]
files = {}
for wheel in sorted(os.listdir(folder)):
    with zipfile.ZipFile(os.path.join(folder, wheel)) as archive:
        for member in archive.infolist():
            if not KEEP.fullmatch(member.filename):
                continue
            path = os.path.join(target, member.filename)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            digest = hashlib.sha256()
            with archive.open(member) as source, open(path, "wb") as sink:
                while chunk := source.read(1 << 20):
                    digest.update(chunk)
                    sink.write(chunk)
            os.chmod(path, 0o755 if member.external_attr >> 16 & 0o100 else 0o644)
            files[member.filename] = {"bytes": member.file_size, "sha256": digest.hexdigest()}
    os.remove(os.path.join(folder, wheel))
print(json.dumps(files))
