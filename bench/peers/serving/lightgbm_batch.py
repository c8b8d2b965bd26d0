"""LightGBM's own predict on batches of rows, one thread. Reads lines from stdin, "<rows> <repeats>", and answers each
with a line of JSON: seconds and CPU seconds of all repeats. Usage: python lightgbm_batch.py <folder of the model>"""

import json
import sys
import time
from pathlib import Path

import lightgbm
import numpy as np

folder = Path(sys.argv[1])
booster = lightgbm.Booster(model_file=str(folder / "model.bst"))
rows = np.array(json.loads((folder / "rows.json").read_text())["rows"], dtype=np.float64)
for line in sys.stdin:
    count, repeats = map(int, line.split())
    batch = np.ascontiguousarray(rows[:count])
    seconds, cpu = time.perf_counter(), time.process_time()
    for _ in range(repeats):
        booster.predict(batch, num_threads=1)
    spent = {"seconds": time.perf_counter() - seconds, "cpuSeconds": time.process_time() - cpu}
    print(json.dumps(spent), flush=True)
