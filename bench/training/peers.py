"""Trains once with XGBoost or LightGBM and prints {cpuSeconds, wallSeconds, auc}.

Arguments: library, folder, threads, settings as JSON. Times include building the library's own data set.
"""

import json
import sys
import time

import numpy as np

library, folder, threads, settings = sys.argv[1], sys.argv[2], int(sys.argv[3]), json.loads(sys.argv[4])


def read(name):
    labels = np.fromfile(f"{folder}/{name}.labels", dtype=np.uint8)
    values = np.fromfile(f"{folder}/{name}.f32", dtype=np.float32)
    return np.ascontiguousarray(values.reshape(-1, len(labels)).T), labels


def train_xgboost(rows, labels):
    import xgboost

    def run():
        data = xgboost.DMatrix(rows, labels, nthread=threads)
        parameters = {
            "objective": "binary:logistic",
            "tree_method": "hist",
            "max_depth": settings["depth"],
            "max_leaves": settings["leaves"],
            "eta": settings["learningRate"],
            "lambda": 1,
            "min_child_weight": 1,
            "nthread": threads,
        }
        return xgboost.train(parameters, data, settings["trees"])

    return run, lambda model, rows: model.predict(xgboost.DMatrix(rows))


def train_lightgbm(rows, labels):
    import lightgbm

    def run():
        parameters = {
            "objective": "binary",
            "num_leaves": settings["leaves"],
            "max_depth": settings["depth"],
            "learning_rate": settings["learningRate"],
            "lambda_l2": 1,
            "min_data_in_leaf": 1,
            "min_sum_hessian_in_leaf": 1,
            "num_threads": threads,
            "verbose": -1,
        }
        return lightgbm.train(parameters, lightgbm.Dataset(rows, labels), settings["trees"])

    return run, lambda model, rows: model.predict(rows)


def auc(scores, labels):
    from scipy.stats import rankdata

    positives = labels.sum()
    ranks = rankdata(scores)[labels == 1].sum()
    return (ranks - positives * (positives + 1) / 2) / (positives * (len(labels) - positives))


rows, labels = read("train")
run, predict = {"xgboost": train_xgboost, "lightgbm": train_lightgbm}[library](rows, labels)
cpu, wall = time.process_time(), time.perf_counter()
model = run()
cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
test, test_labels = read("test")
print(json.dumps({"cpuSeconds": cpu, "wallSeconds": wall, "auc": float(auc(predict(model, test), test_labels))}))
