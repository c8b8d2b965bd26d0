"""Fixtures of MMD, PCA reconstruction and principal components, by numpy, scikit-learn and NannyML's own code.

  python -m venv .venv-multi && .venv-multi/bin/pip install numpy scikit-learn nannyml
  .venv-multi/bin/python bench/peers/monitoring/multivariate_oracle.py
"""

import json
import pathlib

import nannyml
import numpy as np
import pandas as pd
import sklearn
from nannyml.drift.multivariate.data_reconstruction import DataReconstructionDriftCalculator
from sklearn.metrics.pairwise import rbf_kernel

OUT = pathlib.Path("src/monitoring/multivariate/peers.golden.json")
EIGEN = pathlib.Path("src/math/linear-algebra/numpy.golden.json")


def unbiased_mmd(points, n):
    squares = ((points[:, None, :] - points[None, :, :]) ** 2).sum(-1)
    i, j = np.tril_indices(len(points), -1)
    width = np.median(squares[i, j])
    kernel = rbf_kernel(points, gamma=1 / width)
    m = len(points) - n
    a, b, ab = kernel[:n, :n], kernel[n:, n:], kernel[:n, n:]
    within = (a.sum() - np.trace(a)) / (n * (n - 1)) + (b.sum() - np.trace(b)) / (m * (m - 1))
    return float(within - 2 * ab.mean()), float(width)


def rows_of(rng, rows, shift):
    common = rng.normal(size=rows)
    numbers = np.stack([common + 0.3 * rng.normal(size=rows), -common + rng.normal(size=rows), rng.normal(size=rows) + shift], 1)
    codes = np.minimum(rng.geometric(0.4, rows) - 1, 4)
    return numbers, codes


def mmd_fixture(rng):
    (a, ca), (b, cb) = rows_of(rng, 60, 0), rows_of(rng, 40, 0.7)
    mean, deviation = a.mean(0), a.std(0)
    one_hot = np.eye(5)[np.concatenate([ca, cb])]
    points = np.hstack([(np.vstack([a, b]) - mean) / deviation, one_hot])
    value, width = unbiased_mmd(points, len(a))
    return {
        "reference": [*a.T.tolist(), ca.tolist()],
        "current": [*b.T.tolist(), cb.tolist()],
        "mmd": value,
        "width": width,
    }


def pca_fixture(rng):
    frames = []
    for rows, shift in ((300, 0.0), (100, 0.8)):
        numbers, codes = rows_of(rng, rows, shift)
        frame = pd.DataFrame(numbers, columns=["a", "b", "c"])
        frame["d"] = frame.a * frame.b + 0.2 * rng.normal(size=rows)
        frame["e"] = pd.Series(codes).map(lambda code: f"k{code}").astype("category")
        frame.loc[rng.random(rows) < 0.1, "c"] = np.nan
        frame.loc[rng.random(rows) < 0.1, "e"] = None
        frames.append(frame)
    reference, current = frames
    # NannyML fills empty categories of all rows at once with the most frequent of the reference, which is what we do.
    calculator = DataReconstructionDriftCalculator(column_names=list("abcde"), chunk_size=100)
    calculator.fit(reference)
    results = calculator.calculate(current).filter(period="analysis").to_df()
    error = float(results[("reconstruction_error", "value")].iloc[0])
    coded = lambda f: [None if pd.isna(x) else (int(x[1:]) if isinstance(x, str) else float(x)) for x in f]
    columns = lambda frame: [coded(frame[c].astype(object)) for c in "abcde"]
    return {"reference": columns(reference), "current": columns(current), "components": int(calculator._pca.n_components_), "error": error}


def eigen_fixture(rng):
    cases = []
    for size in (1, 2, 5, 12):
        factors = rng.normal(size=(size, size))
        matrix = factors @ factors.T
        values, vectors = np.linalg.eigh(matrix)
        vectors = vectors[:, ::-1].T
        vectors *= np.sign(vectors[np.arange(size), np.abs(vectors).argmax(1)])[:, None]
        cases.append({"matrix": matrix.ravel().tolist(), "values": values[::-1].tolist(), "vectors": vectors.ravel().tolist()})
    return cases


rng = np.random.default_rng(20260105)
versions = {"numpy": np.__version__, "scikit-learn": sklearn.__version__, "nannyml": nannyml.__version__}
script = "bench/peers/monitoring/multivariate_oracle.py"
OUT.write_text(json.dumps({"script": script, "versions": versions, "mmd": mmd_fixture(rng), "pca": pca_fixture(rng)}) + "\n")
EIGEN.write_text(json.dumps({"script": script, "versions": versions, "cases": eigen_fixture(rng)}) + "\n")
print(versions)
