"""Evidently's data drift preset on two Parquet files: python evidently_report.py <reference> <current>"""
import sys
import warnings

import pandas
from measured import report

warnings.filterwarnings("ignore")

import evidently
from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset

reference, current = (pandas.read_parquet(path) for path in sys.argv[1:3])
texts = [c for c in reference if reference[c].dtype in (object, bool)]
# Columns are named as what they are: Evidently would else take texts of many values for prose.
definition = DataDefinition(
    categorical_columns=texts,
    numerical_columns=[c for c in reference if c not in texts],
)
result = Report([DataDriftPreset()]).run(
    Dataset.from_pandas(current, data_definition=definition),
    Dataset.from_pandas(reference, data_definition=definition),
).dict()
drifted = next(m["value"]["count"] for m in result["metrics"] if "DriftedColumnsCount" in str(m.get("metric_name", m.get("metric_id", ""))))
report(peer=f"Evidently {evidently.__version__}, DataDriftPreset", drifted=drifted)
