#!/usr/bin/env python3
"""Loads more and more generated records, and asks flowdeck the same questions about each number of them.

    python3 benches/large.py [--millions 10 50 100] [--folder DIR] [--rounds 3] [--markdown]

The records are generated in pieces of ten million with a seed each, which are kept: 187 MB each. Every number of
records is loaded by a new process. All of it uses two threads.
"""

import argparse
import statistics
import sys
from dataclasses import dataclass, field
from pathlib import Path

from measuring import options
from measuring.programs import PROJECT, Programs, Questions, generate
from measuring.ratios import columns, in_milliseconds, in_seconds, markdown, megabytes, times

PIECE = 10_000_000
QUESTIONS = {
    "`action == REJECT`": "count action == REJECT",
    "`addr in 10.16.0.0/12`": "count addr in 10.16.0.0/12",
    "Top 20 `srcaddr` by bytes": "top",
    "Records by minute, interface and action": "minutes",
    "Top 20 `srcaddr`, `dstaddr`": "groups srcaddr,dstaddr",
    "Distinct `dstport` by `srcaddr`, top 20": "distinct dstport by srcaddr",
    "`action == REJECT`, sorted by `start`: the first page": "page 0 action == REJECT",
    "All records by `bytes`, largest first (row ids)": "sort",
    "List, timeline and breakdown of everything": "screen",
    # The most memory: last, so that the peak after the others can be told from its own.
    "Top 20 `interface-id`, `srcaddr`, `dstaddr`, `dstport`": "groups interface-id,srcaddr,dstaddr,dstport",
}


@dataclass
class Size:
    """What was measured with one number of records."""

    records: int
    load: float
    resident: int
    # The peak memory after the load, and after all questions.
    peak_of_load: int = 0
    peak: int = 0
    # The memory that the program reports, after the load and after all questions.
    memory: tuple[int, int] = (0, 0)
    first: dict[str, float] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


def measure(programs: Programs, pieces: list[Path], rounds: int) -> Size:
    flowdeck = Questions(programs.questions, *pieces)
    loaded = flowdeck.loaded
    if loaded["records"] != len(pieces) * PIECE:
        sys.exit(f"{loaded['records']:,} of {len(pieces) * PIECE:,} records were loaded: is there enough memory?")
    size = Size(loaded["records"], loaded["seconds"], loaded["resident"], peak_of_load=flowdeck.ask("peak")[1])
    for title, question in QUESTIONS.items():
        # The first may have to build the index of a column, which then stays.
        size.first[title], *others = [flowdeck.ask(question)[0] for _ in range(rounds + 1)]
        size.seconds[title] = statistics.median(others)
    size.memory = loaded["memory"], flowdeck.ask("memory")[1][0]
    size.peak = flowdeck.ask("peak")[1]
    flowdeck.close()
    print(f"  {size.records:,} records", file=sys.stderr)
    return size


def table(sizes: list[Size]) -> list[list[str]]:
    first, last = sizes[0], sizes[-1]
    growth = last.records / first.records
    rows = [["", *(f"{size.records / 1e6:,.0f} million" for size in sizes), f"growth ÷ {growth:.1f}"]]

    def row(title: str, cells: list[str], grown: float) -> None:
        rows.append([title, *cells, times(grown / growth)])

    def timed(title: str, seconds: list[float]) -> None:
        form = in_seconds if max(seconds) >= 1 else in_milliseconds
        row(title, [form(value) for value in seconds], seconds[-1] / seconds[0])

    row("Load", [in_seconds(size.load) for size in sizes], last.load / first.load)
    for at, title in enumerate(("Memory as the program reports it", "… after all questions")):
        memory = [megabytes(size.memory[at]) for size in sizes]
        row(title, memory, last.memory[at] / first.memory[at])
    memory = [megabytes(size.resident) for size in sizes]
    row("Memory of the process after the load", memory, last.resident / first.resident)
    memory = [megabytes(size.peak_of_load) for size in sizes]
    row("Peak memory of the load", memory, last.peak_of_load / first.peak_of_load)
    memory = [megabytes(size.peak) for size in sizes]
    row("Peak memory of the load and all questions", memory, last.peak / first.peak)
    for title in QUESTIONS:
        timed(title, [size.seconds[title] for size in sizes])
        timed("… for the first time", [size.first[title] for size in sizes])
    return rows


def parse() -> argparse.Namespace:
    parser = options.parser(__doc__, rounds=3)
    parser.add_argument("--millions", type=int, nargs="+", default=[10, 50, 100], help="how many records, in millions")
    parser.add_argument("--folder", type=Path, default=PROJECT / "target/flow-logs-large", help="where the pieces are")
    parser.add_argument("--questions", type=Path, help="the questions program of the same build")
    arguments = parser.parse_args()
    if any(millions <= 0 or millions * 1_000_000 % PIECE for millions in arguments.millions):
        parser.error("--millions: multiples of 10")
    return arguments


def main() -> None:
    arguments = parse()
    programs = Programs.named(arguments.flowdeck, arguments.questions)
    counts = [millions * 1_000_000 // PIECE for millions in sorted(set(arguments.millions))]
    pieces = [arguments.folder / f"seed-{seed}" for seed in range(1, counts[-1] + 1)]
    for seed, piece in enumerate(pieces, start=1):
        generate(programs.flowdeck, piece, PIECE, seed)
    rows = table([measure(programs, pieces[:count], arguments.rounds) for count in counts])
    if arguments.markdown:
        print(markdown(rows))
    else:
        columns(rows, sys.stdout)


if __name__ == "__main__":
    main()
