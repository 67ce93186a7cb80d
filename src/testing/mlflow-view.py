"""What the real MlflowClient reads of one experiment, as JSON: python mlflow-view.py <tracking URI> <experiment name>.

Numbers are Python's own text (repr), since JSON has neither NaN nor infinities.
"""

import hashlib
import json
import logging
import sys
import tempfile

import mlflow
from mlflow import MlflowClient


def files(client, run_id, path=None):
    for entry in client.list_artifacts(run_id, path):
        if entry.is_dir:
            yield from files(client, run_id, entry.path)
        else:
            yield entry


def digests(client, run_id):
    with tempfile.TemporaryDirectory() as folder:
        found = {}
        for entry in files(client, run_id):
            with open(client.download_artifacts(run_id, entry.path, folder), "rb") as file:
                found[entry.path] = hashlib.sha256(file.read()).hexdigest()
        return found


def history(client, run_id, key):
    points = [[m.step, m.timestamp, repr(m.value)] for m in client.get_metric_history(run_id, key)]
    return sorted(points, key=lambda point: point[:2])


def dataset(item):
    tags = {tag.key: tag.value for tag in item.tags}
    d = item.dataset
    return {
        "name": d.name,
        "digest": d.digest,
        "sourceType": d.source_type,
        "source": d.source,
        "schema": d.schema,
        "profile": d.profile,
        "context": tags.get("mlflow.data.context", ""),
    }


def view(client, run):
    run_id = run.info.run_id
    parent = client.get_parent_run(run_id)
    return {
        "runId": run_id,
        "name": run.info.run_name,
        "status": run.info.status,
        "startTime": run.info.start_time,
        "endTime": run.info.end_time,
        "parent": parent.info.run_id if parent else None,
        "params": run.data.params,
        "tags": run.data.tags,
        "latest": {key: repr(value) for key, value in run.data.metrics.items()},
        "histories": {key: history(client, run_id, key) for key in run.data.metrics},
        "inputs": [dataset(item) for item in run.inputs.dataset_inputs],
        "artifacts": digests(client, run_id),
    }


def main(uri, name):
    logging.getLogger("mlflow").setLevel(logging.ERROR)
    mlflow.set_tracking_uri(uri)
    client = MlflowClient(uri)
    experiment = client.get_experiment_by_name(name)
    # search and get take different ways through MLflow: both must answer
    found = client.search_runs([experiment.experiment_id], max_results=1000) if experiment else []
    runs = [view(client, client.get_run(run.info.run_id)) for run in found]
    names = sorted(e.name for e in client.search_experiments())
    print(json.dumps({"experiments": names, "runs": runs}))


main(*sys.argv[1:])
