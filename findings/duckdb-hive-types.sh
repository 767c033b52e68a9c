#!/usr/bin/env bash
# duckdb 2.0.1 (Python), pyarrow 26.0.1 to write the files. Needs python3 with venv.
#
# Flow logs with a Hive-compatible prefix are below …/year=2026/month=03/day=07/hour=05/. DuckDB makes a column of each key and
# a number of a value only where that changes no digit: 03 stays text and 10 becomes a number. So the type of month, day and
# hour depends on which files a pattern matches.
# Output seen:
#
#     month=03: VARCHAR, month + 1 is an error
#     month=10: BIGINT, month + 1 = 11
#     both: VARCHAR
#
# So say the types: hive_types = {'month': BIGINT, 'day': BIGINT, 'hour': BIGINT}, or cast.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
{ python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet duckdb==2.0.1 pyarrow==26.0.1; } || exit 2
cd "$folder"

venv/bin/python - <<'PYTHON'
import os
import sys
import duckdb
import pyarrow
import pyarrow.parquet

record = pyarrow.table({"srcaddr": ["10.0.100.10"], "dstport": [443], "bytes": [840]})
for month in ("03", "10"):
    below = f"AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=us-east-1/year=2026/month={month}"
    os.makedirs(below)
    pyarrow.parquet.write_table(record, f"{below}/flow.log.parquet")

def month_of(pattern):
    files = f"read_parquet('AWSLogs/**/{pattern}/*.parquet', hive_partitioning = true)"
    kind = str(duckdb.sql(f"SELECT month FROM {files}").types[0])
    try:
        return kind, duckdb.sql(f"SELECT month + 1 FROM {files}").fetchall()[0][0]
    except duckdb.Error:
        return kind, None

march, october, both = month_of("month=03"), month_of("month=10"), month_of("month=*")
print(f"month=03: {march[0]}, month + 1 {'is an error' if march[1] is None else f'= {march[1]}'}")
print(f"month=10: {october[0]}, month + 1 {'is an error' if october[1] is None else f'= {october[1]}'}")
print(f"both: {both[0]}")
sys.exit((march, october, both[0]) != (("VARCHAR", None), ("BIGINT", 11), "VARCHAR"))
PYTHON
