#!/usr/bin/env python3
"""Asks flowdeck and DuckDB the same questions about the same flow logs, in turn.

    pip install duckdb
    cargo build --release
    python3 benches/duckdb.py [--records 10000000] [--folder DIR] [--rounds 7] [--markdown]

DuckDB answers twice: from a table as read_csv creates it, and from one with carefully chosen types (addresses and
times as integers, strings as enumerations). Both programs use two threads. benches/README.md describes the method.
"""

import argparse
import ipaddress
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

# This file has the name of the module that it needs.
sys.path = [entry for entry in sys.path if Path(entry or ".").resolve() != Path(__file__).resolve().parent]

import duckdb  # noqa: E402

PROJECT = Path(__file__).resolve().parent.parent
FLOWDECK = PROJECT / "target/release/flowdeck"
QUESTIONS = ["cargo", "bench", "--quiet", "--locked", "--bench", "questions", "--", "--folder"]
THREADS = 2
SIDES = ("flowdeck", "plain", "tuned")
# What flowdeck is to reach: three times as fast as the plain table, and no slower than the tuned one.
BAR = {"plain": 3.0, "tuned": 1.0}
PAGE = 50
SAMPLES = 20
LOADS = 5
# Larger tables are not sorted whole: that takes minutes, and all of the memory.
WHOLE_ROWS = 20_000_000

TUNED = {
    "version": "UTINYINT",
    "account-id": "accounts",
    "interface-id": "interfaces",
    "srcaddr": "VARCHAR",
    "dstaddr": "VARCHAR",
    "srcport": "USMALLINT",
    "dstport": "USMALLINT",
    "protocol": "UTINYINT",
    "packets": "UINTEGER",
    "bytes": "UBIGINT",
    "start": "UINTEGER",
    "end": "UINTEGER",
    "action": "actions",
    "log-status": "statuses",
}
WORDS = {"accounts": "account-id", "interfaces": "interface-id", "actions": "action", "statuses": "log-status"}
ADDRESSES = ("srcaddr", "dstaddr")

Answer = tuple[float, Any]


@dataclass
class Question:
    """One question in three forms. A form may have a {place}, another one in each round."""

    title: str
    flowdeck: str
    plain: str
    tuned: str
    # The rows of DuckDB in the form in which flowdeck gives its check.
    check: Callable[[list[tuple]], Any]
    # What to check a long result by, which then stays in DuckDB; asked once, off the clock.
    verify: str = ""
    # Below which number the place of a round is drawn.
    places: int = 1
    seconds: dict[str, list[float]] = field(default_factory=lambda: {side: [] for side in SIDES})


class Flowdeck:
    """The questions program, with the folder loaded."""

    def __init__(self, folder: Path) -> None:
        command = [*QUESTIONS, str(folder.resolve())]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, cwd=PROJECT, stdin=pipe, stdout=pipe, text=True)
        self.loaded = self.line()

    def line(self) -> dict:
        line = self.process.stdout.readline()
        if not line:
            sys.exit("the questions program ended early")
        return json.loads(line)

    def ask(self, question: str) -> Answer:
        self.process.stdin.write(question + "\n")
        self.process.stdin.flush()
        answer = self.line()
        return answer["seconds"], answer["check"]

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


class DuckDB:
    """A database in memory."""

    def __init__(self, folder: Path) -> None:
        self.files = f"'{folder}/**/*.log.gz', delim = ' ', header = true, nullstr = '-'"
        self.connection = duckdb.connect()
        self.connection.execute(f"SET threads = {THREADS}")

    def ask(self, query: str, fetch: bool = True) -> Answer:
        began = time.perf_counter()
        self.connection.execute(query)
        rows = self.connection.fetchall() if fetch else []
        return time.perf_counter() - began, rows

    def one(self, query: str) -> Any:
        return self.ask(query)[1][0][0]

    def load_plain(self) -> float:
        """The usual way: with the types that DuckDB infers."""
        return self.ask(f"CREATE TABLE plain AS SELECT * FROM read_csv({self.files})")[0]

    def load_tuned(self) -> float:
        """With the narrowest types. The values of the enumerations are collected before the clock starts."""
        for name, column in WORDS.items():
            words = f'SELECT DISTINCT "{column}" FROM read_csv({self.files}, all_varchar = true)'
            self.ask(f'CREATE TYPE {name} AS ENUM (SELECT "{column}" FROM ({words}) WHERE "{column}" NOT NULL)')
        types = ", ".join(f"'{name}': '{kind}'" for name, kind in TUNED.items())
        columns = ", ".join(f"{integer(name)} AS {name}" if name in ADDRESSES else f'"{name}"' for name in TUNED)
        files = f"read_csv({self.files}, auto_detect = false, columns = {{{types}}})"
        return self.ask(f"CREATE TABLE tuned AS SELECT {columns} FROM {files}")[0]

    def memory(self) -> int:
        """The size of the tables as DuckDB reports it."""
        return self.one("SELECT sum(memory_usage_bytes) FROM duckdb_memory() WHERE tag = 'IN_MEMORY_TABLE'")


def integer(address: str) -> str:
    """SQL for the integer of an IPv4 address in text."""
    parts = [f"split_part({address}, '.', {part + 1})::UINTEGER * {256 ** (3 - part)}" for part in range(4)]
    return f"({' + '.join(parts)})::UINTEGER"


def number(address: str) -> int:
    return int(ipaddress.IPv4Address(address))


def resident() -> int | None:
    """The resident memory of this process in bytes, on systems that report it."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return None
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmRSS:"))


def dotted(value: Any) -> Any:
    return str(ipaddress.IPv4Address(value)) if isinstance(value, int) else value


def in_network(column: str) -> str:
    """10.16.0.0/12 for addresses in text, in the way that DuckDB answers fastest."""
    return " OR ".join(f"{column} LIKE '10.{second}.%'" for second in range(16, 32))


def questions(database: DuckDB) -> list[Question]:
    records = database.one("SELECT count(*) FROM plain")
    rejected = database.one("SELECT count(*) FROM plain WHERE action = 'REJECT'")
    # An address that one record in a thousand comes from.
    groups = "SELECT srcaddr, count(*) AS n FROM plain WHERE srcaddr NOT NULL GROUP BY 1"
    address = database.one(f"SELECT srcaddr FROM ({groups}) ORDER BY abs(n - {records} / 1000), srcaddr LIMIT 1")
    low, high = number("10.16.0.0"), number("10.31.255.255")

    def count(title: str, plain: str, tuned: str = "") -> Question:
        select = "SELECT count(*) FROM {} WHERE {}"
        return Question(
            title=f"`{title}`",
            flowdeck=f"count {title}",
            plain=select.format("plain", plain),
            tuned=select.format("tuned", tuned or plain),
            check=lambda rows: rows[0][0],
        )

    def both(title: str, flowdeck: str, query: str, check: Callable[[list[tuple]], Any], **more: Any) -> Question:
        """A question that is put to both tables in the same words, with {table} for its name."""
        forms = {side: query.replace("{table}", side) for side in ("plain", "tuned")}
        return Question(title=title, flowdeck=flowdeck, check=check, **forms, **more)

    cells = 'SELECT start // 60 AS minute, "interface-id" AS interface, action, count(*) AS n FROM {table} GROUP BY ALL'
    word = "coalesce(action::VARCHAR, '-')"
    page = "SELECT * FROM {table} WHERE action = 'REJECT' ORDER BY start LIMIT 50 OFFSET {place}"
    places = ", ".join(str((records - 1) * sample // SAMPLES) for sample in range(SAMPLES + 1))
    sorted_bytes = "SELECT bytes, row_number() OVER (ORDER BY bytes DESC NULLS LAST) - 1 AS place FROM {table}"

    def starts(rows: list[tuple]) -> Any:
        return [rejected, [row[10] for row in rows]]

    turning = max(1, rejected - PAGE)
    return [
        count("action == REJECT", "action = 'REJECT'"),
        count(f"srcaddr == {address}", f"srcaddr = '{address}'", f"srcaddr = {number(address)}"),
        # Records of protocols without ports have port 0: DuckDB is spared the question that flowdeck asks of them.
        count("dstport in {22, 3389} and action == REJECT", "dstport IN (22, 3389) AND action = 'REJECT'"),
        count(
            "addr in 10.16.0.0/12",
            f"{in_network('srcaddr')} OR {in_network('dstaddr')}",
            f"srcaddr BETWEEN {low} AND {high} OR dstaddr BETWEEN {low} AND {high}",
        ),
        count("bytes > 1MB or packets < 3", "bytes > 1000000 OR packets < 3"),
        both(
            "Top 20 `srcaddr` by bytes",
            "top",
            "SELECT srcaddr, sum(bytes) FROM {table} GROUP BY 1 ORDER BY 2 DESC NULLS LAST LIMIT 20",
            lambda rows: [[dotted(address), int(total)] for address, total in rows],
        ),
        both(
            "Records by minute, interface and action",
            "minutes",
            f"SELECT count(*), sum(n) FROM ({cells})",
            lambda rows: [rows[0][0], int(rows[0][1]), list(rows[0][2])],
            verify=f"SELECT count(*), sum(n * n), max((n, minute, interface::VARCHAR, {word})) FROM ({cells})",
        ),
        both(
            "`action == REJECT`, sorted by `start`: the first page",
            "page {place} action == REJECT",
            page,
            starts,
            places=turning,
        ),
        both("… any other page", "next {place}", page, starts, places=turning),
        both(
            "All records by `bytes`, largest first (row ids)",
            "sort",
            "SELECT rowid FROM {table} ORDER BY bytes DESC NULLS LAST",
            lambda rows: [row[0] for row in rows],
            verify=f"SELECT bytes FROM ({sorted_bytes}) WHERE place IN ({places}) ORDER BY place",
        ),
    ]


def measure(questions: list[Question], flowdeck: Flowdeck, database: DuckDB, rounds: int) -> None:
    """Asks each question in turn, once to warm up and then `rounds` times; the answers must be equal."""
    chance = random.Random(1)
    for question in questions:
        for turn in range(rounds + 1):
            place = chance.randrange(question.places)
            checks = {}
            # Whoever comes first finds the caches as another question left them, so all come first in turn.
            for side in SIDES[turn % 3 :] + SIDES[: turn % 3]:
                text = getattr(question, side).replace("{place}", str(place))
                if side == "flowdeck":
                    seconds, checks[side] = flowdeck.ask(text)
                else:
                    seconds, rows = database.ask(text, fetch=not question.verify)
                    if question.verify:
                        rows = database.ask(question.verify.replace("{table}", side))[1] if turn == 0 else None
                    checks[side] = None if rows is None else question.check(rows)
                if turn > 0:
                    question.seconds[side].append(seconds)
            given = {json.dumps(check) for check in checks.values() if check is not None}
            if len(given) > 1:
                sys.exit(f"different answers to {question.title}: {json.dumps(checks, indent=1)}")
        print(f"  {question.title}", file=sys.stderr)


def loads(folder: Path) -> dict[str, list[dict]]:
    """Loads the folder some times with each, in turn, always in a new process; and asks one question cold."""
    found: dict[str, list[dict]] = {side: [] for side in (*SIDES, "cold flowdeck", "cold plain")}
    for _ in range(LOADS):
        flowdeck = Flowdeck(folder)
        found["flowdeck"].append(flowdeck.loaded)
        flowdeck.close()
        for kind in ("plain", "tuned", "cold plain"):
            command = [sys.executable, __file__, "--folder", str(folder), "--alone", kind]
            found[kind].append(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))
        began = time.perf_counter()
        command = [str(FLOWDECK), "query", "--count", "--jobs", str(THREADS), "-f", "action == REJECT", str(folder)]
        subprocess.run(command, check=True, capture_output=True)
        found["cold flowdeck"].append({"seconds": time.perf_counter() - began})
    print("  loads", file=sys.stderr)
    return found


def alone(kind: str, folder: Path) -> None:
    """What a process of its own does for `loads`."""
    database = DuckDB(folder)
    if kind == "cold plain":
        seconds = database.ask(f"SELECT count(*) FROM read_csv({database.files}) WHERE action = 'REJECT'")[0]
    else:
        seconds = database.load_plain() if kind == "plain" else database.load_tuned()
    print(json.dumps({"seconds": seconds, "memory": int(database.memory() or 0), "resident": resident()}))


def ratio(slower: list[float], faster: list[float]) -> float:
    """How many times as long the first took: the median over the rounds, each against the same round."""
    return statistics.median(slow / fast for slow, fast in zip(slower, faster, strict=True))


def milliseconds(seconds: float) -> str:
    value = seconds * 1e3
    return f"{value:.3f}" if value < 0.1 else f"{value:.2f}" if value < 10 else f"{value:,.0f}"


def times(value: float) -> str:
    return f"{value:,.0f} ×" if value >= 10 else f"{value:.1f} ×"


def verdict(question: Question) -> str:
    missed = [side for side, least in BAR.items() if ratio(question.seconds[side], question.seconds["flowdeck"]) < least]
    return "pass" if not missed else f"FAIL against {' and '.join(missed)}"


def table(questions: list[Question]) -> list[list[str]]:
    rows = [["question", "flowdeck ms", "plain ms", "tuned ms", "plain/flowdeck", "tuned/flowdeck", "bar"]]
    for question in questions:
        row = [question.title]
        for side in SIDES:
            seconds = question.seconds[side]
            least, most = milliseconds(min(seconds)), milliseconds(max(seconds))
            row.append(f"{milliseconds(statistics.median(seconds))} ({least}..{most})")
        row += [times(ratio(question.seconds[side], question.seconds["flowdeck"])) for side in BAR]
        rows.append([*row, verdict(question)])
    return rows


def markdown(questions: list[Question], found: dict[str, list[dict]], records: int) -> list[str]:
    lines = [
        "| | flowdeck | DuckDB | DuckDB, tuned | DuckDB ÷ flowdeck |",
        "| --- | --- | --- | --- | --- |",
    ]
    for title, key, form in load_rows(records):
        values = {side: [load[key] for load in found[side]] for side in SIDES}
        lines.append(line(title, values, form))
    cold = {side: [load["seconds"] for load in found[f"cold {side}"]] for side in ("flowdeck", "plain")}
    lines.append(line("`action == REJECT` straight from the files", cold, lambda seconds: f"{seconds:.1f} s"))
    for question in questions:
        lines.append(line(question.title, question.seconds, lambda seconds: f"{milliseconds(seconds)} ms"))
    return lines


def line(title: str, values: dict[str, list[float]], form: Callable[[float], str]) -> str:
    cells = [form(statistics.median(values[side])) if side in values else "" for side in SIDES]
    ratios = [times(ratio(values[side], values["flowdeck"])) for side in BAR if side in values]
    return f"| {title} | {' | '.join(cells)} | {', '.join(ratios)} |"


def load_rows(records: int) -> list[tuple[str, str, Callable[[float], str]]]:
    return [
        ("Load", "seconds", lambda seconds: f"{seconds:.1f} s"),
        ("Memory a record, as the program reports it", "memory", lambda memory: f"{memory / records:.0f} bytes"),
        ("Memory of the process", "resident", lambda memory: f"{memory / 1e6:,.0f} MB"),
    ]


def report(questions: list[Question], found: dict[str, list[dict]], records: int, out: TextIO) -> None:
    rows = table(questions)
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))]
        print("  ".join(cells).rstrip(), file=out)
    for title, key, form in load_rows(records):
        sides = (f"{side} {form(statistics.median(load[key] for load in found[side]))}" for side in SIDES)
        print(f"{title}: {', '.join(sides)}", file=out)
    cold = {side: statistics.median(load["seconds"] for load in found[f"cold {side}"]) for side in ("flowdeck", "plain")}
    sides = f"flowdeck {cold['flowdeck']:.2f} s, DuckDB {cold['plain']:.2f} s"
    print(f"`action == REJECT` straight from the files: {sides}", file=out)


def extras(flowdeck: Flowdeck, database: DuckDB, records: int, out: TextIO) -> None:
    """Questions that only one side can answer."""
    for text in ("action == REJECT", ""):
        seconds = statistics.median(flowdeck.ask(f"screen {text}")[0] for _ in range(5))
        print(f"List, timeline and breakdown of {text or 'everything'}: flowdeck {milliseconds(seconds)} ms", file=out)
    if records > WHOLE_ROWS:
        return
    for side in BAR:
        seconds = database.ask(f"CREATE TEMP TABLE whole AS SELECT * FROM {side} ORDER BY bytes DESC NULLS LAST")[0]
        database.ask("DROP TABLE whole")
        print(f"Everything by `bytes`, as a table of whole rows: {side} {seconds:.1f} s", file=out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=10_000_000, help="how many records to generate")
    parser.add_argument("--folder", type=Path, help="flow logs of version 2, IPv4; generated where there are none")
    parser.add_argument("--rounds", type=int, default=7, help="how often each question is asked")
    parser.add_argument("--markdown", action="store_true", help="print the table of docs/performance.md, and the rest to stderr")
    parser.add_argument("--alone", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    folder = arguments.folder or PROJECT / f"target/flow-logs-{arguments.records}"
    if arguments.alone:
        return alone(arguments.alone, folder)
    if not folder.exists():
        command = [str(FLOWDECK), "generate", "--records", str(arguments.records), "--seed", "1", str(folder)]
        subprocess.run(command, check=True, stdout=sys.stderr)

    found = loads(folder)
    database = DuckDB(folder)
    database.load_plain()
    database.load_tuned()
    flowdeck = Flowdeck(folder)
    records = flowdeck.loaded["records"]
    if records != database.one("SELECT count(*) FROM plain") or records != database.one("SELECT count(*) FROM tuned"):
        sys.exit("the tables have different numbers of records")
    asked = questions(database)
    measure(asked, flowdeck, database, arguments.rounds)
    out = sys.stderr if arguments.markdown else sys.stdout
    told = f"{records:,} records, DuckDB {duckdb.__version__}, {os.cpu_count()} cores, {arguments.rounds} rounds"
    print(told, file=out)
    report(asked, found, records, out)
    extras(flowdeck, database, records, out)
    if arguments.markdown:
        print("\n".join(markdown(asked, found, records)))
    flowdeck.close()


if __name__ == "__main__":
    main()
