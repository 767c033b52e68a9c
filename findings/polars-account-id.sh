#!/usr/bin/env bash
# polars 2.1.0, pyarrow 26.0.1 and, for comparison, duckdb 2.0.1 (all Python). Needs python3 with venv.
#
# An AWS account id has twelve digits and may begin with zeros. polars infers a number from a flow log in text and also from
# the aws-account-id=… of a Hive-compatible prefix; pyarrow infers a number in text, and from the prefix only if it fits into
# 32 bits. DuckDB keeps the text in both.
# Output seen:
#
#     polars   text 12345678901     prefix 12345678901
#     pyarrow  text 12345678901     prefix 012345678901
#     duckdb   text 012345678901    prefix 012345678901
#
# So name the type of account-id, or a join with a list of accounts finds nothing.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
{ python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet polars==2.1.0 pyarrow==26.0.1 duckdb==2.0.1; } || exit 2
cd "$folder"

cat >flow.log <<'LOG'
version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
2 012345678901 eni-0a1b2c3d4e5f60011 10.0.100.10 10.0.100.11 57413 443 6 10 840 1795400400 1795400460 ACCEPT OK
LOG
venv/bin/python - <<'PYTHON'
import os
import sys
import duckdb
import polars
import pyarrow
import pyarrow.csv
import pyarrow.dataset
import pyarrow.parquet

below = "AWSLogs/aws-account-id=012345678901/aws-service=vpcflowlogs"
os.makedirs(below)
record = pyarrow.table({"srcaddr": ["10.0.100.10"], "bytes": [840]})
pyarrow.parquet.write_table(record, f"{below}/flow.log.parquet")

spaces = pyarrow.csv.ParseOptions(delimiter=" ")
seen = {
    "polars": (
        polars.read_csv("flow.log", separator=" ")["account-id"][0],
        polars.scan_parquet("AWSLogs/", hive_partitioning=True).collect()["aws-account-id"][0],
    ),
    "pyarrow": (
        pyarrow.csv.read_csv("flow.log", parse_options=spaces)["account-id"][0].as_py(),
        pyarrow.dataset.dataset("AWSLogs", partitioning="hive").to_table()["aws-account-id"][0].as_py(),
    ),
    "duckdb": (
        duckdb.sql("SELECT \"account-id\" FROM read_csv('flow.log', delim = ' ', header = true)").fetchall()[0][0],
        duckdb.sql("SELECT \"aws-account-id\" FROM read_parquet('AWSLogs/**/*.parquet', hive_partitioning = true)").fetchall()[0][0],
    ),
}
for name, (text, prefix) in seen.items():
    print(f"{name:8} text {text!s:15} prefix {prefix}")
sys.exit(
    seen
    != {
        "polars": (12345678901, 12345678901),
        "pyarrow": (12345678901, "012345678901"),
        "duckdb": ("012345678901", "012345678901"),
    }
)
PYTHON
