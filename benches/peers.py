#!/usr/bin/env python3
"""Asks flowdeck, ripgrep and xan the same questions about the same gzipped flow logs, in turn.

    cargo install ripgrep xan
    python3 benches/peers.py [--records 10000000] [--folder DIR] [--rounds 7] [--only TEXT] [--markdown]

Each question is asked of a new process, which reads the files: nothing is loaded before. All programs use two threads.
benches/README.md describes the method.
"""

import argparse
import csv
import hashlib
import io
import json
import os
import re
import shlex
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from measuring import options
from measuring.programs import PROJECT, THREADS, Run, built, generate, log_files, run
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
    # The exit statuses of the other program that are no errors.
    statuses: tuple[int, ...] = (0,)
    runs: dict[str, list[Run]] = field(default_factory=lambda: {"flowdeck": [], "peer": []})

    def seconds(self, side: str) -> list[float]:
        return [done.seconds for done in self.runs[side]]

    def peak(self, side: str) -> float:
        return statistics.median(done.peak for done in self.runs[side])

    def ratio(self) -> str:
        return times(ratio(self.seconds("peer"), self.seconds("flowdeck")))


def of_ripgrep(rg: str, files: list[str]) -> list[Question]:
    """Lines that match: `rg --count` prints their number for each file that has one."""

    def question(title: str, peer: str, pattern: str, command: list[str], statuses: tuple[int, ...] = (0,)) -> Question:
        flowdeck = ["query", "--count", "-f", f"/{pattern}/"]
        return Question(title, peer, flowdeck, command, of_flowdeck=int, of_peer=summed, statuses=statuses)

    def summed(output: str) -> int:
        return sum(int(line.rpartition(":")[2]) for line in output.splitlines())

    asked = []
    for pattern in PATTERNS:
        command = [rg, "--no-config", "--no-ignore", "-z", "-j", str(THREADS), "--count", "-e", pattern, *files]
        # Status 1: no line matches.
        asked.append(question(f"Lines that match `{pattern}`", "ripgrep", pattern, command, statuses=(0, 1)))
    for pattern in PATTERNS[:1]:
        search = f"{shlex.quote(rg)} --no-config --count -e {shlex.quote(pattern)} - || test $? -eq 1"
        command = of_parts(f'gzip -dc "$@" | {search}', files)
        asked.append(question(f"Lines that match `{pattern}`, through pipes", "gzip and ripgrep", pattern, command))
    return asked


def of_parts(script: str, files: list[str]) -> list[str]:
    """A command that runs a shell script for some of the files at a time, in as many processes as there are threads."""
    some = -(-len(files) // (4 * THREADS))
    parts = f"xargs -0 -P {THREADS} -n {some} sh -c {shlex.quote(script)} sh"
    return ["sh", "-c", f"printf '%s\\0' \"$@\" | {parts}", "sh", *files]


def of_xan(xan: str, files: list[str]) -> list[Question]:
    """Groups and a filter. `xan parallel` reads as many files at a time as it has threads."""
    parallel, threads = [xan, "parallel"], ["-d", " ", "-t", str(THREADS)]
    # `-` is no number, and ends xan.
    names = ("packets", "bytes")
    sums = ", ".join(["count() as records", *(f"sum(if({name} ne '-', {name})) as {name}" for name in names)])

    def frequencies(output: str) -> list[list[Any]]:
        return [[row["value"], int(row["count"])] for row in csv.DictReader(io.StringIO(output))]

    def sources(output: str) -> list[list[Any]]:
        rows = (json.loads(line) for line in output.splitlines())
        return by_size([[row["srcaddr"] or "-", row["records"]] for row in rows])

    def all_groups(output: str) -> str:
        """What stands for all groups with their sums in the order of their text: there are too many to keep them."""
        names = ("srcaddr", "dstaddr", "records", "packets", "bytes")
        rows = csv.DictReader(io.StringIO(output))
        lines = (",".join(row[name] or "-" for name in names) for row in rows)
        return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()

    return [
        Question(
            title=f"Records by `srcaddr`, top {LIMIT}",
            peer="xan",
            flowdeck=["top", "--by", "srcaddr", "--limit", str(LIMIT), "--output", "ndjson"],
            command=[*parallel, "freq", *threads, "-s", "srcaddr", "-l", str(LIMIT), "-N", *files],
            of_flowdeck=sources,
            of_peer=lambda output: by_size(frequencies(output)),
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
            # `count -P 'search …'` would start another xan for each file.
            command=[*parallel, "freq", *threads, "-s", "action", "-A", "-N", *files],
            of_flowdeck=int,
            of_peer=lambda output: dict(frequencies(output)).get("REJECT", 0),
        ),
    ]


def by_size(groups: list[list[Any]]) -> list[list[Any]]:
    """Groups of the same size in the order of their text, without those as small as the last: which of them are
    listed is not told."""
    last = min((size for _, size in groups), default=0)
    return sorted((group for group in groups if group[1] > last), key=lambda group: (-group[1], group[0]))


def measure(question: Question, flowdeck: Path, folder: Path, rounds: int) -> None:
    """Asks both in turn, once to warm up and then `rounds` times; the answers must be equal."""
    jobs = ["--jobs", str(THREADS), str(folder)]
    expected: Any = None
    for turn in range(rounds + 1):
        # Whoever comes first finds the caches as the other left them, so both come first in turn.
        for side in ("flowdeck", "peer") if turn % 2 == 0 else ("peer", "flowdeck"):
            if side == "flowdeck":
                # Status 1: no record matches.
                done = run([str(flowdeck), *question.flowdeck, *jobs], statuses=(0, 1))
                answer = question.of_flowdeck(done.output)
            else:
                done = run(question.command, question.statuses)
                answer = question.of_peer(done.output)
            expected = answer if expected is None else expected
            if answer != expected:
                sys.exit(f"different answers to {question.title}: {str(expected)[:1000]} and {str(answer)[:1000]}")
            if turn > 0:
                question.runs[side].append(Run(done.seconds, done.peak, ""))
    print(f"  {question.title}", file=sys.stderr)


def decompressing(files: list[str], rounds: int) -> list[float]:
    """The seconds that `gzip` takes for the files alone."""
    command = of_parts('gzip -dc "$@" >/dev/null', files)
    return [run(command).seconds for _ in range(rounds + 1)][1:]


def table(asked: list[Question], floor: list[float]) -> list[list[str]]:
    rows = [["", "flowdeck", "ripgrep or xan", "÷ flowdeck", "peak memory"]]
    for question in asked:
        peaks = ", ".join(megabytes(question.peak(side)) for side in question.runs)
        ours, theirs = (in_seconds(statistics.median(question.seconds(side))) for side in question.runs)
        rows.append([question.title.replace("|", "\\|"), ours, f"{question.peer} {theirs}", question.ratio(), peaks])
    return [*rows, ["Only decompressing", "", f"gzip {in_seconds(statistics.median(floor))}", "", ""]]


def report(asked: list[Question], floor: list[float]) -> list[list[str]]:
    rows = [["question", "peer", "flowdeck ms", "peer ms", "peer/flowdeck"]]
    for question in asked:
        seconds = [spread(question.seconds(side)) for side in question.runs]
        rows.append([question.title, question.peer, *seconds, question.ratio()])
    return [*rows, ["Only decompressing", "gzip", "", spread(floor), ""]]


def version(program: str) -> str:
    printed = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout
    found = re.search(r"\d+(\.\d+)+", printed)
    return found.group() if found else "of an unknown version"


def parse() -> argparse.Namespace:
    parser = options.parser(__doc__, rounds=6)
    parser.add_argument("--records", type=options.positive, default=10_000_000, help="how many records to generate")
    parser.add_argument("--folder", type=Path, help="gzipped flow logs of version 2; generated where there are none")
    parser.add_argument("--only", default="", help="ask only the questions that have this text in their title")
    parser.add_argument("--rg", default="rg", help="ripgrep, if it is not in PATH")
    parser.add_argument("--xan", default="xan", help="xan, if it is not in PATH")
    return parser.parse_args()


def main() -> None:
    arguments = parse()
    flowdeck = arguments.flowdeck or built("build", "--release")["flowdeck"]
    folder = (arguments.folder or PROJECT / f"target/flow-logs-{arguments.records}").resolve()
    generate(flowdeck, folder, arguments.records)

    files = log_files(folder)
    asked: list[Question] = []
    versions = []
    for name, program in (("ripgrep", arguments.rg), ("xan", arguments.xan)):
        if shutil.which(program) is None:
            print(f"{program} is not installed: cargo install {name}", file=sys.stderr)
            continue
        versions.append(f"{name} {version(program)}")
        asked += of_ripgrep(program, files) if name == "ripgrep" else of_xan(program, files)
    asked = [question for question in asked if arguments.only in question.title]
    if not asked:
        sys.exit("there is nothing to ask")
    for question in asked:
        measure(question, flowdeck.resolve(), folder, arguments.rounds)
    floor = decompressing(files, arguments.rounds)
    out = sys.stderr if arguments.markdown else sys.stdout
    print(f"{', '.join(versions)}, {os.cpu_count()} cores, {arguments.rounds} rounds", file=out)
    columns(report(asked, floor), out)
    if arguments.markdown:
        print(markdown(table(asked, floor)))


if __name__ == "__main__":
    main()
