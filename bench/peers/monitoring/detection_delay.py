"""Which columns Evidently and NannyML call drifted in which week, with their defaults.

Reads CSV files with a column `week` (-1: the reference, then 0, 1, ...) and any others, those whose names begin
with c being categories, and prints a line of JSON for each:
{"evidently": {column: [weeks]}, "nannyml": {column: [weeks]}}.
"""

import json
import sys
import warnings

import pandas as pd

warnings.filterwarnings("ignore")


def evidently(reference, weeks, columns):
    from evidently import Dataset, DataDefinition, Report
    from evidently.presets import DataDriftPreset

    numbers = [c for c in columns if not c.startswith("c")]
    definition = DataDefinition(numerical_columns=numbers, categorical_columns=[c for c in columns if c not in numbers])
    flagged = {column: [] for column in columns}
    base = Dataset.from_pandas(reference, data_definition=definition)
    for week, rows in weeks:
        # A column without a value is an error to it, as a whole report: such columns are left out and count as not found.
        kept = [c for c in columns if rows[c].notna().any()]
        kept_numbers = [c for c in kept if c in numbers]
        kept_definition = DataDefinition(
            numerical_columns=kept_numbers, categorical_columns=[c for c in kept if c not in numbers]
        )
        result = Report([DataDriftPreset(columns=kept)]).run(
            Dataset.from_pandas(rows[kept], data_definition=kept_definition),
            base if len(kept) == len(columns) else Dataset.from_pandas(reference[kept], data_definition=kept_definition),
        )
        for metric in result.dict()["metrics"]:
            config = metric.get("config", {})
            column = config.get("column")
            if column is None or not config.get("type", "").endswith("ValueDrift"):
                continue
            value, threshold, method = metric["value"], config["threshold"], config["method"]
            # P-values are low when a column drifts, distances are high.
            drifted = value < threshold if "p_value" in method else value >= threshold
            if drifted:
                flagged[column].append(int(week))
    return flagged


def nannyml(reference, current, columns, rows):
    import nannyml as nml

    numbers = [c for c in columns if not c.startswith("c")]
    calculator = nml.UnivariateDriftCalculator(
        column_names=columns,
        treat_as_categorical=[c for c in columns if c not in numbers],
        chunk_size=rows,
    )
    calculator.fit(reference)
    result = calculator.calculate(current).filter(period="analysis").to_df()
    flagged = {}
    for column in columns:
        alerts = result[(column, "jensen_shannon", "alert")].fillna(False).to_numpy()
        flagged[column] = [int(i) for i in alerts.nonzero()[0]]
    return flagged


def main():
    for file in sys.argv[1:]:
        frame = pd.read_csv(file)
        columns = [c for c in frame.columns if c != "week"]
        reference = frame[frame.week < 0][columns].reset_index(drop=True)
        current = frame[frame.week >= 0]
        weeks = [(week, rows[columns].reset_index(drop=True)) for week, rows in current.groupby("week")]
        answer = {
            "evidently": evidently(reference, weeks, columns),
            "nannyml": nannyml(reference, current[columns].reset_index(drop=True), columns, len(weeks[0][1])),
        }
        print(json.dumps(answer), flush=True)


main()
