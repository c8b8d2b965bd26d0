"""A Feast repository as feast-benchmarks has it: one integer entity, feature views of 50 numbers, and feature services
of one view (50 features) and of all five (250), materialised into Redis from seeded data.

Run: python make_repo.py <folder> <redis port> [entities]. Prints one line of JSON."""

import json
import resource
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from feast import Entity, FeatureService, FeatureStore, FeatureView, Field, FileSource, ValueType
from feast.types import Float64, Int64

VIEWS = 5
PER_VIEW = 50
NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)


def write_source(path: Path, entities: int) -> None:
    """Even features are whole numbers, odd ones are fractions."""
    random = np.random.default_rng(20260101)
    columns = {
        "entity": np.arange(entities, dtype=np.int64),
        "event_timestamp": pa.array([NOW - timedelta(hours=1)] * entities, pa.timestamp("us", tz="UTC")),
    }
    for f in range(VIEWS * PER_VIEW):
        columns[f"feature_{f}"] = (
            random.integers(0, 1_000_000, entities) if f % 2 == 0 else random.normal(0, 100, entities)
        )
    pq.write_table(pa.table(columns), path)


def main() -> None:
    folder, port = Path(sys.argv[1]).resolve(), sys.argv[2]
    entities = int(sys.argv[3]) if len(sys.argv) > 3 else 10_000
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "feature_store.yaml").write_text(
        "project: bench\n"
        "provider: local\n"
        "registry:\n  path: registry.db\n  cache_ttl_seconds: 3600\n"
        f"online_store:\n  type: redis\n  connection_string: 127.0.0.1:{port}\n"
        "offline_store:\n  type: dask\n"
        "entity_key_serialization_version: 3\n"
    )
    write_source(folder / "source.parquet", entities)
    source = FileSource(path=str(folder / "source.parquet"), timestamp_field="event_timestamp")
    entity = Entity(name="entity", join_keys=["entity"], value_type=ValueType.INT64)
    views = [
        FeatureView(
            name=f"view_{v}",
            entities=[entity],
            ttl=timedelta(days=365_0),
            source=source,
            online=True,
            schema=[Field(name="entity", dtype=Int64)]
            + [
                Field(name=f"feature_{f}", dtype=Int64 if f % 2 == 0 else Float64)
                for f in range(v * PER_VIEW, (v + 1) * PER_VIEW)
            ],
        )
        for v in range(VIEWS)
    ]
    services = [FeatureService(name="features_50", features=views[:1]), FeatureService(name="features_250", features=views)]
    store = FeatureStore(repo_path=str(folder))
    store.apply([entity, *views, *services])
    started, cpu = time.perf_counter(), time.process_time()
    store.materialize(NOW - timedelta(days=1), NOW)
    print(
        json.dumps(
            {
                "bench": "feast-materialise",
                "entities": entities,
                "features": VIEWS * PER_VIEW,
                "seconds": round(time.perf_counter() - started, 2),
                "cpuSeconds": round(time.process_time() - cpu, 2),
                "maxRssMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
        )
    )


main()
