#!/usr/bin/env python3
"""Asks flowdeck and DuckDB the same questions about the same flow logs, in turn.

    pip install duckdb
    cargo build --release
    python3 benches/duckdb.py [--records 10000000] [--folder DIR] [--rounds 7] [--markdown]

DuckDB answers twice: from a table as read_csv creates it, and from one with carefully chosen types (addresses and
times as integers, strings as enumerations). Both programs use two threads. benches/README.md describes the method.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

import measuring  # noqa: F401

# This file has the name of the module that it needs.
sys.path = [entry for entry in sys.path if Path(entry or ".").resolve() != Path(__file__).resolve().parent]

from measuring.database import VERSION, DuckDB  # noqa: E402
from measuring.groups import PAIRS, SERVICES, Filter, Groups, amounts  # noqa: E402
from measuring.programs import PROJECT, THREADS, Programs, Questions, generate, memory_of_process, run  # noqa: E402
from measuring.questions import SIDES, Question, filtered, questions  # noqa: E402
from measuring.ratios import columns, in_milliseconds, in_seconds, markdown, megabytes, milliseconds, ratio, spread, times  # noqa: E402

LOADS = 5
# Larger tables are not sorted whole: that takes minutes, and all of the memory.
WHOLE_ROWS = 20_000_000
# What is asked straight from the files, in new processes.
COLD = {"pairs": PAIRS, "services": SERVICES}
REJECTED = "`action == REJECT` straight from the files"

# One measured thing: its title, the values of each side, how they are written, and the least ratios.
Row = tuple[str, dict[str, list[float]], Callable[[float], str], tuple[float, float]]


def measure(asked: list[Question], flowdeck: Questions, database: DuckDB, rounds: int) -> None:
    """Asks each question in turn, once to warm up and then `rounds` times; the answers must be equal."""
    chance = random.Random(1)
    for question in asked:
        first: Any = None
        for turn in range(rounds + 1):
            place = chance.randrange(question.places)
            answers = {}
            # Whoever comes first finds the caches as another question left them, so all come first in turn.
            for side in SIDES[turn % 3 :] + SIDES[: turn % 3]:
                text = getattr(question, side).replace("{place}", str(place))
                if side == "flowdeck":
                    seconds, whole = flowdeck.ask(text)
                    answers[side] = None if question.stays else question.part(whole)
                else:
                    seconds, rows = database.ask(text, fetch=not question.stays)
                    answers[side] = None if question.stays else question.check(rows)
                if turn > 0:
                    question.seconds[side].append(seconds)
            compare(question, answers)
            if turn == 0 and question.verify:
                first = whole
                verify(question, whole, database)
            elif question.verify:
                compare(question, {"the first answer": first, "another": whole})
        print(f"  {question.title}", file=sys.stderr)


def verify(question: Question, whole: Any, database: DuckDB) -> None:
    """Compares flowdeck's answer with what only serves the comparison, off the clock."""
    form = question.verified or question.check
    answers = {side: form(database.ask(question.verifying(side))[1]) for side in ("plain", "tuned")}
    compare(question, {"flowdeck": whole, **answers})


def compare(question: Question, answers: dict[str, Any]) -> None:
    if len({json.dumps(answer) for answer in answers.values()}) > 1:
        sys.exit(f"different answers to {question.title}: {json.dumps(answers, indent=1)}")


def loads(programs: Programs, folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Loads the folder some times with each, in turn, always in a new process; and asks some questions straight from
    the files."""
    cold = ("rejected", *COLD)
    found: dict[str, list[dict[str, Any]]] = {side: [] for side in SIDES}
    found |= {f"{side} {question}": [] for side in ("flowdeck", "plain") for question in cold}
    for _ in range(LOADS):
        flowdeck = Questions(programs, folder)
        flowdeck.ask(SERVICES.flowdeck(Filter()))
        found["flowdeck"].append({**flowdeck.loaded, "peak": flowdeck.ask("peak")[1]})
        flowdeck.close()
        for side in ("plain", "tuned"):
            found[side].append(in_new_process(folder, side))
        for question in cold:
            found[f"plain {question}"].append(in_new_process(folder, question))
            found[f"flowdeck {question}"].append(flowdeck_cold(programs, folder, question))
    for question in COLD:
        answers = {side: [load["amounts"] for load in found[f"{side} {question}"]] for side in ("flowdeck", "plain")}
        if answers["flowdeck"] != answers["plain"]:
            sys.exit(f"different answers straight from the files: {json.dumps(answers, indent=1)}")
    print("  loads", file=sys.stderr)
    return found


def flowdeck_cold(programs: Programs, folder: Path, question: str) -> dict[str, Any]:
    """Asks the command line."""
    jobs = ["--jobs", str(THREADS), str(folder)]
    if question == "rejected":
        asked = run([str(programs.flowdeck), "query", "--count", "-f", "action == REJECT", *jobs])
        return {"seconds": asked.seconds, "peak": asked.peak, "answer": int(asked.output)}
    groups = COLD[question]
    asked = run([str(programs.flowdeck), *groups.arguments(), *jobs])
    answer = [groups.printed(json.loads(line)) for line in asked.output.splitlines()]
    return {"seconds": asked.seconds, "peak": asked.peak, "answer": answer, "amounts": [row[-1] for row in answer]}


def in_new_process(folder: Path, work: str) -> dict[str, Any]:
    command = [sys.executable, __file__, "--folder", str(folder), "--alone", work]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def alone(work: str, folder: Path) -> None:
    """What a process of its own does for `loads`."""
    database = DuckDB(folder)
    done: dict[str, Any] = {}
    if work == "rejected":
        seconds, rows = database.ask(f"SELECT count(*) FROM {database.straight()} WHERE action = 'REJECT'")
        done = {"seconds": seconds, "answer": rows[0][0]}
    elif work in COLD:
        seconds, rows = database.ask(COLD[work].timed(database.straight(), Filter()))
        done = {"seconds": seconds, "amounts": amounts(rows)}
    else:
        seconds = database.load_plain() if work == "plain" else database.load_tuned()
        done = {"seconds": seconds, "memory": int(database.memory() or 0), "resident": memory_of_process("VmRSS")}
        database.ask(SERVICES.timed(work, Filter()))
    print(json.dumps({**done, "peak": memory_of_process("VmHWM")}))


def compare_cold(found: dict[str, list[dict[str, Any]]], flowdeck: Questions, rejected: int) -> None:
    """The answers of the command line must be those from memory, which are compared with DuckDB's."""
    for side in ("flowdeck", "plain"):
        if any(load["answer"] != rejected for load in found[f"{side} rejected"]):
            sys.exit(f"{side}: not {rejected} rejected records straight from the files")
    for name, groups in COLD.items():
        expected = flowdeck.ask(groups.flowdeck(Filter()))[1][1]
        if any(load["answer"] != expected for load in found[f"flowdeck {name}"]):
            sys.exit(f"flowdeck: different answers from memory and straight from the files: {groups.title}")


def load_rows(found: dict[str, list[dict[str, Any]]], records: int) -> list[Row]:
    def loaded(title: str, key: str, form: Callable[[float], str], bar: tuple[float, float] = (0.0, 0.0)) -> Row:
        return title, {side: [load[key] for load in found[side]] for side in SIDES}, form, bar

    def cold(title: str, question: str, key: str, form: Callable[[float], str], bar: float) -> Row:
        sides = ("flowdeck", "plain")
        return title, {side: [load[key] for load in found[f"{side} {question}"]] for side in sides}, form, (bar, 0.0)

    def asked(question: str) -> str:
        return f"{COLD[question].title} straight from the files"

    return [
        loaded("Load", "seconds", in_seconds, (4.8, 1.0)),
        loaded("Memory a record, as the program reports it", "memory", lambda memory: f"{memory / records:.0f} bytes"),
        loaded("Memory of the process", "resident", megabytes),
        cold(REJECTED, "rejected", "seconds", in_seconds, 1.0),
        cold(asked("pairs"), "pairs", "seconds", in_seconds, 2.5),
        cold(asked("services"), "services", "seconds", in_seconds, 2.0),
        cold("… peak memory of the process", "services", "peak", megabytes, 1.0),
        loaded(f"Peak memory of loading, then {short(SERVICES)}", "peak", megabytes, (1.0, 0.0)),
    ]


def short(groups: Groups) -> str:
    return groups.title[0].lower() + groups.title[1:]


def rows_of(asked: list[Question], found: dict[str, list[dict[str, Any]]], records: int) -> list[Row]:
    """Everything measured, in the order of docs/performance.md."""
    rows = load_rows(found, records) if found else []
    return rows + [(question.title, question.seconds, in_milliseconds, question.bar) for question in asked]


def verdict(values: dict[str, list[float]], bar: tuple[float, float]) -> str:
    sides = zip(("plain", "tuned"), bar, strict=True)
    missed = [side for side, least in sides if side in values and ratio(values[side], values["flowdeck"]) < least]
    return "pass" if not missed else f"FAIL against {' and '.join(missed)}"


def report(rows: list[Row], out: TextIO) -> None:
    printed = [["question", "flowdeck", "plain", "tuned", "plain/flowdeck", "tuned/flowdeck", "bar", ""]]
    for title, values, form, bar in rows:
        cells = [title]
        for side in SIDES:
            if form == in_milliseconds and side in values:
                cells.append(spread(values[side]))
            else:
                cells.append(form(statistics.median(values[side])) if side in values else "")
        for side in ("plain", "tuned"):
            cells.append(times(ratio(values[side], values["flowdeck"])) if side in values else "")
        printed.append([*cells, ", ".join(f"{least:g}" for least in bar), verdict(values, bar)])
    columns(printed, out)


def document(rows: list[Row]) -> str:
    """The table of docs/performance.md."""
    table = [["", "flowdeck", "DuckDB", "DuckDB, tuned", "DuckDB ÷ flowdeck"]]
    for title, values, form, _ in rows:
        cells = [form(statistics.median(values[side])) if side in values else "" for side in SIDES]
        ratios = [times(ratio(values[side], values["flowdeck"])) for side in ("plain", "tuned") if side in values]
        table.append([title, *cells, ", ".join(ratios)])
    return markdown(table).replace("|  | flowdeck", "| | flowdeck", 1)


def extras(flowdeck: Questions, database: DuckDB, records: int, out: TextIO) -> None:
    """Questions that only one side can answer."""
    for text in ("action == REJECT", ""):
        seconds = statistics.median(flowdeck.ask(f"screen {text}")[0] for _ in range(5))
        print(f"List, timeline and breakdown of {text or 'everything'}: flowdeck {milliseconds(seconds)} ms", file=out)
    if records > WHOLE_ROWS:
        return
    for side in ("plain", "tuned"):
        seconds = database.ask(f"CREATE TEMP TABLE whole AS SELECT * FROM {side} ORDER BY bytes DESC NULLS LAST")[0]
        database.ask("DROP TABLE whole")
        print(f"Everything by `bytes`, as a table of whole rows: {side} {seconds:.1f} s", file=out)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=10_000_000, help="how many records to generate")
    parser.add_argument("--folder", type=Path, help="flow logs of version 2, IPv4; generated where there are none")
    parser.add_argument("--rounds", type=int, default=7, help="how often each question is asked")
    parser.add_argument("--only", help="ask only the questions that have this text in their title, and measure no loads")
    parser.add_argument(
        "--markdown", action="store_true", help="print the table of docs/performance.md, and the rest to stderr"
    )
    parser.add_argument("--flowdeck", type=Path, help="the program to measure, if not target/release/flowdeck")
    parser.add_argument("--questions", type=Path, help="its questions program, if not that of `cargo bench`")
    parser.add_argument("--alone", help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    arguments = parse()
    folder = arguments.folder or PROJECT / f"target/flow-logs-{arguments.records}"
    if arguments.alone:
        return alone(arguments.alone, folder)
    programs = Programs.named(arguments.flowdeck, arguments.questions)
    if not folder.exists():
        generate(programs, folder, arguments.records)

    began = time.perf_counter()
    found = {} if arguments.only else loads(programs, folder)
    database = DuckDB(folder)
    database.load_plain()
    database.load_tuned()
    flowdeck = Questions(programs, folder)
    records = flowdeck.loaded["records"]
    if records != database.one("SELECT count(*) FROM plain") or records != database.one("SELECT count(*) FROM tuned"):
        sys.exit("the tables have different numbers of records")
    wanted = arguments.only or ""
    asked = [question for question in questions(database) if wanted in question.title]
    measure(asked, flowdeck, database, arguments.rounds)
    measure([question for question in filtered(database) if wanted in question.title], flowdeck, database, 0)
    if found:
        compare_cold(found, flowdeck, database.one("SELECT count(*) FROM plain WHERE action = 'REJECT'"))
    out = sys.stderr if arguments.markdown else sys.stdout
    minutes = (time.perf_counter() - began) / 60
    told = f"{records:,} records, DuckDB {VERSION}, {os.cpu_count()} cores, {arguments.rounds} rounds, {minutes:.0f} minutes"
    print(told, file=out)
    rows = rows_of(asked, found, records)
    report(rows, out)
    if found:
        extras(flowdeck, database, records, out)
    if arguments.markdown:
        print(document(rows))
    flowdeck.close()


if __name__ == "__main__":
    main()
