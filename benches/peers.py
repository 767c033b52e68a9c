#!/usr/bin/env python3
"""Asks flowdeck, ripgrep and xan the same questions about the same gzipped flow logs, in turn.

    cargo install ripgrep xan
    cargo build --release
    python3 benches/peers.py [--records 10000000] [--folder DIR] [--rounds 7] [--only TEXT] [--markdown]

Each question is asked of a new process, which reads the files: nothing is loaded before. All programs use two threads.
benches/README.md describes the method.
"""

import argparse
import csv
import io
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from measuring.programs import PROJECT, THREADS, Programs, Run, generate, run
from measuring.ratios import columns, in_seconds, markdown, megabytes, ratio, spread, times

LIMIT = 20
# Regular expressions over whole lines: a rare address, many of a network, a port with its protocol, a pattern that
# begins with anything, and one that half of the lines match.
PATTERNS = (
    r"203\.0\.113\.\d+",
    r" 10\.16\.\d+\.\d+ ",
    r" (22|3389) 6 \d+ ",
    r"eni-\w+7 .* REJECT OK",
    r"[02468] ACCEPT OK$",
)


@dataclass
class Question:
    """One question to flowdeck and to another program."""

    title: str
    peer: str
    flowdeck: list[str]
    command: list[str]
    # The answers of both in the same form.
    of_flowdeck: Callable[[str], Any]
    of_peer: Callable[[str], Any]
    runs: dict[str, list[Run]] = field(default_factory=lambda: {"flowdeck": [], "peer": []})

    def seconds(self, side: str) -> list[float]:
        return [done.seconds for done in self.runs[side]]

    def peak(self, side: str) -> float:
        return statistics.median(done.peak for done in self.runs[side])


def of_ripgrep(rg: str, folder: Path) -> list[Question]:
    """Lines that match: `rg --count` prints their number for each file that has one."""

    def summed(output: str) -> int:
        return sum(int(line.rpartition(":")[2]) for line in output.splitlines())

    return [
        Question(
            title=f"Lines that match `{pattern}`",
            peer="ripgrep",
            flowdeck=["query", "--count", "-f", f"/{pattern}/"],
            command=[rg, "--no-config", "--no-ignore", "-z", "-j", str(THREADS), "--count", pattern, str(folder)],
            of_flowdeck=int,
            of_peer=summed,
        )
        for pattern in PATTERNS
    ]


def of_xan(xan: str, files: list[str]) -> list[Question]:
    """Groups and a filter. `xan parallel` reads as many files at a time as it has threads."""
    parallel, threads = [xan, "parallel"], ["-d", " ", "-t", str(THREADS)]
    sums = "count() as records, sum(packets) as packets, sum(bytes) as bytes"

    def frequencies(output: str) -> list[list[Any]]:
        return by_size([[row["value"], int(row["count"])] for row in csv.DictReader(io.StringIO(output))])

    def sources(output: str) -> list[list[Any]]:
        rows = (json.loads(line) for line in output.splitlines())
        return by_size([[row["srcaddr"] or "-", row["records"]] for row in rows])

    def all_groups(output: str) -> str:
        """Each group with its sums, in the order of their text: there are too many to keep them as lists."""
        names = ("srcaddr", "dstaddr", "records", "packets", "bytes")
        rows = csv.DictReader(io.StringIO(output))
        lines = (",".join(row[name] or "-" for name in names) for row in rows)
        return "\n".join(sorted(lines))

    return [
        Question(
            title=f"Records by `srcaddr`, top {LIMIT}",
            peer="xan",
            flowdeck=["top", "--by", "srcaddr", "--limit", str(LIMIT), "--output", "ndjson"],
            command=[*parallel, "freq", *threads, "-s", "srcaddr", "-l", str(LIMIT), "-N", *files],
            of_flowdeck=sources,
            of_peer=frequencies,
        ),
        Question(
            title="Records, packets and bytes of each `srcaddr`, `dstaddr`, as CSV",
            peer="xan",
            flowdeck=["top", "--by", "srcaddr,dstaddr", "--output", "csv"],
            command=[*parallel, "groupby", *threads, "srcaddr,dstaddr", sums, *files],
            of_flowdeck=all_groups,
            of_peer=all_groups,
        ),
        Question(
            title="Number of records with `action == REJECT`",
            peer="xan",
            flowdeck=["query", "--count", "-f", "action == REJECT"],
            command=[*parallel, "count", *threads, "-P", "search -d ' ' -s action -e REJECT", *files],
            of_flowdeck=int,
            of_peer=int,
        ),
    ]


def by_size(groups: list[list[Any]]) -> list[list[Any]]:
    """Groups of the same size in the order of their text, without those as small as the last: which of them are
    listed is not told."""
    last = min((size for _, size in groups), default=0)
    return sorted((group for group in groups if group[1] > last), key=lambda group: (-group[1], group[0]))


def measure(question: Question, programs: Programs, folder: Path, rounds: int) -> None:
    """Asks both in turn, once to warm up and then `rounds` times; the answers must be equal."""
    jobs = ["--jobs", str(THREADS), str(folder)]
    commands = {"flowdeck": [str(programs.flowdeck), *question.flowdeck, *jobs], "peer": question.command}
    expected: Any = None
    for turn in range(rounds + 1):
        # Whoever comes first finds the caches as the other left them, so both come first in turn.
        for side in ("flowdeck", "peer") if turn % 2 == 0 else ("peer", "flowdeck"):
            # Status 1: no line matches.
            done = run(commands[side], statuses=(0, 1))
            answer = (question.of_flowdeck if side == "flowdeck" else question.of_peer)(done.output)
            expected = answer if expected is None else expected
            if answer != expected:
                sys.exit(f"different answers to {question.title}: {str(expected)[:1000]} and {str(answer)[:1000]}")
            if turn > 0:
                # The output may be large, and a process that starts others must be small.
                question.runs[side].append(Run(done.seconds, done.peak, ""))
    print(f"  {question.title}", file=sys.stderr)


def table(asked: list[Question]) -> list[list[str]]:
    rows = [["", "flowdeck", "ripgrep or xan", "÷ flowdeck", "peak memory"]]
    for question in asked:
        times_of = {side: statistics.median(question.seconds(side)) for side in question.runs}
        peaks = f"{megabytes(question.peak('flowdeck'))}, {megabytes(question.peak('peer'))}"
        faster = times(ratio(question.seconds("peer"), question.seconds("flowdeck")))
        seconds = [in_seconds(times_of["flowdeck"]), f"{question.peer} {in_seconds(times_of['peer'])}"]
        rows.append([question.title.replace("|", "\\|"), *seconds, faster, peaks])
    return rows


def report(asked: list[Question]) -> list[list[str]]:
    rows = [["question", "peer", "flowdeck ms", "peer ms", "peer/flowdeck"]]
    for question in asked:
        seconds = [spread(question.seconds(side)) for side in ("flowdeck", "peer")]
        faster = times(ratio(question.seconds("peer"), question.seconds("flowdeck")))
        rows.append([question.title, question.peer, *seconds, faster])
    return rows


def version(program: str) -> str:
    printed = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout
    found = re.search(r"\d+(\.\d+)+", printed)
    return found.group() if found else "of an unknown version"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=10_000_000, help="how many records to generate")
    parser.add_argument("--folder", type=Path, help="gzipped flow logs of version 2; generated where there are none")
    parser.add_argument("--rounds", type=int, default=7, help="how often each question is asked")
    parser.add_argument("--only", default="", help="ask only the questions that have this text in their title")
    parser.add_argument(
        "--markdown", action="store_true", help="print the table of docs/performance.md, and the rest to stderr"
    )
    parser.add_argument("--flowdeck", type=Path, help="the program to measure, if not target/release/flowdeck")
    parser.add_argument("--rg", default="rg", help="ripgrep, if it is not in PATH")
    parser.add_argument("--xan", default="xan", help="xan, if it is not in PATH")
    arguments = parser.parse_args()
    programs = Programs.named(arguments.flowdeck, None)
    folder = (arguments.folder or PROJECT / f"target/flow-logs-{arguments.records}").resolve()
    if not folder.exists():
        generate(programs, folder, arguments.records)

    files = sorted(str(path) for path in folder.rglob("*.log.gz"))
    asked: list[Question] = []
    versions = []
    for name, program in (("ripgrep", arguments.rg), ("xan", arguments.xan)):
        if shutil.which(program) is None:
            print(f"{program} is not installed: cargo install {name}", file=sys.stderr)
            continue
        versions.append(f"{name} {version(program)}")
        asked += of_ripgrep(program, folder) if name == "ripgrep" else of_xan(program, files)
    asked = [question for question in asked if arguments.only in question.title]
    for question in asked:
        measure(question, programs, folder, arguments.rounds)
    out = sys.stderr if arguments.markdown else sys.stdout
    print(f"{', '.join(versions)}, {os.cpu_count()} cores, {arguments.rounds} rounds", file=out)
    columns(report(asked), out)
    if arguments.markdown:
        print(markdown(table(asked)))


if __name__ == "__main__":
    main()
