"""NannyML's univariate drift calculator on two Parquet files: python nannyml_univariate.py <reference> <current>"""
import sys
import warnings

import pandas
from measured import report

warnings.filterwarnings("ignore")

import nannyml

reference, current = (pandas.read_parquet(path) for path in sys.argv[1:3])
columns = list(reference)
texts = [c for c in columns if reference[c].dtype in (object, bool)]
for frame in (reference, current):
    frame[texts] = frame[texts].astype("category")
# The current rows are one chunk; ten of the reference give its thresholds.
calculator = nannyml.UnivariateDriftCalculator(column_names=columns, chunk_number=10)
calculator.fit(reference)
result = calculator.calculate(current).filter(period="analysis").to_df()
alerts = result.xs("alert", axis=1, level=2).any(axis=0)
report(peer=f"NannyML {nannyml.__version__}, UnivariateDriftCalculator", drifted=int(alerts.sum()))
