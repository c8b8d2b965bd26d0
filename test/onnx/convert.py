"""Models of LightGBM, XGBoost and scikit-learn as their converters write them, for test/onnx.heavy.ts.

Run: convert.py FOLDER. Per model FOLDER/NAME.onnx, and for all of them rows.f32 (10,000 x 28, NaN in one of twenty)
and full.f32 (the same without NaN); NAME.rows.f32 and NAME.full.f32 hold what ONNX Runtime answers, float32.
"""
import json
import sys
import warnings
from pathlib import Path

import lightgbm
import numpy as np
import onnxruntime
import xgboost
from onnxmltools import convert_lightgbm, convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType
from skl2onnx import to_onnx
from sklearn.ensemble import (
    GradientBoostingClassifier,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

warnings.filterwarnings("ignore")
folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
F = 28
random = np.random.default_rng(7)


def rows(n):
    x = random.normal(size=(n, F)).astype(np.float32)
    x[:, 3] = np.round(x[:, 3] * 2)  # ties on whole numbers
    x[:, 4] = random.integers(0, 12, n)  # a category
    return x


def with_gaps(x):
    x = x.copy()
    x[random.random(x.shape) < 0.05] = np.nan
    return x


train = rows(6_000)
margin = train[:, 0] + 0.5 * train[:, 1] * train[:, 2] - 0.3 * train[:, 3] + 0.4 * (train[:, 4] % 3 == 1)
label = (margin + random.logistic(size=len(train)) > 0).astype(int)
three = np.digitize(margin, [-0.7, 0.7])
gaps = with_gaps(train)
full = rows(10_000)
holes = with_gaps(full)
full.tofile(folder / "full.f32")
holes.tofile(folder / "rows.f32")
TYPE = [("input", FloatTensorType([None, F]))]


def lgb(model, **more):
    return convert_lightgbm(model, initial_types=TYPE, target_opset=15, **more)


def xgb(model):
    return convert_xgboost(model, initial_types=TYPE, target_opset=15)


def skl(model, **options):
    return to_onnx(model, train[:1], target_opset={"": 18, "ai.onnx.ml": 3}, options=options or None)


def no_map(model):
    return to_onnx(model, train[:1], target_opset={"": 18, "ai.onnx.ml": 3}, options={id(model): {"zipmap": False}})


models = {}


def add(name, make):
    models[name] = make()


trees = {"n_estimators": 100, "num_leaves": 31, "verbose": -1, "n_jobs": 1}
lgb_classifier = lightgbm.LGBMClassifier(**trees).fit(gaps, label)
add("lightgbm-classifier", lambda: lgb(lgb_classifier, zipmap=False))
add("lightgbm-classifier-zipmap", lambda: lgb(lgb_classifier))
add("lightgbm-regressor", lambda: lgb(lightgbm.LGBMRegressor(**trees).fit(gaps, margin * 30 + 500)))
add("lightgbm-categorical", lambda: lgb(lightgbm.LGBMClassifier(**trees).fit(train, label, categorical_feature=[4]), zipmap=False))
add("lightgbm-three-classes", lambda: lgb(lightgbm.LGBMClassifier(**trees).fit(gaps, three)))
boost = {"n_estimators": 100, "max_depth": 6, "n_jobs": 1}
add("xgboost-classifier", lambda: xgb(xgboost.XGBClassifier(**boost).fit(gaps, label)))
add("xgboost-regressor", lambda: xgb(xgboost.XGBRegressor(**boost).fit(gaps, margin)))
add("xgboost-three-classes", lambda: xgb(xgboost.XGBClassifier(**boost).fit(gaps, three)))
add("sklearn-gradient-boosting", lambda: no_map(GradientBoostingClassifier(n_estimators=60).fit(train, label)))
add("sklearn-forest-classifier", lambda: no_map(RandomForestClassifier(60, max_depth=8).fit(train, label)))
add("sklearn-forest-regressor", lambda: skl(RandomForestRegressor(60, max_depth=8).fit(train, margin)))
add("sklearn-tree", lambda: no_map(DecisionTreeClassifier(max_depth=6).fit(train, label)))
add("sklearn-logistic", lambda: no_map(LogisticRegression().fit(train, label)))
add("sklearn-logistic-zipmap", lambda: skl(LogisticRegression().fit(train, label)))
add("sklearn-logistic-words", lambda: no_map(LogisticRegression().fit(train, np.where(label, "late", "early"))))
add("sklearn-logistic-three", lambda: no_map(LogisticRegression().fit(train, three)))
add("sklearn-linear", lambda: skl(LinearRegression().fit(train, margin)))


def pipe(*steps):
    return make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), *steps)


def pipe_no_map(model):
    return to_onnx(model, train[:1], target_opset={"": 18, "ai.onnx.ml": 3}, options={id(model): {"zipmap": False}})


add("sklearn-pipeline-logistic", lambda: pipe_no_map(pipe(LogisticRegression()).fit(gaps, label)))
add("sklearn-pipeline-linear", lambda: skl(pipe(LinearRegression()).fit(gaps, margin)))
add("sklearn-pipeline-forest", lambda: pipe_no_map(pipe(RandomForestClassifier(40, max_depth=8)).fit(gaps, label)))
add("sklearn-pipeline-boosting", lambda: pipe_no_map(pipe(GradientBoostingClassifier(n_estimators=40)).fit(gaps, label)))
add("sklearn-network", lambda: no_map(MLPClassifier((32, 16), max_iter=30).fit(train, label)))

SCORE = ("probabilit", "variable", "predictions")
names = {}
one_thread = onnxruntime.SessionOptions()
one_thread.intra_op_num_threads = 1  # with more, trees are summed in another order
for name, model in models.items():
    data = model.SerializeToString()
    (folder / f"{name}.onnx").write_bytes(data)
    session = onnxruntime.InferenceSession(data, one_thread, providers=["CPUExecutionProvider"])
    outputs = [o.name for o in session.get_outputs()]
    score = next((o for o in outputs if any(s in o for s in SCORE)), outputs[-1])
    names[name] = score
    for suffix, x in (("rows", holes), ("full", full)):
        answer = session.run([score], {session.get_inputs()[0].name: x})[0]
        if isinstance(answer, list):
            answer = np.array([list(row.values()) for row in answer], dtype=np.float32)
        np.asarray(answer, dtype=np.float32).tofile(folder / f"{name}.{suffix}.f32")
(folder / "models.json").write_text(json.dumps(names))
