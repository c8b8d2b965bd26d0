"""The model that every server serves: 100 trees of 31 leaves on 28 numbers, trained by LightGBM on seeded data.

Usage: python make_model.py <folder>. Writes into the folder:

  model.onnx      input 'x' float32 [rows, 28], outputs 'label' and 'probabilities' float32 [rows, 2]
  model.bst       LightGBM's own text
  trees.json      the same trees as nested objects, for the bare server
  mlflow/         model.onnx in MLflow's layout, with a tensor signature
  rows.json       {"rows": 2,000 x 28, "expected": LightGBM's probability of label 1 for each}
  rows.jsonl      the training rows as events, and what came of them: for a model of the same size that Millrace
  outcomes.jsonl  trains itself
"""

import json
import shutil
import sys
from pathlib import Path

import lightgbm
import mlflow
import numpy as np
import onnx
import onnxmltools
import onnxruntime
from mlflow.models import ModelSignature
from mlflow.types.schema import Schema, TensorSpec
from onnxmltools.convert.common.data_types import FloatTensorType

FEATURES, TREES, LEAVES = 28, 100, 31
TRAINING, ROWS = 50_000, 2_000


def data(rows: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of four decimals, so that a request is as short as people send it; labels with effects of pairs."""
    x = np.round(random.normal(size=(rows, FEATURES)), 4).astype(np.float32)
    margin = x[:, 0] * x[:, 1] + np.sin(2 * x[:, 2]) + 0.5 * x[:, 3:8].sum(axis=1) + np.abs(x[:, 9]) - 0.8
    return x, (random.random(rows) < 1 / (1 + np.exp(-margin))).astype(np.int32)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(20_261_121)
    x, y = data(TRAINING, random)
    rows, _ = data(ROWS, random)
    parameters = {
        "objective": "binary",
        "num_leaves": LEAVES,
        "learning_rate": 0.1,
        "num_threads": 1,
        "deterministic": True,
        "seed": 1,
        "verbose": -1,
    }
    booster = lightgbm.train(parameters, lightgbm.Dataset(x, y), num_boost_round=TREES)
    booster.save_model(folder / "model.bst")
    (folder / "trees.json").write_text(json.dumps(booster.dump_model()["tree_info"]))
    expected = booster.predict(rows, num_threads=1)

    model = onnxmltools.convert_lightgbm(
        booster,
        initial_types=[("x", FloatTensorType([None, FEATURES]))],
        zipmap=False,
        target_opset=15,
    )
    onnx.save(model, folder / "model.onnx")
    session = onnxruntime.InferenceSession(model.SerializeToString())
    largest = np.abs(session.run(None, {"x": rows})[1][:, 1] - expected).max()
    if largest > 1e-5:
        raise SystemExit(f"The ONNX file differs from LightGBM by {largest}.")

    shutil.rmtree(folder / "mlflow", ignore_errors=True)
    signature = ModelSignature(inputs=Schema([TensorSpec(np.dtype(np.float32), (-1, FEATURES), "x")]))
    threads = {"intra_op_num_threads": 1, "inter_op_num_threads": 1}
    mlflow.onnx.save_model(
        model, str(folder / "mlflow"), signature=signature, onnx_session_options=threads
    )

    (folder / "rows.json").write_text(
        json.dumps({"rows": [[float(f"{v:.4f}") for v in row] for row in rows], "expected": expected.tolist()})
    )
    with (folder / "rows.jsonl").open("w") as asked, (folder / "outcomes.jsonl").open("w") as known:
        for i, row in enumerate(x):
            at = 1_700_000_000_000 + i * 10_000
            fields = {f"f{k}": float(f"{v:.4f}") for k, v in enumerate(row)}
            asked.write(json.dumps({"id": f"r{i}", "at": at, **fields}) + "\n")
            known.write(json.dumps({"id": f"r{i}", "at": at + 1_000, "label": int(y[i])}) + "\n")
    leaves = [tree["num_leaves"] for tree in booster.dump_model()["tree_info"]]
    print(f"{len(leaves)} trees of {min(leaves)} to {max(leaves)} leaves; ONNX differs by at most {largest:.2g}.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
