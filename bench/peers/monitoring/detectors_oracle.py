"""Where River's detectors see drift in seeded streams: the golden values of src/math/detectors.

    python3 -m venv .venv-math && .venv-math/bin/pip install numpy==2.4.6 scipy==1.17.1 river==0.26.1
    .venv-math/bin/python bench/peers/monitoring/detectors_oracle.py

Writes src/math/detectors/river-detections.json. A stream is described by its parts, in each of which the level goes
evenly from `from` to `to`: value number i is level + spread (u + v - 1), or 1 where u < level in a binary stream, u and
v being hashes of the seed and i (`uniform`).
"""

import json
import pathlib
import platform

import numpy as np
import river
from river import drift

root = pathlib.Path(__file__).resolve().parents[3]


def word(counter):
    h = (counter * 0x9E3779B9) & 0xFFFFFFFF
    h = ((h ^ (h >> 16)) * 0x85EBCA6B) & 0xFFFFFFFF
    h = ((h ^ (h >> 13)) * 0xC2B2AE35) & 0xFFFFFFFF
    return h ^ (h >> 16)


def uniform(seed, i):
    return word(seed * 1_000_003 + i) / 2**32


def values_of(stream):
    values = []
    for part in stream["parts"]:
        for i in range(part["count"]):
            level = part["from"] + (part["to"] - part["from"]) * (i / part["count"])
            at = len(values)
            if stream["kind"] == "binary":
                values.append(1 if uniform(stream["seed"], at) < level else 0)
            else:
                values.append(level + part["spread"] * (uniform(stream["seed"], 2 * at) + uniform(stream["seed"], 2 * at + 1) - 1))
    return values


def part(count, start, end=None, spread=1):
    return {"count": count, "from": start, "to": start if end is None else end, "spread": spread}


streams = {
    "binary stationary": {"kind": "binary", "seed": 1, "parts": [part(20000, 0.2)]},
    "binary abrupt": {"kind": "binary", "seed": 2, "parts": [part(2000, 0.2), part(2000, 0.4), part(2000, 0.1), part(2000, 0.3)]},
    "binary gradual": {"kind": "binary", "seed": 3, "parts": [part(3000, 0.1), part(4000, 0.1, 0.4), part(3000, 0.4)]},
    "binary rare": {"kind": "binary", "seed": 4, "parts": [part(6000, 0.01), part(3000, 0.05)]},
    "binary often": {"kind": "binary", "seed": 8, "parts": [part(1500, 0.5), part(1500, 0.8), part(1500, 0.45), part(1500, 0.7)]},
    "real stationary": {"kind": "real", "seed": 5, "parts": [part(20000, 0)]},
    "real abrupt": {"kind": "real", "seed": 6, "parts": [part(2000, 0), part(2000, 0.4), part(2000, 3), part(2000, 2.5, spread=0.2)]},
    "real gradual": {"kind": "real", "seed": 7, "parts": [part(3000, 10, spread=2), part(4000, 10, 12, 2), part(3000, 12, spread=2)]},
    "real large": {"kind": "real", "seed": 9, "parts": [part(1500, 1e6, spread=1e3), part(1500, 1.001e6, spread=1e3)]},
}

both = {
    "adwin": (drift.ADWIN, {}),
    "adwin eager": (drift.ADWIN, {"delta": 0.05, "clock": 1, "max_buckets": 3, "min_window_length": 2, "grace_period": 5}),
    "pageHinkley": (drift.PageHinkley, {}),
    "pageHinkley eager": (drift.PageHinkley, {"threshold": 8, "min_instances": 10, "alpha": 0.999, "delta": 0.01}),
    "pageHinkley up": (drift.PageHinkley, {"threshold": 20, "mode": "up"}),
    "pageHinkley down": (drift.PageHinkley, {"threshold": 20, "mode": "down"}),
}
binary = {
    "ddm": (drift.binary.DDM, {}),
    "ddm eager": (drift.binary.DDM, {"warm_start": 10, "warning_threshold": 1.5, "drift_threshold": 2.5}),
    "eddm": (drift.binary.EDDM, {}),
    "eddm calm": (drift.binary.EDDM, {"warm_start": 50, "alpha": 0.9, "beta": 0.8}),
    "hddmA": (drift.binary.HDDMA, {}),
    "hddmA two-sided": (drift.binary.HDDMA, {"two_sided_test": True, "drift_confidence": 0.01, "warning_confidence": 0.05}),
    "hddmW": (drift.binary.HDDMW, {}),
    "hddmW two-sided": (drift.binary.HDDMW, {"two_sided_test": True, "lambda_val": 0.02}),
}


def detections(make, settings, values):
    detector = make(**settings)
    drifts, warnings = [], 0
    for i, value in enumerate(values):
        detector.update(value)
        if detector.drift_detected:
            drifts.append(i)
        elif getattr(detector, "warning_detected", False):
            warnings += 1
    return {"drifts": drifts, "warnings": warnings}


def first_detections(shift, streams_run, alpha):
    """Per stream of 150 + 150 normal values: 0 without a detection, 1 before the change, 2 after it."""
    found = [0, 0, 0]
    delays = []
    for seed in range(streams_run):
        rng = np.random.default_rng(seed)
        values = np.concatenate([rng.normal(size=150), rng.normal(shift, 1, 150)])
        detector = drift.KSWIN(seed=seed, alpha=alpha)
        where = 0
        for i, value in enumerate(values):
            detector.update(value)
            if detector.drift_detected:
                where = 1 if i < 150 else 2
                if where == 2:
                    delays.append(i - 150)
                break
        found[where] += 1
    return {"shift": shift, "alpha": alpha, "streams": streams_run, "none": found[0], "before": found[1], "after": found[2],
            "meanDelay": float(np.mean(delays)), "deviationOfDelay": float(np.std(delays))}


result = {
    "versions": {"python": platform.python_version(), "river": river.__version__, "numpy": np.__version__},
    "streams": streams,
    "detections": {},
    "kswin": [first_detections(shift, 400, alpha) for shift, alpha in [(0, 0.0005), (0.7, 0.0005), (1.5, 0.0005)]],
}
for name, stream in streams.items():
    values = values_of(stream)
    detectors = {**both, **binary} if stream["kind"] == "binary" else both
    result["detections"][name] = {key: detections(make, settings, values) for key, (make, settings) in detectors.items()}
    print(name, {key: (len(found["drifts"]), found["warnings"]) for key, found in result["detections"][name].items()})

target = root / "src/math/detectors/river-detections.json"
target.write_text(json.dumps(result) + "\n")
print(target.relative_to(root), target.stat().st_size, "bytes")
