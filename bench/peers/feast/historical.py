"""Feast's own point-in-time join on the files of `bench/peers/events.ts`: the latest value before each label, per key.

Run: python historical.py <events file> <events> <labels> duckdb|dask. Prints one line of JSON. What is joined: the event's value, as of
labels at times drawn between the first and last event, for keys of events (so frequent keys have frequent labels)."""

import json
import resource
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from feast import Entity, FeatureStore, FeatureView, Field, FileSource, ValueType
from feast.types import Float64


MEMORY = 8 * 2**30


def max_rss_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    path, events, labels, engine = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    # Its join may make each label meet each event of its key: better a MemoryError than a machine that dies.
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    rows = np.fromfile(path, dtype="<f8", count=events * 3).reshape(-1, 3)
    random = np.random.default_rng(7)
    folder = Path(tempfile.mkdtemp(prefix="millrace-bench-feast-"))
    utc = lambda ms: pd.to_datetime(ms.astype(np.int64), unit="ms", utc=True)
    pd.DataFrame({"entity": rows[:, 1].astype(np.int64), "event_timestamp": utc(rows[:, 0]), "value": rows[:, 2]}).to_parquet(
        folder / "events.parquet"
    )
    spine = pd.DataFrame(
        {
            "entity": rows[random.integers(0, len(rows), labels), 1].astype(np.int64),
            "event_timestamp": utc(random.uniform(rows[0, 0], rows[-1, 0], labels)),
        }
    )
    (folder / "feature_store.yaml").write_text(
        f"project: bench\nprovider: local\nregistry: registry.db\noffline_store:\n  type: {engine}\n"
        "online_store:\n  type: sqlite\n  path: online.db\nentity_key_serialization_version: 3\n"
    )
    entity = Entity(name="entity", join_keys=["entity"], value_type=ValueType.INT64)
    source = FileSource(path=str(folder / "events.parquet"), timestamp_field="event_timestamp")
    view = FeatureView(
        name="events", entities=[entity], ttl=timedelta(0), source=source, schema=[Field(name="value", dtype=Float64)]
    )
    store = FeatureStore(repo_path=str(folder))
    store.apply([entity, view])
    case = {"bench": "historical", "name": f"Feast, {engine}", "events": len(rows), "labels": labels}
    started, cpu = time.perf_counter(), time.process_time()
    try:
        table = store.get_historical_features(entity_df=spine, features=["events:value"]).to_arrow()
    except Exception as error:
        failed = {"error": type(error).__name__, "message": str(error).splitlines()[0][:160] if str(error) else ""}
        seconds = round(time.perf_counter() - started, 2)
        print(json.dumps({**case, "seconds": seconds, **failed, "maxRssMb": max_rss_mb()}))
        return
    seconds = time.perf_counter() - started
    print(
        json.dumps(
            {
                **case,
                "rows": table.num_rows,
                "found": table.num_rows - table["value"].null_count,
                "seconds": round(seconds, 2),
                "cpuSeconds": round(time.process_time() - cpu, 2),
                "labelsPerSecond": round(labels / seconds),
                "maxRssMb": max_rss_mb(),
            }
        )
    )


main()
