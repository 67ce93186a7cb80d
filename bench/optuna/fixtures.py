"""Writes src/tune/fixtures/golden.json: values of scipy and of real Optuna that the tests of src/tune compare with.

python bench/optuna/fixtures.py > src/tune/fixtures/golden.json
python bench/optuna/fixtures.py --directions   (the rows of src/tune/sobol/directions.ts)
Made with optuna 4.9.0, scipy 1.17.1, numpy 2.4.6.
"""
import json
import os
import sys
import warnings

import numpy as np
import optuna
import scipy
import scipy.stats as ss
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers._tpe.parzen_estimator import _ParzenEstimator, _ParzenEstimatorParameters
from optuna.samplers._tpe.sampler import default_weights

warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)

SPACE = {
    "x": FloatDistribution(-2, 3),
    "rate": FloatDistribution(1e-4, 1, log=True),
    "share": FloatDistribution(0, 1, step=0.1),
    "depth": IntDistribution(1, 20),
    "even": IntDistribution(2, 10, step=4),
    "width": IntDistribution(4, 512, log=True),
    "kind": CategoricalDistribution(["a", "b", "c"]),
}


def params_of(rng):
    return {
        "x": rng.uniform(-2, 3),
        "rate": 10 ** rng.uniform(-4, 0),
        "share": round(rng.integers(0, 11) * 0.1, 1),
        "depth": int(rng.integers(1, 21)),
        "even": int(rng.choice([2, 6, 10])),
        "width": int(np.clip(round(2 ** rng.uniform(2, 9)), 4, 512)),
        "kind": str(rng.choice(["a", "b", "c"])),
    }


def directions():
    table = np.load(os.path.join(os.path.dirname(scipy.__file__), "stats", "_sobol_direction_numbers.npz"))
    for j in range(64):
        polynomial = int(table["poly"][j])
        degree = polynomial.bit_length() - 1 if j else 1
        print("  [%s]," % ", ".join(str(int(x)) for x in [polynomial, *table["vinit"][j, :degree]]))


def sobol():
    points = ss.qmc.Sobol(64, scramble=False, bits=32).random(1024)
    return {"index": [0, 1, 2, 3, 7, 12, 100, 1023], "points": points[[0, 1, 2, 3, 7, 12, 100, 1023]].tolist()}


def signed_rank(rng):
    cases = []
    for n in [2, 3, 4, 5, 6, 10, 13, 25, 50]:
        cases.append(rng.normal(0.3, 1, n).tolist())
    cases += [[1, 1, 2, -1], [0, 0, 0], [0, 1, 2, 3], [0, 0, -1, 2, 2, 3], [0.5, 0.5, 0.5, 0.5, -0.5, 0, 1, 1, 2]]  # ties, zeros
    cases.append(np.round(rng.normal(0.2, 1, 60), 1).tolist())
    cases.append(rng.normal(0.1, 1, 80).tolist())
    out = []
    for d in cases:
        greater, less = (float(ss.wilcoxon(d, alternative=side, zero_method="zsplit").pvalue) for side in ["greater", "less"])
        out.append({"differences": d, "greater": greater, "less": less})
    return out


def parzen(rng):
    out = []
    # by itself at most 20: beyond 25 trials weigh differently, and numpy's sort gives tied ones their widths in no order
    for multivariate in [True, False]:
        for n in [0, 1, 2, 7, 40 if multivariate else 20]:
            observed = [params_of(rng) for _ in range(n)]
            points = [params_of(rng) for _ in range(5)]
            groups = [SPACE] if multivariate else [{name: each} for name, each in SPACE.items()]
            total = np.zeros(len(points))
            for group in groups:
                inner = lambda rows: {k: np.array([d.to_internal_repr(row[k]) for row in rows]) for k, d in group.items()}
                settings = _ParzenEstimatorParameters(1.0, True, False, default_weights, multivariate, {})
                total += _ParzenEstimator(inner(observed), group, settings).log_pdf(inner(points))
            out.append({"multivariate": multivariate, "observed": observed, "points": points, "logDensity": total.tolist()})
    return out


def importance(rng):
    out = []
    for n in [12, 60]:
        trials = [(p, (p["x"] - 1) ** 2 + 0.2 * abs(np.log10(p["rate"]) + 2) + (0.5 if p["kind"] == "b" else 0)) for p in (params_of(rng) for _ in range(n))]
        study = optuna.create_study()
        study.add_trials([optuna.trial.create_trial(params=p, distributions=SPACE, value=v) for p, v in trials])
        shares = optuna.importance.PedAnovaImportanceEvaluator().evaluate(study)
        out.append({"params": [p for p, _ in trials], "values": [v for _, v in trials], "importance": shares})
    return out


def median(rng):
    """Decisions of MedianPruner on random histories, step by step."""
    out = []
    for settings in [{}, {"n_warmup_steps": 2}, {"n_warmup_steps": 1, "interval_steps": 2}, {"n_min_trials": 4, "n_startup_trials": 3}]:
        for direction in ["minimize", "maximize"]:
            study = optuna.create_study(direction=direction)
            finished = []
            for i in range(6):
                steps = {s: float(rng.normal()) for s in range(int(rng.integers(3, 7)))}
                finished.append(steps)
                study.add_trial(optuna.trial.create_trial(value=float(rng.normal()), intermediate_values=steps))
            pruner = optuna.pruners.MedianPruner(**settings)
            trial, seen, answers = optuna.trial.create_trial(state=optuna.trial.TrialState.RUNNING), {}, []
            for step in range(6):
                seen[step] = float(rng.normal())
                trial.intermediate_values = dict(seen)
                answers.append(bool(pruner.prune(study, trial)))
            out.append({"settings": settings, "direction": direction, "finished": finished, "steps": seen, "prune": answers})
    return out


def wilcoxon(rng):
    """Decisions of WilcoxonPruner fold by fold."""
    out = []
    for direction in ["minimize", "maximize"]:
        for shift in [0.0, 0.4, 0.8, -0.4]:
            study = optuna.create_study(direction=direction)
            best = {f: float(rng.normal(0, 1)) for f in range(10)}
            study.add_trial(optuna.trial.create_trial(value=float(np.mean(list(best.values()))), intermediate_values=best))
            pruner, seen, answers = optuna.pruners.WilcoxonPruner(), {}, []
            trial = optuna.trial.create_trial(state=optuna.trial.TrialState.RUNNING)
            for fold in range(10):
                seen[fold] = best[fold] + float(rng.normal(shift, 0.5))
                trial.intermediate_values = dict(seen)
                answers.append(bool(pruner.prune(study, trial)))
            out.append({"direction": direction, "best": best, "folds": seen, "prune": answers})
    return out


if __name__ == "__main__":
    if "--directions" in sys.argv:
        directions()
    else:
        rng = np.random.default_rng(7)
        made = {"sobol": sobol(), "signedRank": signed_rank(rng), "parzen": parzen(rng), "importance": importance(rng), "median": median(rng), "wilcoxon": wilcoxon(rng)}
        print(json.dumps(made, separators=(",", ":")))
