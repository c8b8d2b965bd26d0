"""Golden values of estimated performance: NannyML's CBPE and scikit-learn's isotonic regression on seeded data.

    python3 -m venv .venv-estimates && .venv-estimates/bin/pip install nannyml==0.13.1 statsmodels
    .venv-estimates/bin/python bench/peers/monitoring/estimates_cbpe.py

NannyML rounds cumulated probabilities to five decimals; that is switched off here, so that its formulas can be
compared beyond that.
"""

import json
import platform
from pathlib import Path
from unittest import mock

import nannyml
import numpy as np
import pandas as pd
import sklearn
from nannyml.calibration import _calculate_expected_calibration_error, _get_bin_index_edges
from nannyml.performance_estimation.confidence_based import cbpe, metrics
from nannyml.sampling_error import binary_classification as errors
from sklearn.isotonic import IsotonicRegression

FOLDER = Path(__file__).parents[3] / "src/monitoring/estimates"
rng = np.random.default_rng(2024)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def draw(rows, distortion):
    margin = -1 + 1.3 * rng.standard_normal(rows)
    labels = (rng.random(rows) < sigmoid(margin)).astype(float)
    return np.round(sigmoid(distortion * margin), 9), labels


def plain(values):
    return [float(v) for v in values]


def isotonic():
    scores, labels = draw(400, 1.7)
    scores[::3] = np.round(scores[::3], 2)  # ties
    weights = np.where(rng.random(400) < 0.1, 0, np.round(rng.exponential(1, 400), 6))
    at = np.concatenate([[-1, 0, 1, 2], np.round(rng.random(60), 6), scores[:20]])
    fits = [IsotonicRegression(out_of_bounds="clip").fit(scores, labels, w) for w in (None, weights)]
    return {
        "scores": plain(scores),
        "labels": plain(labels),
        "weights": plain(weights),
        "at": plain(at),
        "plain": plain(fits[0].predict(at)),
        "weighted": plain(fits[1].predict(at)),
    }


def ece():
    scores, labels = draw(600, 1.7)
    return {
        "scores": plain(scores),
        "labels": plain(labels),
        "error": float(_calculate_expected_calibration_error(labels, scores, _get_bin_index_edges(600, 10))),
    }


def binary():
    reference, labels = draw(2_000, 1.7)
    scores, _ = draw(300, 1.7)
    calibrator = IsotonicRegression(out_of_bounds="clip").fit(reference, labels)
    p = calibrator.predict(scores)
    decided = (scores >= 0.4).astype(int)
    value = np.array([[0.5, -1.0], [-3.0, 5.0]])
    estimates = {
        "auc": metrics.estimate_roc_auc(p, scores),
        "prAuc": metrics.estimate_ap(p, scores),
        "accuracy": metrics.estimate_accuracy(decided, p),
        "precision": metrics.estimate_precision(decided, p),
        "recall": metrics.estimate_recall(decided, p),
        "specificity": metrics.estimate_specificity(decided, p),
        "f1": metrics.estimate_f1(decided, p),
        "value": metrics.estimate_business_value(decided, p, None, value) / 300,
    }
    y, yhat, window = pd.Series(labels), pd.Series((reference >= 0.4).astype(int)), pd.DataFrame({"p": p})
    sampling = {
        "accuracy": errors.accuracy_sampling_error(errors.accuracy_sampling_error_components(y, yhat), window),
        "precision": errors.precision_sampling_error(errors.precision_sampling_error_components(y, yhat), window),
        "recall": errors.recall_sampling_error(errors.recall_sampling_error_components(y, yhat), window),
        "specificity": errors.specificity_sampling_error(errors.specificity_sampling_error_components(y, yhat), window),
        "value": errors.business_value_sampling_error(
            errors.business_value_sampling_error_components(y, yhat, value, "per_prediction"), window
        ),
    }
    return {
        "reference": {"scores": plain(reference), "labels": plain(labels)},
        "scores": plain(scores),
        "probabilities": plain(p),
        "decideAt": 0.4,
        "value": {"trueNegative": 0.5, "falsePositive": -1.0, "falseNegative": -3.0, "truePositive": 5.0},
        "estimates": {k: float(v) for k, v in estimates.items()},
        "samplingErrors": {k: float(v) for k, v in sampling.items()},
    }


def softmax(margins):
    e = np.exp(margins)
    return e / e.sum(axis=1, keepdims=True)


def multiclass():
    names = ["a", "b", "c"]

    def frame(rows):
        margins = rng.standard_normal((rows, 3)) + np.array([0.5, 0, -0.5])
        truth = softmax(margins)
        label = (rng.random(rows)[:, None] > truth.cumsum(axis=1)).sum(axis=1).clip(0, 2)
        given = np.round(softmax(2 * margins), 9)
        data = {f"p_{n}": given[:, i] for i, n in enumerate(names)}
        return pd.DataFrame({**data, "y": np.array(names)[label], "yhat": np.array(names)[given.argmax(axis=1)]})

    reference, window = frame(1_000), frame(200)
    estimator = cbpe.CBPE(
        y_pred_proba={n: f"p_{n}" for n in names},
        y_pred="yhat",
        y_true="y",
        problem_type="classification_multiclass",
        metrics=["roc_auc", "average_precision", "f1", "precision", "recall", "specificity", "accuracy"],
        chunk_number=1,
    )
    estimator.fit(reference)
    calibrated = cbpe._calibrate_predicted_probabilities(
        window.assign(**{f"uncalibrated_p_{n}": window[f"p_{n}"] for n in names}),
        "y",
        {n: f"p_{n}" for n in names},
        estimator._calibrators,
    )
    result = estimator.estimate(window).filter(period="analysis").to_df()
    columns = {
        "auc": "roc_auc",
        "prAuc": "average_precision",
        "f1": "f1",
        "precision": "precision",
        "recall": "recall",
        "specificity": "specificity",
        "accuracy": "accuracy",
    }
    return {
        "scores": [plain(window[f"p_{n}"]) for n in names],
        "probabilities": [plain(calibrated[f"p_{n}"]) for n in names],
        "estimates": {ours: float(result[(theirs, "value")].iloc[0]) for ours, theirs in columns.items()},
    }


exact_round = np.round


def unrounded(values, decimals=0):
    return np.asarray(values) if decimals == 5 else exact_round(values, decimals)


with mock.patch("numpy.round", unrounded):
    golden = {
        "source": "bench/peers/monitoring/estimates_cbpe.py",
        "versions": {
            "python": platform.python_version(),
            "nannyml": nannyml.__version__,
            "scikit-learn": sklearn.__version__,
            "numpy": np.__version__,
        },
        "isotonic": isotonic(),
        "ece": ece(),
        "binary": binary(),
        "multiclass": multiclass(),
    }
(FOLDER / "cbpe.golden.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
