"""Runs flowdeck, and measures the time and the memory of other programs."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

PROJECT = Path(__file__).resolve().parent.parent.parent
FLOWDECK = PROJECT / "target/release/flowdeck"
QUESTIONS = ("cargo", "bench", "--quiet", "--locked", "--bench", "questions", "--")
THREADS = 2

# Seconds, and the answer.
Answer = tuple[float, Any]


@dataclass(frozen=True)
class Programs:
    """The two programs of one build."""

    flowdeck: Path = FLOWDECK
    # The questions program, without its options.
    questions: tuple[str, ...] = QUESTIONS

    @classmethod
    def named(cls, flowdeck: Path | None, questions: Path | None) -> Self:
        """Those of another build, where they are given."""
        asked = (str(questions.resolve()),) if questions else QUESTIONS
        return cls((flowdeck or FLOWDECK).resolve(), asked)


@dataclass(frozen=True)
class Run:
    """A process that ran to its end."""

    seconds: float
    # The largest resident memory in bytes.
    peak: int
    output: str


def run(command: list[str], statuses: tuple[int, ...] = (0,)) -> Run:
    """Runs a command to its end. Only from a small process: on Linux the peak includes that of the starting process."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.stdout.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in statuses:
        sys.exit(f"exit status {process.returncode} of: {' '.join(command)[:200]}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Run(seconds, usage.ru_maxrss * unit, output)


def memory_of_process(name: str, process: int | str = "self") -> int | None:
    """The resident memory (VmRSS) or its peak (VmHWM) in bytes, on systems that report it."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return None
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith(f"{name}:"))


def generate(programs: Programs, folder: Path, records: int, seed: int = 1) -> None:
    """Generates flow logs in a folder that does not exist yet."""
    command = [str(programs.flowdeck), "generate", "--records", str(records), "--seed", str(seed), str(folder)]
    subprocess.run(command, check=True, stdout=sys.stderr)


class Questions:
    """The questions program, with some folders loaded."""

    def __init__(self, programs: Programs, *folders: Path) -> None:
        command = [*programs.questions, "--folder", *(str(folder.resolve()) for folder in folders)]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, cwd=PROJECT, stdin=pipe, stdout=pipe, text=True)
        self.loaded = self.line()

    def line(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            sys.exit("the questions program ended early")
        return json.loads(line)

    def ask(self, question: str) -> Answer:
        assert self.process.stdin is not None
        self.process.stdin.write(question + "\n")
        self.process.stdin.flush()
        answer = self.line()
        return answer["seconds"], answer["check"]

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()
