"""What flowdeck and DuckDB are asked in new processes: loads, questions straight from the files, and questions for
groups for the first time."""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .database import DuckDB
from .groups import PAIRS, SERVICES, Filter, Groups, amounts
from .programs import THREADS, Programs, Questions, log_files, memory_of_process, run
from .questions import DATABASES, SIDES, groupings
from .ratios import Figure, in_milliseconds, in_seconds, megabytes

LOADS = 5
REJECTED = "`action == REJECT`"
# What is asked straight from the files, of flowdeck's command line and of DuckDB.
COLD: dict[str, Groups | None] = {REJECTED: None, PAIRS.title: PAIRS, SERVICES.title: SERVICES}
COLD_SIDES = ("flowdeck", "plain")
# The question with the most groups: the first after the load, so that the peak is that of both.
MOST_GROUPS = SERVICES.title


@dataclass
class Found:
    """What the new processes measured, by side: the loads, and the questions straight from the files by title."""

    loads: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {side: [] for side in SIDES})
    cold: dict[str, dict[str, list[dict[str, Any]]]] = field(
        default_factory=lambda: {title: {side: [] for side in COLD_SIDES} for title in COLD}
    )


def in_turn(sides: tuple[str, ...], turn: int) -> tuple[str, ...]:
    """Another side first in each turn: it finds the caches as another question left them."""
    first = turn % len(sides)
    return sides[first:] + sides[:first]


def loads(programs: Programs, folder: Path, script: str) -> Found:
    """Asks all sides in turn; the first turn does not count. `script` calls `alone` for DuckDB."""

    def database(work: str) -> dict[str, Any]:
        command = [sys.executable, script, "--folder", str(folder), "--alone", work]
        answer: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        return answer

    found = Found()
    for turn in range(LOADS + 1):
        for side in in_turn(SIDES, turn):
            done = load_flowdeck(programs, folder) if side == "flowdeck" else database(side)
            if turn > 0:
                found.loads[side].append(done)
        for title in COLD:
            for side in in_turn(COLD_SIDES, turn):
                done = cold_flowdeck(programs, folder, title) if side == "flowdeck" else database(title)
                if turn > 0:
                    found.cold[title][side].append(done)
    print("  loads", file=sys.stderr)
    return found


def load_flowdeck(programs: Programs, folder: Path) -> dict[str, Any]:
    """Loads, and asks each question for groups of a process that was asked nothing else."""
    done: dict[str, Any] = {"first": {}, "answers": {}}
    for question in groupings():
        flowdeck = Questions(programs.questions, folder)
        done["first"][question.title], done["answers"][question.title] = flowdeck.ask(question.flowdeck)
        if question.title == MOST_GROUPS:
            done |= {**flowdeck.loaded, "peak": flowdeck.ask("peak")[1]}
        flowdeck.close()
    return done


def load_duckdb(database: DuckDB, table: str) -> dict[str, Any]:
    """Loads, and asks the questions for groups of the same process."""
    done: dict[str, Any] = {"seconds": database.load(table), "memory": database.memory(), "first": {}}
    done["resident"] = memory_of_process("VmRSS")
    for question in sorted(groupings(), key=lambda question: question.title != MOST_GROUPS):
        done["first"][question.title] = database.ask(getattr(question, table))[0]
        done.setdefault("peak", memory_of_process("VmHWM"))
    return {**done, "memory after": database.memory(), "resident after": memory_of_process("VmRSS")}


def cold_flowdeck(programs: Programs, folder: Path, title: str) -> dict[str, Any]:
    """Asks the command line."""
    groups = COLD[title]
    asked = ["query", "--count", "-f", "action == REJECT"] if groups is None else groups.arguments()
    done = run([str(programs.flowdeck), *asked, "--jobs", str(THREADS), str(folder)])
    measured = {"seconds": done.seconds, "peak": done.peak}
    if groups is None:
        return {**measured, "answer": int(done.output), "amounts": int(done.output)}
    answer = [groups.printed(json.loads(line)) for line in done.output.splitlines()]
    return {**measured, "answer": answer, "amounts": [row[-1] for row in answer]}


def cold_duckdb(database: DuckDB, title: str) -> dict[str, Any]:
    groups, files = COLD[title], database.straight()
    if groups is None:
        seconds, rows = database.ask(f"SELECT count(*) FROM {files} WHERE action = 'REJECT'")
        return {"seconds": seconds, "peak": memory_of_process("VmHWM"), "amounts": rows[0][0]}
    seconds, rows = database.ask(groups.timed(files, Filter()))
    return {"seconds": seconds, "peak": memory_of_process("VmHWM"), "amounts": amounts(rows)}


def alone(work: str, folder: Path) -> None:
    """What a process of its own does for `loads`: loads a table, or asks a question straight from the files."""
    database = DuckDB(log_files(folder))
    print(json.dumps(cold_duckdb(database, work) if work in COLD else load_duckdb(database, work)))


def compare(found: Found, flowdeck: Questions) -> None:
    """The answers must be those of `flowdeck`, which are compared with DuckDB's."""
    for question in groupings():
        expected = flowdeck.ask(question.flowdeck)[1]
        if any(load["answers"][question.title] != expected for load in found.loads["flowdeck"]):
            sys.exit(f"flowdeck: another answer in a new process: {question.title}")
    for title, groups in COLD.items():
        sides = found.cold[title]
        if groups is None:
            expected = flowdeck.ask("count action == REJECT")[1]
        else:
            expected = flowdeck.ask(groups.flowdeck(Filter()))[1][1]
        if any(done["answer"] != expected for done in sides["flowdeck"]):
            sys.exit(f"flowdeck: different answers from memory and straight from the files: {title}")
        if [done["amounts"] for done in sides["plain"]] != [done["amounts"] for done in sides["flowdeck"]]:
            sys.exit(f"different answers straight from the files: {title}")


def figures_of_loads(found: Found, records: int, after: list[int], packed: dict[str, int]) -> list[Figure]:
    """What the loads and the questions straight from the files took. `after` is flowdeck's memory after all questions,
    as it reports it and as the system does, and `packed` the size of DuckDB's compressed tables."""

    def loads(key: str, sides: tuple[str, ...] = SIDES) -> dict[str, list[float]]:
        return {side: [load[key] for load in found.loads[side]] for side in sides}

    def cold(title: str, key: str) -> dict[str, list[float]]:
        return {side: [done[key] for done in found.cold[title][side]] for side in COLD_SIDES}

    def each(**sides: int) -> dict[str, list[float]]:
        return {side: [value] * LOADS for side, value in sides.items()}

    def a_record(memory: float) -> str:
        return f"{memory / records:.0f} bytes"

    reported, resident = (each(flowdeck=value) for value in after)
    files = "straight from the files"
    most = MOST_GROUPS[0].lower() + MOST_GROUPS[1:]
    return [
        Figure("Load", loads("seconds"), in_seconds, (4.8, 1.0)),
        Figure("Memory a record, as the program reports it", loads("memory"), a_record),
        Figure("… after all questions", reported | loads("memory after", DATABASES), a_record),
        Figure("… with DuckDB's tables compressed", loads("memory", ("flowdeck",)) | each(**packed), a_record),
        Figure("Memory of the process", loads("resident"), megabytes),
        Figure("… after all questions", resident | loads("resident after", DATABASES), megabytes),
        Figure(f"{REJECTED} {files}", cold(REJECTED, "seconds"), in_seconds, (1.0, 0.0)),
        Figure(f"{PAIRS.title} {files}", cold(PAIRS.title, "seconds"), in_seconds, (2.5, 0.0)),
        Figure(f"{SERVICES.title} {files}", cold(SERVICES.title, "seconds"), in_seconds, (2.0, 0.0)),
        Figure("… peak memory of the process", cold(SERVICES.title, "peak"), megabytes, (1.0, 0.0)),
        Figure(f"Peak memory of loading, then {most}", loads("peak"), megabytes, (1.0, 0.0)),
    ]


def first_time(found: Found, title: str) -> Figure:
    values = {side: [load["first"][title] for load in found.loads[side]] for side in SIDES}
    return Figure("… for the first time", values, in_milliseconds)
