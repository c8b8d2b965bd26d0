"""What SciPy says of seeded samples: the golden values of src/math/tests and src/math/distances.

    python3 -m venv .venv-math && .venv-math/bin/pip install numpy==2.4.6 scipy==1.17.1
    .venv-math/bin/python bench/peers/monitoring/statistics_oracle.py

Writes src/math/tests/scipy-samples.json and src/math/distances/scipy-counts.json. A large sample is not
written out but described: i * step % modulus / modulus * scale + shift, for i below count.
"""

import json
import pathlib
import platform
import warnings

import numpy as np
import scipy
from scipy import stats
from scipy.spatial.distance import jensenshannon

warnings.simplefilter("ignore")
root = pathlib.Path(__file__).resolve().parents[3]
versions = {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__}


def test(result):
    return {"statistic": float(result.statistic), "pValue": float(result.pvalue)}


def values_of(sample):
    if isinstance(sample, list):
        return np.array(sample)
    i = np.arange(sample["count"])
    return (i * sample["step"] % sample["modulus"]) / sample["modulus"] * sample["scale"] + sample["shift"]


def lattice(count, step, modulus, scale=1, shift=0):
    return {"count": count, "step": step, "modulus": modulus, "scale": scale, "shift": shift}


def sample_case(name, reference, current):
    x, y = values_of(reference), values_of(current)
    expected = {
        "ksAuto": test(stats.ks_2samp(x, y)),
        "ksExact": test(stats.ks_2samp(x, y, method="exact")) if max(len(x), len(y)) <= 10_000 else None,
        "ksAsymptotic": test(stats.ks_2samp(x, y, method="asymp")),
        "andersonDarling": test(stats.anderson_ksamp([x, y], variant="midrank")),
        "cvmAuto": test(stats.cramervonmises_2samp(x, y)),
        "cvmAsymptotic": test(stats.cramervonmises_2samp(x, y, method="asymptotic")),
        "eppsSingleton": test(stats.epps_singleton_2samp(x, y)),
        "rankSum": test(stats.mannwhitneyu(y, x, use_continuity=False, method="asymptotic")),
        "wasserstein": float(stats.wasserstein_distance(x, y)),
        "normalisedWasserstein": float(stats.wasserstein_distance(x, y) / np.std(x)),
        "energy": float(stats.energy_distance(x, y)),
    }
    return {"name": name, "reference": reference, "current": current, "expected": expected}


def sample_cases():
    rng = np.random.default_rng(20250501)
    draw = lambda values: [float(v) for v in np.round(np.asarray(values, float), 3)]
    yield sample_case("small, equal sizes", draw(rng.normal(size=12)), draw(rng.normal(0.8, 1, 12)))
    yield sample_case("small, unequal sizes", draw(rng.normal(size=9)), draw(rng.normal(0.5, 2, 14)))
    yield sample_case("20 against 19", draw(rng.normal(size=20)), draw(rng.normal(0.4, 1, 19)))
    yield sample_case("same distribution", draw(rng.normal(size=60)), draw(rng.normal(size=45)))
    yield sample_case("shifted", draw(rng.normal(size=120)), draw(rng.normal(0.35, 1, 90)))
    yield sample_case("wider", draw(rng.normal(size=120)), draw(rng.normal(0, 1.6, 120)))
    yield sample_case("far apart", draw(rng.normal(size=70)), draw(rng.normal(3, 1, 80)))
    yield sample_case("skewed", draw(rng.exponential(size=100)), draw(rng.exponential(1.3, 110)))
    yield sample_case("whole numbers", draw(rng.poisson(3, 100)), draw(rng.poisson(3.4, 80)))
    yield sample_case("two values", draw(rng.random(60) < 0.4), draw(rng.random(50) < 0.5))
    yield sample_case("no value in common, few", [1.0, 2.0, 3.0, 4.0, 5.0], [6.0, 7.0, 8.0, 9.0, 10.0, 11.0])
    yield sample_case("1,000 against 700", lattice(1000, 7919, 10007), lattice(700, 271, 5003, 1, 0.05))
    yield sample_case("1,000 against 1,000", lattice(1000, 7919, 10007), lattice(1000, 271, 5003, 1.1, -0.05))
    yield sample_case("20,001 against 20,001", lattice(20001, 7919, 100003), lattice(20001, 271, 50021, 1, 0.006))
    yield sample_case("30,000 against 500", lattice(30000, 7919, 100003), lattice(500, 271, 5003, 1, 0.05))
    yield sample_case("12,000 against 90", lattice(12000, 7919, 100003), lattice(90, 271, 5003, 1, 0.1))
    yield sample_case("50,000 tied, far", lattice(50000, 7919, 101), lattice(40000, 271, 103, 1, 0.03))


def count_case(name, reference, current):
    r, c = np.array(reference, float), np.array(current, float)
    seen = (r + c) > 0
    table = np.array([r[seen], c[seen]])
    p, q = r / r.sum(), c / c.sum()
    ranks = lambda counts: np.repeat(np.arange(len(counts)), counts)
    x, y = ranks(reference), ranks(current)
    chi2 = stats.chi2_contingency(table, correction=False)
    g = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")
    expected = {
        "chiSquare": {"statistic": float(chi2.statistic), "pValue": float(chi2.pvalue), "degreesOfFreedom": int(chi2.dof)},
        "gTest": {"statistic": float(g.statistic), "pValue": float(g.pvalue), "degreesOfFreedom": int(g.dof)},
        "rankSum": test(stats.mannwhitneyu(y, x, use_continuity=False, method="asymptotic")),
        "ksAsymptotic": test(stats.ks_2samp(x, y, method="asymp")),
        "andersonDarling": test(stats.anderson_ksamp([x, y], variant="midrank")),
        "fisher": float(stats.fisher_exact([[reference[0], reference[1]], [current[0], current[1]]]).pvalue),
        "jensenShannon2": float(jensenshannon(p, q, base=2)),
        "jensenShannonE": float(jensenshannon(p, q)),
        "hellinger": float(np.linalg.norm(np.sqrt(p) - np.sqrt(q)) / np.sqrt(2)),
        "totalVariation": float(np.abs(p - q).sum() / 2),
        "lInfinity": float(np.abs(p - q).max()),
        "kullbackLeibler": float(stats.entropy(q, p)) if (p[q > 0] > 0).all() else None,
        "kullbackLeibler2": float(stats.entropy(q, p, base=2)) if (p[q > 0] > 0).all() else None,
    }
    return {"name": name, "reference": reference, "current": current, "expected": expected}


def count_cases():
    yield count_case("six bins", [120, 300, 250, 180, 100, 50], [80, 250, 300, 260, 60, 50])
    yield count_case("two categories", [45, 155], [30, 180])
    yield count_case("rare success", [3, 400], [9, 310])
    yield count_case("empty bins", [10, 0, 20, 0], [0, 5, 30, 0])
    yield count_case("the same shares", [40, 60, 100], [20, 30, 50])
    yield count_case("crowded bin", [400, 100000, 30], [10, 5000, 3])
    rng = np.random.default_rng(7)
    yield count_case("ten bins, no drift", rng.multinomial(3000, [0.1] * 10).tolist(), rng.multinomial(800, [0.1] * 10).tolist())
    zipf = 1 / np.arange(1, 61)
    yield count_case("sixty categories", *(rng.multinomial(n, zipf / zipf.sum()).tolist() for n in (5000, 700)))


def write(path, cases):
    text = ",\n".join(json.dumps(case) for case in cases)
    target = root / path
    target.write_text(f'{{"versions": {json.dumps(versions)},\n"cases": [\n{text}\n]}}\n')
    print(target.relative_to(root), target.stat().st_size, "bytes")


write("src/math/tests/scipy-samples.json", sample_cases())
write("src/math/distances/scipy-counts.json", count_cases())
