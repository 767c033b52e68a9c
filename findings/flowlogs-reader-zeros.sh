#!/usr/bin/env bash
# flowlogs_reader 5.0.1 (Python). Needs python3 with venv.
#
# FlowRecord.to_message() writes a record as a line again, and takes each value that Python counts as false for a missing one.
# 0 is a valid value: of the ports of ICMP, of tcp-flags where no flag was seen, of packets lost. It comes back as "-", which
# in a flow log means that there is no value.
# Output seen:
#
#     read:    10.0.100.11 10.0.101.20 0 0 1 3 252 0
#     written: 10.0.100.11 10.0.101.20 - - 1 3 252 -
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
{ python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet flowlogs_reader==5.0.1; } || exit 2
cd "$folder"

venv/bin/python -W ignore - <<'PYTHON'
import sys
from flowlogs_reader import FlowRecord

fields = "srcaddr dstaddr srcport dstport protocol packets bytes tcp_flags start end".split()
line = "10.0.100.11 10.0.101.20 0 0 1 3 252 0 1795400400 1795400460"
record = FlowRecord.from_cwl_event({"message": line}, fields=fields)
assert (record.srcport, record.dstport, record.tcp_flags) == (0, 0, 0)

written = dict(zip(FlowRecord.__slots__, record.to_message().split()))
shown = " ".join(written[name] for name in fields[:8])
print("read:   ", " ".join(line.split()[:8]))
print("written:", shown)
sys.exit(shown != "10.0.100.11 10.0.101.20 - - 1 3 252 -")
PYTHON
