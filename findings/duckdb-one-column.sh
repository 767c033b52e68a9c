#!/usr/bin/env bash
# duckdb 2.0.1 (Python). Needs python3 with venv.
#
# read_csv finds out the delimiter of a file by trying some, and a space is not among them. A flow log as S3 delivers it has
# no other, so it is read as one column that is named like the whole header, without an error or a warning.
# Output seen:
#
#     detected: delimiter ',', 1 column
#     with delim = ' ': 14 columns
#
# So name the delimiter: read_csv('…', delim = ' ', header = true, nullstr = '-').
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
{ python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet duckdb==2.0.1; } || exit 2
cd "$folder"

cat >flow.log <<'LOG'
version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
2 123456789012 eni-0a1b2c3d4e5f60011 10.0.100.10 10.0.100.11 57413 443 6 10 840 1795400400 1795400460 ACCEPT OK
2 123456789012 eni-0a1b2c3d4e5f60011 10.0.100.10 10.0.100.11 57414 111 6 1 44 1795400401 1795400401 REJECT OK
2 123456789012 eni-0a1b2c3d4e5f60011 - - - - - - - 1795400460 1795400520 - NODATA
LOG
venv/bin/python - <<'PYTHON'
import sys
import duckdb

delimiter, columns = duckdb.sql("SELECT Delimiter, len(Columns) FROM sniff_csv('flow.log')").fetchall()[0]
read = len(duckdb.sql("SELECT * FROM read_csv('flow.log')").columns)
told = len(duckdb.sql("SELECT * FROM read_csv('flow.log', delim = ' ', header = true, nullstr = '-')").columns)
print(f"detected: delimiter {delimiter!r}, {read} column{'' if read == 1 else 's'}")
print(f"with delim = ' ': {told} columns")
sys.exit((columns, read, told) != (1, 1, 14))
PYTHON
