"""What the real MLflow sees of a study: python study_in_mlflow.py <mlruns> <experiment> <parent run>; prints JSON."""
import json
import sys

from mlflow import MlflowClient

folder, experiment, parent = sys.argv[1:]
client = MlflowClient("file://" + folder)
found = client.get_experiment_by_name(experiment)
children = client.search_runs([found.experiment_id], f"tags.mlflow.parentRunId = '{parent}'")
trained = next(run for run in children if run.info.run_name == "pretrain/fold-0")
print(
    json.dumps(
        {
            "children": len(children),
            "params": len(client.get_run(parent).data.params),
            "history": len(client.get_metric_history(trained.info.run_id, "train/loss")),
            "artifacts": [file.path for file in client.list_artifacts(parent)],
        }
    )
)
