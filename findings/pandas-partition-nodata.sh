#!/usr/bin/env bash
# pandas 3.1.1 with pyarrow 26.0.1. Needs python3 with venv.
#
# NODATA and SKIPDATA records have no action. Partitioned by action, pandas writes them below
# action=__HIVE_DEFAULT_PARTITION__, and then cannot read the folder that it has written. Partitioned by a field that every
# record has, it can; and DuckDB reads the same files.
# Output seen:
#
#     by interface_id: 3 records
#     by action: ArrowInvalid, Cannot yet unify dictionaries with nulls
#     by action, in DuckDB: 3 records
#
# So read such a folder file by file, or give pyarrow's dataset a partitioning that is not a dictionary.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
{ python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet pandas==3.1.1 pyarrow==26.0.1 duckdb==2.0.1; } || exit 2
cd "$folder"

venv/bin/python - <<'PYTHON'
import sys
import duckdb
import pandas
import pyarrow

records = pandas.DataFrame({
    "interface_id": ["eni-0a1b2c3d4e5f60010"] * 3,
    "bytes": [None, 44, 120],
    "action": [None, "ACCEPT", "REJECT"],
    "log_status": ["NODATA", "OK", "OK"],
})

def read_back(field):
    records.to_parquet(field, partition_cols=[field])
    try:
        return f"{len(pandas.read_parquet(field))} records"
    except pyarrow.ArrowInvalid as error:
        return f"ArrowInvalid, {error}"

seen = {field: read_back(field) for field in ("interface_id", "action")}
for field, what in seen.items():
    print(f"by {field}: {what}")
count = duckdb.sql("SELECT count(*) FROM read_parquet('action/*/*.parquet', hive_partitioning = true)").fetchall()[0][0]
print(f"by action, in DuckDB: {count} records")
wanted = {"interface_id": "3 records", "action": "ArrowInvalid, Cannot yet unify dictionaries with nulls"}
sys.exit((seen, count) != (wanted, 3))
PYTHON
