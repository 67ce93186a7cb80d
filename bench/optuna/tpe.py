"""Best value of real Optuna's TPE on the functions of bench/tune/functions.ts, for bench/tune.ts: one JSON line.

python tpe.py --function branin --variant multivariate --trials 60 --seeds 20 --first-seed 0
Variants: `default` is TPESampler as Optuna 4 makes it; `multivariate` adds multivariate, group (where the space has conditions) and constant_liar.
"""
import argparse
import json
import math
import warnings

import numpy as np
import optuna


def branin(trial):
    x, y = trial.suggest_float("x", -5, 10), trial.suggest_float("y", 0, 15)
    return (y - 5.1 / (4 * math.pi**2) * x**2 + 5 / math.pi * x - 6) ** 2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


HEIGHTS = np.array([1, 1.2, 3, 3.2])
WIDTHS = np.array([[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]])
CENTRES = np.array(
    [
        [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
        [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
        [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
        [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
    ]
)


def hartmann6(trial):
    x = np.array([trial.suggest_float(f"x{i}", 0, 1) for i in range(6)])
    return float(-HEIGHTS @ np.exp(-(WIDTHS * (x - CENTRES) ** 2).sum(1)))


def conditional(trial):
    model = trial.suggest_categorical("model", ["forest", "kernel", "network"])
    if model == "forest":
        depth, features = trial.suggest_int("depth", 1, 32), trial.suggest_float("features", 0.1, 1, step=0.1)
        return 0.15 + ((depth - 12) / 20) ** 2 + (features - 0.3) ** 2
    if model == "kernel":
        c, gamma = trial.suggest_float("c", 1e-3, 1e3, log=True), trial.suggest_float("gamma", 1e-5, 10, log=True)
        return 0.1 + ((math.log10(c) - 1) / 4) ** 2 + ((math.log10(gamma) + 2) / 3) ** 2
    layers, width = trial.suggest_int("layers", 1, 6), trial.suggest_int("width", 4, 512, log=True)
    rate = trial.suggest_float("rate", 1e-5, 1, log=True)
    shared = ((layers - 3) / 4) ** 2 + ((math.log2(width) - 6) / 5) ** 2
    if trial.suggest_categorical("optimiser", ["sgd", "adam"]) == "sgd":
        return 0.05 + shared + ((math.log10(rate) + 1) / 2) ** 2 + (trial.suggest_float("momentum", 0, 0.99) - 0.9) ** 2
    return shared + ((math.log10(rate) + 3) / 2) ** 2 + (trial.suggest_float("dropout", 0, 0.8) - 0.2) ** 2


FUNCTIONS = {"branin": branin, "hartmann6": hartmann6, "conditional": conditional}

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--function", choices=list(FUNCTIONS), required=True)
    parser.add_argument("--variant", choices=["default", "multivariate"], required=True)
    parser.add_argument("--trials", type=int, required=True)
    parser.add_argument("--seeds", type=int, required=True)
    parser.add_argument("--first-seed", type=int, default=0)
    options = parser.parse_args()

    warnings.filterwarnings("ignore")  # what is experimental or deprecated in Optuna is named in the bench's table
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    best = []
    for seed in range(options.first_seed, options.first_seed + options.seeds):
        settings = {}
        if options.variant == "multivariate":
            settings = {"multivariate": True, "constant_liar": True, "group": options.function == "conditional"}
        study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed, **settings))
        study.optimize(FUNCTIONS[options.function], n_trials=options.trials)
        best.append(study.best_value)
    print(json.dumps({"version": optuna.__version__, "best": best}))
