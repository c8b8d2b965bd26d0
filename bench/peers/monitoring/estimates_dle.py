"""Golden values of estimated regression losses: NannyML's DLE on seeded data whose noise depends on the inputs.

    NML_DISABLE_USAGE_LOGGING=1 .venv-estimates/bin/python bench/peers/monitoring/estimates_dle.py

The environment is that of estimates_cbpe.py.
"""

import json
from pathlib import Path

import lightgbm
import nannyml
import numpy as np
import pandas as pd

FOLDER = Path(__file__).parents[3] / "src/monitoring/estimates"
NAMES = ["size", "age", "kind"]
rng = np.random.default_rng(7)


def frame(rows, shift=0.0):
    size = rng.standard_normal(rows) + shift
    age = rng.random(rows)
    kind = rng.integers(0, 3, rows)
    prediction = 2 * size + age
    noise = np.exp(0.5 * size) * np.array([0.5, 1.0, 2.0])[kind] * rng.standard_normal(rows)
    columns = {"size": size, "age": age, "kind": kind, "yhat": prediction, "y": prediction + noise}
    return pd.DataFrame({name: np.round(column, 4) for name, column in columns.items()})


reference = frame(3_000)
windows = {"clean": frame(1_000), "shifted": frame(1_000, shift=0.7)}
estimator = nannyml.DLE(
    feature_column_names=NAMES, y_pred="yhat", y_true="y", metrics=["mae", "mse", "rmse"], chunk_number=1
)
estimator.fit(reference)


def plain(data):
    return {name: [float(v) for v in data[name]] for name in data.columns}


def estimates(data):
    result = estimator.estimate(data.drop(columns="y")).filter(period="analysis").to_df()
    return {name: float(result[(name, "value")].iloc[0]) for name in ["mae", "mse", "rmse"]}


golden = {
    "source": "bench/peers/monitoring/estimates_dle.py",
    "versions": {"nannyml": nannyml.__version__, "lightgbm": lightgbm.__version__},
    "reference": plain(reference),
    "windows": {name: {"rows": plain(data), "estimates": estimates(data)} for name, data in windows.items()},
}
(FOLDER / "dle.golden.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
