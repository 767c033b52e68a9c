#!/usr/bin/env python3
"""Asks flowdeck and DuckDB the same questions about the same flow logs, in turn.

    pip install duckdb
    python3 benches/duckdb.py [--records 10000000] [--folder DIR] [--rounds 6] [--markdown]

DuckDB answers twice: from a table as read_csv creates it, and from one with carefully chosen types (addresses and
times as integers, strings as enumerations). Both programs use two threads. benches/README.md describes the method.
"""

import argparse
import json
import os
import random
import statistics
import sys
import time
from pathlib import Path
from typing import Any, TextIO

import measuring  # noqa: F401

# This file has the name of the module that it needs.
sys.path = [entry for entry in sys.path if Path(entry or ".").resolve() != Path(__file__).resolve().parent]

from measuring import loads, options  # noqa: E402
from measuring.database import VERSION, DuckDB  # noqa: E402
from measuring.loads import Found, in_turn  # noqa: E402
from measuring.programs import PROJECT, Programs, Questions, generate, log_files  # noqa: E402
from measuring.questions import DATABASES, SIDES, Question, filtered, questions  # noqa: E402
from measuring.ratios import Figure, columns, in_milliseconds, markdown, milliseconds, spread, times  # noqa: E402

# How often the questions are asked of compressed tables.
COMPRESSED_ROUNDS = 3
# Larger tables are not sorted whole: that takes minutes, and all of the memory.
WHOLE_ROWS = 20_000_000


def measure(asked: list[Question], flowdeck: Questions, database: DuckDB, rounds: int) -> None:
    """Asks each question in turn, once to warm up and then `rounds` times; the answers must be equal."""
    chance = random.Random(1)
    for question in asked:
        first: Any = None
        for turn in range(rounds + 1):
            place = chance.randrange(question.places)
            answers: dict[str, Any] = {}
            for side in in_turn(SIDES, turn):
                text = getattr(question, side).replace("{place}", str(place))
                if side == "flowdeck":
                    seconds, whole = flowdeck.ask(text)
                    answers[side] = None if question.stays else question.part(whole)
                elif question.stays:
                    seconds, answers[side] = database.keep(text), None
                else:
                    seconds, rows = database.ask(text)
                    answers[side] = question.check(rows)
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


def figures(asked: list[Question], found: Found | None = None) -> list[Figure]:
    """What the questions took, and the questions for groups the first time."""
    made = []
    for question in asked:
        made.append(Figure(question.title, question.seconds, in_milliseconds, question.bar))
        if found and question.title in found.loads["flowdeck"][0]["first"]:
            made.append(loads.first_time(found, question.title))
    return made


def verdict(figure: Figure) -> str:
    if not any(figure.bar):
        return ""
    sides = zip(DATABASES, figure.bar, strict=True)
    missed = [side for side, least in sides if side in figure.values and figure.ratio(side) < least]
    return "pass" if not missed else f"FAIL against {' and '.join(missed)}"


def report(made: list[Figure], out: TextIO) -> None:
    printed = [["question", "flowdeck", "plain", "tuned", "plain/flowdeck", "tuned/flowdeck", "bar", ""]]
    for figure in made:
        cells = [figure.title]
        for side in SIDES:
            if figure.form == in_milliseconds and side in figure.values:
                cells.append(spread(figure.values[side]))
            else:
                cells.append(figure.median(side))
        cells += [times(figure.ratio(side)) if side in figure.values else "" for side in DATABASES]
        bar = ", ".join(f"{least:g}" for least in figure.bar) if any(figure.bar) else ""
        printed.append([*cells, bar, verdict(figure)])
    columns(printed, out)


def document(made: list[Figure]) -> str:
    """The table of docs/performance.md."""
    table = [["", "flowdeck", "DuckDB", "DuckDB, tuned", "DuckDB ÷ flowdeck"]]
    for figure in made:
        ratios = [times(figure.ratio(side)) for side in DATABASES if side in figure.values]
        table.append([figure.title, *(figure.median(side) for side in SIDES), ", ".join(ratios)])
    return markdown(table)


def extras(flowdeck: Questions, database: DuckDB, records: int, out: TextIO) -> None:
    """Questions that only one side can answer."""
    for text in ("action == REJECT", ""):
        seconds = statistics.median(flowdeck.ask(f"screen {text}")[0] for _ in range(5))
        print(f"List, timeline and breakdown of {text or 'everything'}: flowdeck {milliseconds(seconds)} ms", file=out)
    if records > WHOLE_ROWS:
        return
    for side in DATABASES:
        seconds = database.keep(f"SELECT * FROM {side} ORDER BY bytes DESC NULLS LAST")
        print(f"Everything by `bytes`, as a table of whole rows: {side} {seconds:.1f} s", file=out)


def compressed(flowdeck: Questions, database: DuckDB, out: TextIO) -> dict[str, int]:
    """Asks the questions of compressed tables; their sizes."""
    sizes = database.compress()
    asked = questions(database)
    measure(asked, flowdeck, database, COMPRESSED_ROUNDS)
    print(f"DuckDB's tables compressed in memory, {COMPRESSED_ROUNDS} rounds", file=out)
    report([Figure(figure.title, figure.values, figure.form) for figure in figures(asked)], out)
    return sizes


def parse() -> argparse.Namespace:
    parser = options.parser(__doc__, rounds=6)
    parser.add_argument("--records", type=options.positive, default=10_000_000, help="how many records to generate")
    parser.add_argument("--folder", type=Path, help="flow logs of version 2, IPv4; generated where there are none")
    parser.add_argument("--only", help="ask only the questions with this text in their title, and measure no loads")
    parser.add_argument("--questions", type=Path, help="the questions program of the same build")
    parser.add_argument("--alone", help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    arguments = parse()
    folder = arguments.folder or PROJECT / f"target/flow-logs-{arguments.records}"
    if arguments.alone:
        return loads.alone(arguments.alone, folder)
    programs = Programs.named(arguments.flowdeck, arguments.questions)
    generate(programs.flowdeck, folder, arguments.records)
    files = log_files(folder)

    began = time.perf_counter()
    found = None if arguments.only else loads.loads(programs, folder, __file__)
    database = DuckDB(files)
    for side in DATABASES:
        database.load(side)
    flowdeck = Questions(programs.questions, folder)
    records = flowdeck.loaded["records"]
    if any(records != database.one(f"SELECT count(*) FROM {side}") for side in DATABASES):
        sys.exit("the tables have different numbers of records")
    wanted = arguments.only or ""
    asked = [question for question in questions(database) if wanted in question.title]
    if not asked:
        sys.exit(f"no question has this in its title: {wanted}")
    measure(asked, flowdeck, database, arguments.rounds)
    measure([question for question in filtered(database) if wanted in question.title], flowdeck, database, 0)

    out = sys.stderr if arguments.markdown else sys.stdout
    made = figures(asked, found)
    if found:
        loads.compare(found, flowdeck)
        after = flowdeck.ask("memory")[1]
        extras(flowdeck, database, records, out)
        packed = compressed(flowdeck, database, out)
        made = loads.figures_of_loads(found, records, after, packed) + made
    minutes = (time.perf_counter() - began) / 60
    told = f"{records:,} records, DuckDB {VERSION}, {os.cpu_count()} cores, {arguments.rounds} rounds, {minutes:.0f} minutes"
    print(told, file=out)
    report(made, out)
    if arguments.markdown:
        print(document(made))
    flowdeck.close()


if __name__ == "__main__":
    main()
