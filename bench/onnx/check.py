"""Checks ONNX models by onnx.checker and runs them in onnxruntime: `python check.py FOLDER`.

FOLDER/cases.json lists cases: name, size, n, classes. Beside it lie NAME.onnx, and float32 files images.bin [n, 1, size, size] and
NAME.logits.bin [n, classes], which TensorFlow.js gave. Prints JSON: versions, and for each case the largest difference of logits, and of
probabilities from softmax(logits / temperature) in float64.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort

folder = Path(sys.argv[1])
options = ort.SessionOptions()
options.intra_op_num_threads = 1
results = []
for case in json.loads((folder / "cases.json").read_text()):
    name, n, size, classes = case["name"], case["n"], case["size"], case["classes"]
    path = folder / f"{name}.onnx"
    onnx.checker.check_model(onnx.load(path), full_check=True)  # infers and compares shapes, too
    session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    told = json.loads(session.get_modelmeta().custom_metadata_map["sonomark"])
    images = np.fromfile(folder / "images.bin", "<f4").reshape(n, 1, size, size)
    expected = np.fromfile(folder / f"{name}.logits.bin", "<f4").reshape(n, classes)
    logits, probabilities = session.run(["logits", "probabilities"], {"image": images})
    alone = np.concatenate([session.run(["logits"], {"image": image[None]})[0] for image in images])
    odds = np.exp(logits.astype("f8") / told["temperature"])
    shares = odds / odds.sum(1, keepdims=True)
    results.append(
        {
            "name": name,
            "logits": float(max(np.abs(logits - expected).max(), np.abs(alone - expected).max())),
            "probabilities": float(np.abs(probabilities - shares).max()),
        }
    )
print(json.dumps({"versions": f"onnx {onnx.__version__}, onnxruntime {ort.__version__}", "results": results}))
