#!/usr/bin/env bash
# fastparquet 2026.9.0 with pandas 3.1.1. Needs python3 with venv.
#
# NODATA and SKIPDATA records have no action. Partitioned by action, pyarrow and DuckDB write them below
# action=__HIVE_DEFAULT_PARTITION__; fastparquet writes them nowhere, without a message, and they are not counted as lost.
# Output seen:
#
#     pyarrow: 4 of 4 records, NODATA 1, SKIPDATA 1
#     fastparquet: 2 of 4 records, NODATA 0, SKIPDATA 0
#
# So a tree that fastparquet has partitioned by a field that may be missing cannot show where traffic was not recorded.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
{ python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet pandas==3.1.1 pyarrow==26.0.1 fastparquet==2026.9.0; } || exit 2
cd "$folder"

venv/bin/python -W ignore - <<'PYTHON'
import glob
import sys
import pandas

records = pandas.DataFrame({
    "interface_id": ["eni-0a1b2c3d4e5f60010"] * 4,
    "start": [1795400460, 1795400520, 1795400521, 1795400580],
    "action": [None, "ACCEPT", "REJECT", None],
    "log_status": ["NODATA", "OK", "OK", "SKIPDATA"],
})

def written_by(engine):
    records.to_parquet(engine, engine=engine, partition_cols=["action"])
    files = [pandas.read_parquet(name, engine="pyarrow", columns=["log_status"], partitioning=None)
             for name in glob.glob(f"{engine}/action=*/*")]
    statuses = pandas.concat(files)["log_status"]
    counts = len(statuses), int((statuses == "NODATA").sum()), int((statuses == "SKIPDATA").sum())
    print("{}: {} of 4 records, NODATA {}, SKIPDATA {}".format(engine, *counts))
    return counts

sys.exit((written_by("pyarrow"), written_by("fastparquet")) != ((4, 1, 1), (2, 0, 0)))
PYTHON
