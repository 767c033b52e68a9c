#!/usr/bin/env bash
# duckdb 2.0.1 (Python), pyarrow 26.0.1 to look at the file. Needs python3 with venv.
#
# In DuckDB sum(bytes) is a HUGEINT, exact to 128 bits. Parquet has no such type, and COPY … TO writes the column as DOUBLE,
# without a message: a sum above 2^53 comes back as another number.
# Output seen:
#
#     sum(bytes): 9007199254740993 HUGEINT
#     in the file: double, 9007199254740992
#     as DECIMAL(38,0): 9007199254740993
#
# So write sum(bytes)::DECIMAL(38,0) or ::UBIGINT, and do not trust every digit of a whole number that is stored as DOUBLE.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
{ python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet duckdb==2.0.1 pyarrow==26.0.1; } || exit 2
cd "$folder"

venv/bin/python - <<'PYTHON'
import sys
import duckdb
import pyarrow.parquet

duckdb.sql("""CREATE TABLE records AS SELECT * FROM (VALUES
    ('eni-0a1b2c3d4e5f60010', 9007199254740000::BIGINT), ('eni-0a1b2c3d4e5f60010', 993)) AS records (interface_id, bytes)""")

def written(expression, name):
    duckdb.sql(f"COPY (SELECT interface_id, {expression} AS bytes FROM records GROUP BY ALL) TO '{name}' (FORMAT parquet)")
    kind = str(pyarrow.parquet.read_schema(name).field("bytes").type)
    return kind, int(duckdb.sql(f"SELECT bytes FROM '{name}'").fetchall()[0][0])

total, kind = duckdb.sql("SELECT sum(bytes), typeof(sum(bytes)) FROM records").fetchall()[0]
plain, exact = written("sum(bytes)", "plain.parquet"), written("sum(bytes)::DECIMAL(38,0)", "exact.parquet")
print(f"sum(bytes): {total} {kind}")
print(f"in the file: {plain[0]}, {plain[1]}")
print(f"as DECIMAL(38,0): {exact[1]}")
sys.exit((total, kind, plain, exact[1]) != (9007199254740993, "HUGEINT", ("double", 9007199254740992), 9007199254740993))
PYTHON
